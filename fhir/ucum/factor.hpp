// Exact factors of units, at build time and at run time: a ratio of whole numbers, with the powers of two, five and pi
// apart, so that 10*400 and 4.[pi].10*-7 stay exact and small. Value type, no allocation. Private to fhir/ucum.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mainstay::fhir::ucum {

using wide = unsigned __int128;

constexpr wide greatest_common_divisor(wide a, wide b) {
  while (b != 0) {
    const wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/// numerator / denominator x 2^twos x 5^fives x pi^pis; numerator and denominator share no divisor with each other or
/// with ten, so that equal factors are equal member by member.
struct factor {
  wide numerator = 1, denominator = 1;
  std::int32_t twos = 0, fives = 0, pis = 0;

  friend constexpr bool operator==(const factor&, const factor&) = default;
  constexpr bool plain() const { return numerator == 1 && denominator == 1 && pis == 0; }
};

/// Exponents beyond this are out of range: no decimal holds such a factor.
inline constexpr std::int64_t largest_exponent = 1'000'000;

/// A whole number as a factor; not zero.
constexpr factor whole_factor(wide number) {
  factor f;
  for (; number % 2 == 0; number /= 2) ++f.twos;
  for (; number % 5 == 0; number /= 5) ++f.fives;
  f.numerator = number;
  return f;
}

constexpr factor inverse(const factor& f) {
  return {f.denominator, f.numerator, -f.twos, -f.fives, -f.pis};
}

/// No value where it does not fit.
constexpr std::optional<factor> multiply(const factor& a, const factor& b) {
  factor result;
  const std::int64_t twos = std::int64_t{a.twos} + b.twos, fives = std::int64_t{a.fives} + b.fives,
                     pis = std::int64_t{a.pis} + b.pis;
  for (const std::int64_t e : {twos, fives, pis})
    if (e > largest_exponent || e < -largest_exponent) return std::nullopt;
  result.twos = static_cast<std::int32_t>(twos);
  result.fives = static_cast<std::int32_t>(fives);
  result.pis = static_cast<std::int32_t>(pis);
  const auto product = [](wide x, wide y, wide& out) {
    if (x == 1 || y == 1) {
      out = x == 1 ? y : x;
      return true;
    }
    if (x > ~wide{0} / y) return false;
    out = x * y;
    return true;
  };
  const auto shared = [](wide x, wide y) { return x == 1 || y == 1 ? wide{1} : greatest_common_divisor(x, y); };
  const wide left = shared(a.numerator, b.denominator), right = shared(b.numerator, a.denominator);
  const auto over = [](wide x, wide by) { return by == 1 ? x : x / by; };
  if (!product(over(a.numerator, left), over(b.numerator, right), result.numerator) ||
      !product(over(a.denominator, right), over(b.denominator, left), result.denominator))
    return std::nullopt;
  return result;
}

/// f to a power of either sign; no value where it does not fit.
constexpr std::optional<factor> power(const factor& f, std::int32_t exponent) {
  if (exponent == 1) return f;
  if (exponent < 0) {
    if (exponent < -largest_exponent) return std::nullopt;
    return power(inverse(f), -exponent);
  }
  factor result;
  factor square = f;
  while (true) {
    if (exponent % 2 == 1) {
      const auto next = multiply(result, square);
      if (!next) return std::nullopt;
      result = *next;
    }
    exponent /= 2;
    if (exponent == 0) return result;
    const auto next = multiply(square, square);
    if (!next) return std::nullopt;
    square = *next;
  }
}

/// "254e-2", "3.5", "1e24" as a factor; no value for zero, for other texts, and where it does not fit.
constexpr std::optional<factor> read_factor(std::string_view text) {
  wide number = 0;
  std::int32_t tens = 0;
  bool fraction = false;
  std::size_t i = 0;
  for (; i < text.size() && text[i] != 'e'; ++i) {
    if (text[i] == '.' && !fraction) {
      fraction = true;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    const auto digit = static_cast<wide>(text[i] - '0');
    if (number > (~wide{0} - digit) / 10) return std::nullopt;
    number = number * 10 + digit;
    if (fraction) --tens;
  }
  if (i < text.size()) {
    const bool down = ++i < text.size() && text[i] == '-';
    if (down) ++i;
    if (i >= text.size() || text.size() - i > 4) return std::nullopt;
    std::int32_t exponent = 0;
    for (; i < text.size(); ++i) exponent = exponent * 10 + (text[i] - '0');
    tens += down ? -exponent : exponent;
  }
  if (number == 0) return std::nullopt;
  factor f = whole_factor(number);
  f.twos += tens;
  f.fives += tens;
  return f;
}

}  // namespace mainstay::fhir::ucum
