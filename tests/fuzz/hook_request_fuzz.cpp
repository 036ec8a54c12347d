// Any bytes as the body of a hook call: a request whose patient and token can do no harm further on, or an OperationOutcome.
#include <algorithm>
#include <cstdint>
#include <string>

#include "cds/hooks/hooks.hpp"
#include "fhir/search/reference.hpp"
#include "target.hpp"

using namespace mainstay;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rules::service service{"options", "patient-view", "", "", {}};
  const auto r = cds::hooks::parse(std::string(reinterpret_cast<const char*>(data), size), service);
  if (!r) {
    const auto& e = r.error();
    require(e.status == 400 && !e.code.empty() && !e.message.empty());
    const auto outcome = fhir::json::parse(cds::hooks::to_operation_outcome(e));
    require(outcome && outcome->root().string("resourceType") == "OperationOutcome");
    return 0;
  }
  require(r->hook == service.hook && !r->hook_instance.empty() && fhir::is_id(r->patient_id));
  const auto& token = r->access_token.reveal();
  require(std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; }));
  require(token.empty() || !r->fhir_server.empty());
  if (r->token_lifetime) require(r->token_lifetime->count() >= 0 && *r->token_lifetime <= std::chrono::hours(24));
  if (r->prefetch != nullptr) require(r->prefetch->is_object());
  return 0;
}
