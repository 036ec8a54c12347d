// The lines of a text as YAML counts them (1.2.2, 5.4): they end with LF, CR LF, or CR alone. Used where a place in a file is
// told or shown.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mainstay::rules {

/// The line at a byte.
struct text_line {
  unsigned number = 1;     ///< from 1
  std::size_t begin = 0;   ///< its first byte
  std::string_view text;   ///< without its end
};
/// The line that holds the byte at `offset`, which may be the text's end.
text_line line_at(std::string_view text, std::size_t offset);
/// The line of a number; nothing where the text has fewer.
std::optional<text_line> line_of(std::string_view text, unsigned number);

}  // namespace mainstay::rules
