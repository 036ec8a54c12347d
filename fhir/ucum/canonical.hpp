// The grammar's sink that builds a unit's canonical form, at build time for the table and at run time for texts.
// Private to fhir/ucum.
#pragma once

#include <cstdint>
#include <string_view>

#include "fhir/ucum/grammar.hpp"
#include "fhir/ucum/symbols.hpp"

namespace mainstay::fhir::ucum {

/// Brackets that the sink can remember.
inline constexpr int most_depth = 64;

inline constexpr auto prefix_factors = [] {
  std::array<factor, prefixes.size()> result;
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = *read_factor(prefixes[i].value);
  return result;
}();

/// `into` x f^exponent.
constexpr void scale_by(unit& into, const factor& f, std::int32_t exponent) {
  const auto raised = power(f, exponent);
  const auto product = raised ? multiply(into.scale, *raised) : std::nullopt;
  if (product) {
    into.scale = *product;
  } else {
    into.out_of_range = true;
  }
}

constexpr bool add_exponent(std::int16_t& to, std::int64_t more) {
  const std::int64_t sum = to + more;
  if (sum > INT16_MAX || sum < INT16_MIN) return false;
  to = static_cast<std::int16_t>(sum);
  return true;
}

/// Adds to the exponent of one arbitrary unit, sorted by symbol, without those that cancel out.
constexpr bool add_arbitrary(std::array<arbitrary_power, 4>& powers, std::uint16_t symbol, std::int64_t exponent) {
  std::size_t used = 0;
  while (used < powers.size() && powers[used].exponent != 0) ++used;
  std::size_t at = 0;
  while (at < used && powers[at].symbol < symbol) ++at;
  if (at < used && powers[at].symbol == symbol) {
    if (!add_exponent(powers[at].exponent, exponent)) return false;
    if (powers[at].exponent != 0) return true;
    for (std::size_t i = at; i + 1 < used; ++i) powers[i] = powers[i + 1];
    powers[used - 1] = {};
    return true;
  }
  arbitrary_power added{symbol, 0};
  if (exponent == 0) return true;
  if (used == powers.size() || !add_exponent(added.exponent, exponent)) return false;
  for (std::size_t i = used; i > at; --i) powers[i] = powers[i - 1];
  powers[at] = added;
  return true;
}

constexpr bool has_dimension(const unit& u) {
  for (const auto e : u.dimension)
    if (e != 0) return true;
  return u.arbitrary[0].exponent != 0;
}

/// `into` x u^exponent.
constexpr void multiply_by(unit& into, const unit& u, std::int32_t exponent) {
  if (u.out_of_range) into.out_of_range = true;
  scale_by(into, u.scale, exponent);
  for (std::size_t i = 0; i < into.dimension.size(); ++i)
    if (u.dimension[i] != 0 && !add_exponent(into.dimension[i], std::int64_t{u.dimension[i]} * exponent))
      into.out_of_range = true;
  for (const auto& a : u.arbitrary)
    if (a.exponent != 0 && !add_arbitrary(into.arbitrary, a.symbol, std::int64_t{a.exponent} * exponent))
      into.out_of_range = true;
}

/// `Units` has `const unit& of(std::uint16_t row)`.
template <class Units>
class canonical_sink {
 public:
  constexpr explicit canonical_sink(Units& units) : units_(units) {}

  constexpr std::optional<unit_error> symbol(std::string_view text, std::size_t at, bool divides,
                                             std::int32_t exponent) {
    const found_symbol found = find_symbol(text);
    if (found.row == no_row)
      return unit_error{found.not_metric ? unit_errc::not_metric : unit_errc::unknown_symbol, at, text.size()};
    if (divides != inverted()) exponent = -exponent;
    const unit& one = units_.of(found.row);
    if (one.special != 0) {
      if (result_.special != 0 || exponent != 1) result_.in_product = true;
      result_.special = one.special;
    } else if (has_dimension(one)) {
      others_ = true;
    }
    multiply_by(result_, one, exponent);
    if (found.prefix != no_prefix) scale_by(result_, prefix_factors[found.prefix], exponent);
    return std::nullopt;
  }

  /// Digits that are not all zero.
  constexpr std::optional<unit_error> number(std::string_view digits, std::size_t, bool divides) {
    std::int32_t tens = 0;
    for (; digits.ends_with('0') && digits.size() > 1; ++tens) digits.remove_suffix(1);
    wide value = 0;
    for (const char c : digits) {
      const auto digit = static_cast<wide>(c - '0');
      if (value > (~wide{0} - digit) / 10) {
        result_.out_of_range = true;
        return std::nullopt;
      }
      value = value * 10 + digit;
    }
    factor f = whole_factor(value);
    f.twos += tens;
    f.fives += tens;
    scale_by(result_, f, divides != inverted() ? -1 : 1);
    return std::nullopt;
  }

  constexpr void annotation(bool) {}
  constexpr void open(bool divides) { signs_ = signs_ << 1 | (divides != inverted() ? 1u : 0u); }
  constexpr void close() { signs_ >>= 1; }

  constexpr unit result() {
    if (result_.special != 0 && others_) result_.in_product = true;
    return result_;
  }

 private:
  /// Does the innermost open bracket divide?
  constexpr bool inverted() const { return (signs_ & 1) != 0; }

  Units& units_;
  unit result_;
  std::uint64_t signs_ = 0;
  bool others_ = false;  ///< a unit with a dimension that is not special
};

}  // namespace mainstay::fhir::ucum
