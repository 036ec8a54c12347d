#include "fhir/client/retry_after.hpp"

#include <curl/curl.h>

#include <algorithm>

namespace mainstay::fhir::client {

std::optional<std::chrono::seconds> retry_after(const std::string& header, std::time_t now) {
  constexpr long long day = 86400;
  if (header.empty()) return std::nullopt;
  if (std::all_of(header.begin(), header.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    if (header.size() > 5) return std::nullopt;
    const long long seconds = std::stoll(header);
    return seconds <= day ? std::optional(std::chrono::seconds(seconds)) : std::nullopt;
  }
  // curl_getdate guesses at many forms; an HTTP date begins with the name of a day.
  if (header.front() < 'A' || header.front() > 'Z') return std::nullopt;
  const std::time_t at = curl_getdate(header.c_str(), nullptr);
  if (at == -1) return std::nullopt;
  const long long seconds = std::max(0LL, static_cast<long long>(at) - static_cast<long long>(now));
  return seconds <= day ? std::optional(std::chrono::seconds(seconds)) : std::nullopt;
}

}  // namespace mainstay::fhir::client
