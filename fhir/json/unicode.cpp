#include "fhir/json/unicode.hpp"

#include <cstdint>
#include <cstring>

namespace mainstay::fhir::json {
namespace {

constexpr std::size_t npos = std::string_view::npos;

unsigned byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

/// Bytes of the well-formed character at i, or 0.
std::size_t character_length(std::string_view text, std::size_t i) {
  const unsigned lead = byte_at(text, i);
  const auto continues = [&](std::size_t at) { return (byte_at(text, at) & 0xC0u) == 0x80u; };
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  if (lead < 0xE0) return continues(i + 1) ? 2 : 0;
  const unsigned second = byte_at(text, i + 1);
  // The second byte's range tells overlong forms, surrogates and what lies above U+10FFFF.
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (second < low || second > high || !continues(i + 2)) return 0;
  if (lead < 0xF0) return 3;
  return continues(i + 3) ? 4 : 0;
}

/// The value of four hexadecimal digits at i, or -1.
int hex4(std::string_view text, std::size_t i) {
  if (i + 4 > text.size()) return -1;
  int value = 0;
  for (const char c : text.substr(i, 4)) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

}  // namespace

std::size_t find_invalid_utf8(std::string_view text) {
  constexpr std::size_t stride = 64;
  std::size_t i = 0;
  while (i < text.size()) {
    // ASCII in blocks: the compiler makes vector instructions of the inner loop.
    while (i + stride <= text.size()) {
      std::uint64_t any = 0;
      for (std::size_t k = 0; k < stride; k += 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + i + k, sizeof word);
        any |= word;
      }
      if ((any & 0x8080808080808080u) != 0) break;
      i += stride;
    }
    const std::size_t end = i + stride < text.size() ? i + stride : text.size();
    while (i < end) {
      const std::size_t length = character_length(text, i);
      if (length == 0) return i;
      i += length;
    }
  }
  return npos;
}

std::size_t find_lone_surrogate(std::string_view text) {
  for (std::size_t i = text.find('\\'); i != npos; i = text.find('\\', i)) {
    if (byte_at(text, i + 1) != 'u') {
      i += 2;
      continue;
    }
    const int unit = hex4(text, i + 2);
    if (unit < 0) return npos;  // not JSON: the reader says what is wrong
    if (unit >= 0xDC00 && unit <= 0xDFFF) return i;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
      const int low = text.substr(i + 6, 2) == "\\u" ? hex4(text, i + 8) : -1;
      if (low < 0xDC00 || low > 0xDFFF) return i;
      i += 6;
    }
    i += 6;
  }
  return npos;
}

character first_character(std::string_view text) {
  const std::size_t size = character_length(text, 0);
  if (size == 0) return {};
  if (size == 1) return {byte_at(text, 0), 1, true};
  // The lead byte has its value below as many ones as the character has bytes, and a zero.
  char32_t value = byte_at(text, 0) & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) value = value << 6 | (byte_at(text, i) & 0x3Fu);
  return {value, size, true};
}

void append_character(std::string& to, char32_t c) {
  const auto add = [&](char32_t byte) { to.push_back(static_cast<char>(byte)); };
  const auto rest = [&](unsigned shift) { add(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    add(c);
  } else if (c < 0x800) {
    add(0xC0 | c >> 6), rest(0);
  } else if (c < 0x10000) {
    add(0xE0 | c >> 12), rest(6), rest(0);
  } else {
    add(0xF0 | c >> 18), rest(12), rest(6), rest(0);
  }
}

}  // namespace mainstay::fhir::json
