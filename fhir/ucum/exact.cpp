#include "fhir/ucum/exact.hpp"

#include <algorithm>
#include <cmath>

#include "fhir/ucum/atoms.hpp"

namespace mainstay::fhir::ucum {
namespace {

constexpr int digits_kept = 34;
constexpr int fewest_digits = 20;  // where a decimal's scale leaves less room than that, there is no value
constexpr int largest_scale = 60;  // decimal's own

const big& largest_mantissa() {
  static const big value = (big(1) << 127) - 1;
  return value;
}

big magnitude(const decimal& d) {
  const auto m = d.mantissa();
  return big(m < 0 ? static_cast<wide>(-m) : static_cast<wide>(m));
}

/// n x 2^twos x 5^fives, neither below zero.
big raised(const big& n, std::int32_t twos, std::int32_t fives) {
  big result = n << static_cast<unsigned>(twos);
  if (fives > 0) result *= boost::multiprecision::pow(big(5), static_cast<unsigned>(fives));
  return result;
}

std::optional<decimal> as_decimal(const big& mantissa, int scale, bool negative) {
  if (mantissa > largest_mantissa()) return std::nullopt;
  const auto m = static_cast<decimal::mantissa_type>(mantissa.convert_to<wide>());
  return decimal::make(negative ? -m : m, scale);
}

/// A quotient that ends in decimals, as it is; no value where it does not fit.
std::optional<decimal> ending(const ratio& r) {
  std::int32_t scale = std::max({0, -r.twos, -r.fives});
  big mantissa = raised(r.numerator, r.twos + scale, r.fives + scale);
  while (scale > 0 && (scale > largest_scale || mantissa > largest_mantissa()) && mantissa % 10 == 0) {
    mantissa /= 10;
    --scale;
  }
  return scale > largest_scale ? std::nullopt : as_decimal(mantissa, scale, r.negative);
}

/// The digits before the point, give or take one.
int digits_before_point(const ratio& r) {
  const auto bits = static_cast<double>(msb(r.numerator)) - static_cast<double>(msb(r.denominator)) + r.twos;
  return static_cast<int>(std::floor(bits * 0.30102999566 + r.fives * 0.69897000434)) + 1;
}

std::optional<decimal> rounded(const ratio& r) {
  static const big limit = boost::multiprecision::pow(big(10), digits_kept);
  static const big least = boost::multiprecision::pow(big(10), fewest_digits - 1);
  int scale = std::min(digits_kept + 1 - digits_before_point(r), largest_scale);
  for (; scale >= 0; --scale) {
    const std::int32_t twos = r.twos + scale, fives = r.fives + scale;
    const big above = raised(r.numerator, std::max(twos, 0), std::max(fives, 0));
    const big below = raised(r.denominator, std::max(-twos, 0), std::max(-fives, 0));
    const big quotient = (2 * above + below) / (2 * below);  // half away from zero
    if (quotient >= limit) continue;
    if (quotient < least) return std::nullopt;
    return as_decimal(quotient, scale, r.negative);
  }
  return std::nullopt;
}

const big& pi_whole() {
  static const big value{std::string(pi_digits)};
  return value;
}

}  // namespace

std::optional<ratio> ratio::make(const decimal& a, const decimal& b, const decimal& c, const factor& f) {
  if (f.pis > most_pis || f.pis < -most_pis) return std::nullopt;
  ratio r;
  r.negative = (a.is_negative() != b.is_negative()) != c.is_negative();
  r.numerator = magnitude(a) * magnitude(b) * big(f.numerator);
  r.denominator = magnitude(c) * big(f.denominator);
  for (int i = 0; i < std::abs(f.pis); ++i) (f.pis > 0 ? r.numerator : r.denominator) *= pi_whole();
  const std::int32_t tens = c.scale() - a.scale() - b.scale() - f.pis * pi_places;
  const auto bounded = [](std::int64_t e) { return e <= most_power && e >= -most_power; };
  if (!bounded(std::int64_t{f.twos} + tens) || !bounded(std::int64_t{f.fives} + tens)) return std::nullopt;
  r.twos = f.twos + tens;
  r.fives = f.fives + tens;
  return r;
}

std::optional<number> ratio::value() const {
  if (numerator == 0) return number{decimal{}, true};
  ratio reduced = *this;
  // The denominator may share divisors with a mantissa: 9 x (1/3) ends.
  const big shared = gcd(numerator, denominator);
  reduced.numerator /= shared;
  reduced.denominator /= shared;
  for (const unsigned prime : {2u, 5u}) {
    std::int32_t& exponent = prime == 2 ? reduced.twos : reduced.fives;
    for (; reduced.denominator % prime == 0; reduced.denominator /= prime) --exponent;
  }
  if (reduced.denominator == 1)
    if (const auto d = ending(reduced)) return number{*d, true};
  if (const auto d = rounded(reduced)) return number{d->normalized(), false};
  return std::nullopt;
}

std::optional<number> times(const decimal& value, const factor& f) {
  if (f.plain() && f.twos == f.fives) {
    if (const auto shifted = value.shifted(f.twos)) return number{*shifted, true};
    if (value.is_zero()) return number{decimal{}, true};
  }
  const auto r = ratio::make(value, decimal(1), decimal(1), f);
  return r ? r->value() : std::nullopt;
}

std::optional<std::strong_ordering> compare(const decimal& value, const factor& f, const decimal& other) {
  if (f.plain() && f.twos == f.fives) {
    if (f.twos == 0) return value <=> other;
    if (const auto shifted = value.shifted(f.twos)) return *shifted <=> other;
  }
  const auto sign = [](const decimal& d) { return d.is_zero() ? 0 : d.is_negative() ? -1 : 1; };
  if (sign(value) != sign(other) || sign(value) == 0) return sign(value) <=> sign(other);
  const auto r = ratio::make(value, decimal(1), other, f);
  if (!r) return std::nullopt;
  const big above = raised(r->numerator, std::max(r->twos, 0), std::max(r->fives, 0));
  const big below = raised(r->denominator, std::max(-r->twos, 0), std::max(-r->fives, 0));
  const int order = above.compare(below);
  return (sign(value) > 0 ? order : -order) <=> 0;
}

}  // namespace mainstay::fhir::ucum
