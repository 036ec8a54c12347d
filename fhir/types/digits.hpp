// Numbers of a fixed count of digits, as dates and times have them. Used by the readers and printers of types.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mainstay::fhir {

/// The value of one to nine digits; no value for anything else.
constexpr std::optional<unsigned> read_digits(std::string_view text) {
  if (text.empty() || text.size() > 9) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value;
}

/// Appends `value` with zeros in front up to `width`.
inline void append_digits(std::string& out, unsigned value, unsigned width) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

}  // namespace mainstay::fhir
