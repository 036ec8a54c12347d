// The wire of CDS Hooks 2.0.1: discovery, request, response, errors. Nothing else knows their JSON.
#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/client/client.hpp"
#include "fhir/json/document.hpp"
#include "rules/advice/advice.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::cds::hooks {

/// Code systems of our own: error codes in details.coding, a card's source.topic.
inline constexpr std::string_view error_system = "urn:mainstay:error";
inline constexpr std::string_view topic_system = "urn:mainstay:topic";

/// An answer other than 200: status, machine code, a sentence that helps, where in the body. Never holds a value of the
/// request.
struct error {
  unsigned status = 400;
  std::string code;     ///< "invalid_json", "missing_field", "wrong_hook", "foreign_patient", "unknown_service"...
  std::string message;
  std::string pointer;  ///< JSON pointer or empty
};
[[noreturn]] void throw_exception_from_error(const error& e, const boost::source_location& where);
/// One OperationOutcome (FHIR R4) as JSON text: the shape of every error body.
std::string to_operation_outcome(const error& e);

/// A hook request; keeps its document, which a chart may share. `prefetch` points into it, or is null where there is none.
struct request {
  explicit request(fhir::json::document d) : body(std::make_shared<const fhir::json::document>(std::move(d))) {}
  std::shared_ptr<const fhir::json::document> body;
  std::string hook, hook_instance, patient_id, user_id, encounter_id, fhir_server, token_type;
  fhir::client::secret access_token;
  std::optional<std::chrono::milliseconds> token_lifetime;  ///< `expires_in`, from when the request came
  const fhir::json::node* prefetch = nullptr;
};
/// Reads a request body for a service (CDS Hooks 2.0.1, "Calling a CDS Service"); unknown members are ignored. No 64-character limit
/// on ids of drafts; `context.patientId` must be a FHIR id.
boost::system::result<request, error> parse(std::string body, const rules::service& service);

/// GET /cds-services of a pack: services with prefetch templates.
std::string discovery(const rules::pack& p);

/// {"cards": [...]}: each with a version 5 UUID (RFC 9562 5.5) of hookInstance, service and topic.
std::string response(const std::vector<rules::card_content>& cards, std::string_view hook_instance, std::string_view service_id);
/// Version 5 UUID (RFC 9562 section 5.5) of a name in our namespace, in lower case without `urn:uuid:`.
std::string uuid_v5(std::string_view name);
std::string uuid_v5(std::span<const unsigned char, 16> name_space, std::string_view name);

}  // namespace mainstay::cds::hooks
