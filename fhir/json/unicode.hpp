// The checks of characters that the JSON reader makes before it reads: UTF-8 and the surrogates of \u escapes.
#pragma once

#include <cstddef>
#include <string_view>

namespace mainstay::fhir::json {

/// Offset of the first byte that does not begin or continue a well-formed character (Unicode 15, table 3-7: no overlong
/// form, no surrogate, nothing above U+10FFFF), or npos.
std::size_t find_invalid_utf8(std::string_view text);

/// Offset of the first `\u` escape that is half of a surrogate pair without the other half, or npos.
/// Every backslash of a JSON text is inside a string, so that strings need not be told from the rest.
std::size_t find_lone_surrogate(std::string_view text);

}  // namespace mainstay::fhir::json
