// Decimals times factors, exactly: whole numbers of a fixed width that no allowed input can exceed. Private to
// fhir/ucum.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <compare>
#include <optional>

#include "fhir/ucum/unit.hpp"

namespace mainstay::fhir::ucum {

/// No allocation. Wide enough for two mantissas, a factor, pi to the fourth power and most_power: ratio::make keeps to
/// it.
using big = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
    4096, 4096, boost::multiprecision::unsigned_magnitude, boost::multiprecision::unchecked, void>>;

/// numerator / denominator x 2^twos x 5^fives, with a sign.
struct ratio {
  bool negative = false;
  big numerator, denominator;
  std::int32_t twos = 0, fives = 0;

  /// Exponents that are worked with; no decimal holds what is beyond.
  static constexpr std::int32_t most_power = 500;
  static constexpr std::int32_t most_pis = 4;
  /// a x b / c x f; no value where an exponent is out of bounds. c is not zero.
  static std::optional<ratio> make(const decimal& a, const decimal& b, const decimal& c, const factor& f);

  /// As a decimal: exactly, else rounded half away from zero to 34 digits; no value where that has no room.
  std::optional<number> value() const;
};

/// value x f.
std::optional<number> times(const decimal& value, const factor& f);
/// value x f against other.
std::optional<std::strong_ordering> compare(const decimal& value, const factor& f, const decimal& other);

}  // namespace mainstay::fhir::ucum
