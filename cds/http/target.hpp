// The request target: which bytes of a URL the gate lets through.
#pragma once

#include <string_view>

namespace mainstay::cds::http {

/// Absolute path of an origin-form target, before `?`: characters of RFC 3986 3.3, valid escapes, no empty, `.` or `..`
/// segment (a trailing slash is fine), no escape of `/`, `\`, `%`, `.` or a control character. The stricter half is
/// ours: a proxy that decodes once more or less than we do must not see another path.
bool is_safe_path(std::string_view path);

/// What follows `?`: characters of RFC 3986 3.4 and the `|` of FHIR tokens, which many callers leave bare; valid
/// escapes, none of a control character.
bool is_safe_query(std::string_view query);

}  // namespace mainstay::cds::http
