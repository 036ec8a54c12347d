// Units of the Unified Code for Units of Measure, UCUM 2.2 (case sensitive): what every comparison of quantities stands
// on.
//
// A unit is parsed into its canonical form: an exact factor and exponents of the seven base units. All of the table is
// resolved when Mainstay is built; parsing allocates nothing, and each thread remembers the units it met last. Value
// types, thread-safe.
#pragma once

#include <array>
#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fhir/types/decimal.hpp"
#include "fhir/ucum/factor.hpp"

namespace mainstay::fhir::ucum {

/// FHIR's URI of UCUM, Quantity.system.
inline constexpr std::string_view system_uri = "http://unitsofmeasure.org";

/// Bounds on a unit's text. Real units have at most a few dozen characters.
struct limits {
  std::size_t length = 1000;  ///< longer texts are pasted by mistake
  int depth = 64;             ///< brackets open at once
};

/// An arbitrary unit (`[iU]`) and its exponent; which it is, as an index into the table.
struct arbitrary_power {
  std::uint16_t symbol = 0;
  std::int16_t exponent = 0;  ///< 0: unused
  friend constexpr bool operator==(const arbitrary_power&, const arbitrary_power&) = default;
};

/// A unit in canonical form. Two units with equal members measure the same, whatever their texts.
struct unit {
  factor scale;                                ///< for a special unit, what its number is multiplied by first
  std::array<std::int16_t, 7> dimension{};     ///< exponents of m, s, g, rad, K, C, cd
  std::array<arbitrary_power, 4> arbitrary{};  ///< sorted by symbol
  std::uint16_t special = 0;                   ///< index + 1 of a unit on a scale of its own (`Cel`, `[pH]`), else 0
  bool in_product = false;    ///< a special unit times another unit: the standard gives that no meaning (section 21)
  bool out_of_range = false;  ///< a valid unit whose factor or exponents do not fit, as `u9`
  friend constexpr bool operator==(const unit&, const unit&) = default;
};

enum class unit_errc : std::uint8_t {
  empty,
  too_long,
  too_deep,
  character,
  no_operand,
  no_operator,
  unknown_symbol,
  not_metric,
  bare_exponent,
  open_bracket,
  open_annotation,
  open_parenthesis,
  closing_parenthesis,
  annotation_in_front,
  zero
};

/// Why a text is no unit, and where: `at` bytes from the start, `length` bytes long (0 at the end of the text).
struct unit_error {
  unit_errc code = unit_errc::empty;
  std::size_t at = 0, length = 0;
  /// The name of the code: "unknown_symbol".
  std::string_view name() const;
  /// "`iU` is no unit of UCUM; `[iU]` is"; `text` is what was parsed.
  std::string message(std::string_view text) const;
};
[[noreturn]] void throw_exception_from_error(const unit_error& e, const boost::source_location& where);

/// Parses a unit by the grammar of UCUM 2.2, section 2.1. Annotations in braces count as nothing.
boost::system::result<unit, unit_error> parse(std::string_view text, const limits& limit = {});

/// The name of a unit: "meter per second" as "(meter) / (second)", the form of the UCUM functional tests; "(unity)" for
/// "".
boost::system::result<std::string, unit_error> display(std::string_view text, const limits& limit = {});

/// The canonical unit of the same dimension: "g.m-1.s-2", "[iU].m-3", "1".
std::string base_text(const unit& u);

/// Can a number in `a` be one in `b`? Same dimension, same arbitrary units, no special unit inside of a product.
bool commensurable(const unit& a, const unit& b);

/// A number that came out of a calculation. Where no decimal holds it, it is rounded half away from zero to 34 digits.
struct number {
  decimal value;
  bool exact = true;
  friend bool operator==(const number&, const number&) = default;
};

/// Why a calculation has no result. `out_of_range`: no decimal holds it, or the unit's factor does not fit;
/// `undefined`: the function of a special unit has no value there, as the logarithm of zero.
enum class failure : std::uint8_t { incommensurable, special_in_product, out_of_range, undefined, zero_divisor };
std::string_view to_text(failure f);
/// For boost::system::result, which asks for it.
[[noreturn]] void throw_exception_from_error(failure f, const boost::source_location& where);

/// `value` of `from` as a number of `to`.
boost::system::result<number, failure> convert(const decimal& value, const unit& from, const unit& to);

/// Which is more? No value where that cannot be said. Exact, without allocation; units on a scale of their own may take
/// the slower way of convert().
std::optional<std::strong_ordering> compare(const decimal& a, const unit& in_a, const decimal& b, const unit& in_b);

/// A number and its unit in canonical form.
struct product {
  number value;
  std::string unit;  ///< as base_text() has it
};
/// Special units cannot be multiplied (section 21).
boost::system::result<product, failure> multiply(const decimal& a, const unit& in_a, const decimal& b,
                                                 const unit& in_b);
boost::system::result<product, failure> divide(const decimal& a, const unit& in_a, const decimal& b, const unit& in_b);
/// `value` of a unit in its canonical form.
boost::system::result<product, failure> canonical(const decimal& value, const unit& in);

}  // namespace mainstay::fhir::ucum
