// The hook request that is measured: an example patient's prefetch, with enough earlier results to weigh 36 kB.
#pragma once

#include <string>

#include "fhir/client/client.hpp"

namespace mainstay::bench {

inline constexpr std::string_view service_path = "/cds-services/maintenance-options";
inline constexpr std::string_view patient = "example-to-confirm";

/// Fills the service's prefetch templates from its FHIR server, then repeats the searches' own Observations under other
/// ids until the request has `size` bytes. Throws std::runtime_error when one of the two servers does not answer.
std::string make_prefetch_request(fhir::client::client& client, const std::string& service, const std::string& fhir,
                                  std::size_t size);
/// The same call without prefetch.
std::string make_fetch_request(const std::string& fhir);

}  // namespace mainstay::bench
