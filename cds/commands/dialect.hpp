// How clients in use write a hook request, so that `mainstay call` can be each of them. Facts of each dialect are in docs/dialects.md.
// Pure but for the random numbers of hookInstance and jti.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cds/commands/jwt.hpp"
#include "fhir/client/client.hpp"

namespace mainstay::cds::commands {

/// One client's way. Everything that differs between clients is a member here.
struct dialect {
  enum class server { without_prefetch, always, never };  ///< is `fhirServer` named?
  enum class pages { joined, first };                     ///< of a search in prefetch
  std::string_view name;
  std::string_view accept;          ///< header of discovery and call
  std::string_view user;            ///< context.userId where none is given
  std::string_view encounter;       ///< context.encounterId, or empty
  server names_server;
  bool always_prefetches;
  pages sends;
  bool null_for_nothing;            ///< of a key without an answer: null, else it is left out
  unsigned uuid_version;            ///< of hookInstance
  long token_seconds;               ///< fhirAuthorization.expires_in
  std::string_view scope;           ///< fhirAuthorization.scope
  std::optional<jwt_algorithm> signs;  ///< the Authorization header of discovery and call
};
std::span<const dialect> dialects();
/// nullptr for an unknown name.
const dialect* find_dialect(std::string_view name);

/// What a request is made of besides the dialect.
struct hook_call {
  std::string hook, patient, user, fhir;
  fhir::client::secret token;  ///< for the FHIR server; empty: none
  std::optional<std::vector<std::pair<std::string, std::string>>> prefetch;  ///< key and JSON text; none: not sent
};
/// The body of the POST, as JSON text.
std::string request_body(const dialect& d, const hook_call& c);
/// The bearer token for a call of `url`, signed with a key made for it; empty where the dialect sends none. `fhir` names an EHR
/// that has no name of its own.
fhir::client::secret bearer_for(const dialect& d, const std::string& url, const std::string& fhir);

/// A random UUID of version 1 (its time and node are random) or 4: RFC 9562 sections 5.1 and 5.4.
std::string random_uuid(unsigned version);

}  // namespace mainstay::cds::commands
