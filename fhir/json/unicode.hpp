// Characters: the checks that the JSON reader makes before it reads (UTF-8, the surrogates of \u escapes), and what a
// text from outside may not show or hide from its reader. Reentrant.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace mainstay::fhir::json {

/// Offset of the first byte that does not begin or continue a well-formed character (Unicode 15, table 3-7: no overlong
/// form, no surrogate, nothing above U+10FFFF), or npos.
std::size_t find_invalid_utf8(std::string_view text);

/// Offset of the first `\u` escape that is half of a surrogate pair without the other half, or npos.
/// Every backslash of a JSON text is inside a string, so that strings need not be told from the rest.
std::size_t find_lone_surrogate(std::string_view text);

/// Does this byte of a UTF-8 text go on with a character that another one began?
constexpr bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// Characters of a UTF-8 text.
constexpr std::size_t count_characters(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues_character));
}

/// The whole characters at the front of a UTF-8 text that take no more than `bytes`.
constexpr std::string_view cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && continues_character(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

/// A character and how many bytes it takes in UTF-8.
struct character {
  static constexpr char32_t replacement = 0xFFFD;
  char32_t value = replacement;
  std::size_t size = 1;
  bool well_formed = false;
};

/// The first character of a text that is not empty; a byte that is not UTF-8 is one replacement character.
character first_character(std::string_view text);

/// Appends a character in UTF-8; `c` is a Unicode scalar value.
void append_character(std::string& to, char32_t c);

/// C0, DEL and C1 (U+0000 to U+001F, U+007F to U+009F): they steer a terminal.
constexpr bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F); }

/// An embedding, override or isolate (Unicode UAX 9): what follows is shown in another order than it is read.
constexpr bool is_reordering(char32_t c) { return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069); }

/// Shows nothing, or changes how the rest is shown: controls, reordering and direction marks, zero width, soft hyphens,
/// tags. Variation selectors are left alone.
constexpr bool is_hidden(char32_t c) {
  return is_control(c) || is_reordering(c) || c == 0xAD || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

}  // namespace mainstay::fhir::json
