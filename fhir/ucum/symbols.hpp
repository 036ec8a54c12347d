// Finds the row of a symbol, with or without a prefix, by tables made when Mainstay is built. Private to fhir/ucum.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "fhir/ucum/rows.hpp"

namespace mainstay::fhir::ucum {

inline constexpr std::uint16_t no_row = 0xFFFF;

constexpr bool takes_prefix(const row& r) {
  return r.kind == kind::base || r.kind == kind::metric || r.kind == kind::metric_arbitrary ||
         r.kind == kind::metric_special;
}
constexpr bool is_special(const row& r) {
  return r.special != function::none;
}

constexpr std::size_t slot_of(std::string_view symbol) {
  std::uint32_t hash = static_cast<std::uint32_t>(symbol.size());
  for (const char c : symbol) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193u;
  return (hash ^ (hash >> 15)) % 2048;
}

/// Row numbers by slot; a slot that is taken hands on to the next.
inline constexpr auto slots = [] {
  std::array<std::uint16_t, 2048> result{};
  for (auto& s : result) s = no_row;
  for (std::uint16_t i = 0; i < rows.size(); ++i) {
    std::size_t at = slot_of(rows[i].symbol);
    while (result[at] != no_row) at = (at + 1) % result.size();
    result[at] = i;
  }
  return result;
}();

constexpr std::uint16_t find_row(std::string_view symbol) {
  for (std::size_t at = slot_of(symbol); slots[at] != no_row; at = (at + 1) % slots.size())
    if (rows[slots[at]].symbol == symbol) return slots[at];
  return no_row;
}

constexpr std::uint8_t no_prefix = 0xFF;

constexpr std::uint8_t find_prefix(std::string_view symbol) {
  for (std::uint8_t i = 0; i < prefixes.size(); ++i)
    if (prefixes[i].symbol == symbol) return i;
  return no_prefix;
}

/// Prefixes of one character, by that character.
inline constexpr auto short_prefixes = [] {
  std::array<std::uint8_t, 128> result{};
  for (auto& p : result) p = no_prefix;
  for (std::uint8_t i = 0; i < prefixes.size(); ++i)
    if (prefixes[i].symbol.size() == 1) result[static_cast<unsigned char>(prefixes[i].symbol[0])] = i;
  return result;
}();

struct found_symbol {
  std::uint16_t row = no_row;
  std::uint8_t prefix = no_prefix;
  bool not_metric = false;  ///< `kmin`: a prefix before a unit that takes none
};

/// An atom by itself comes before a prefix and an atom: `cd` is candela. No text can be read in two ways with a prefix.
constexpr found_symbol find_symbol(std::string_view text) {
  found_symbol found{find_row(text)};
  if (found.row != no_row || text.size() < 2) return found;
  const auto try_prefix = [&](std::uint8_t prefix, std::size_t length) {
    if (prefix == no_prefix) return false;
    const std::uint16_t row = find_row(text.substr(length));
    if (row == no_row) return false;
    if (!takes_prefix(rows[row])) {
      found.not_metric = true;
      return false;
    }
    found = {row, prefix, false};
    return true;
  };
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 128 && try_prefix(short_prefixes[first], 1)) return found;
  if (text.size() > 2 && (text[1] == 'a' || text[1] == 'i')) try_prefix(find_prefix(text.substr(0, 2)), 2);
  return found;
}

}  // namespace mainstay::fhir::ucum
