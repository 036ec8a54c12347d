// The Retry-After header of 429 and 503 (RFC 9110, 10.2.3).
#pragma once

#include <chrono>
#include <ctime>
#include <optional>
#include <string>

namespace mainstay::fhir::client {

/// How long to wait: delay-seconds, or an HTTP date seen from `now` (a past one: at once). Nothing where the text is
/// neither, or further away than a day.
std::optional<std::chrono::seconds> retry_after(const std::string& header, std::time_t now);

}  // namespace mainstay::fhir::client
