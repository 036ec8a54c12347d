// A media type as in `Content-Type` (RFC 9110 8.3.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mainstay::cds::http {

struct media_type {
  std::string name;     ///< "application/json", lower-case
  std::string charset;  ///< lower-case, or empty where the parameter is absent
};

/// Nothing where the value is not a media type with well-formed parameters, or gives `charset` twice. Other parameters
/// (`fhirVersion=4.0`) are read over.
std::optional<media_type> parse_media_type(std::string_view value);

}  // namespace mainstay::cds::http
