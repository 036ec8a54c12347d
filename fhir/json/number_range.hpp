// Is a JSON number within the range of a double? Used by the reader, which keeps numbers as text.
#pragma once

#include <string_view>

namespace mainstay::fhir::json {

/// False where the number rounds to an infinite double; too small a number is 0 and fits. `text` is a JSON number.
bool fits_double(std::string_view text);

}  // namespace mainstay::fhir::json
