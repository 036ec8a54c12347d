#include "fhir/types/decimal.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>

namespace mainstay::fhir {
namespace {

using wide = __int128;
using unsigned_wide = unsigned __int128;

constexpr int largest_scale = 60;
// The smallest __int128 is left out, so that every mantissa has its negative.
constexpr wide largest_mantissa = static_cast<wide>(~unsigned_wide{0} >> 1);
constexpr int largest_power = 38;  // 10^38 is the largest power of ten in a mantissa

constexpr auto powers_of_ten = [] {
  std::array<wide, largest_power + 1> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

/// The largest mantissa that each power of ten may multiply: a division by a variable costs more than all the rest.
constexpr auto room = [] {
  std::array<wide, largest_power + 1> result{};
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = largest_mantissa / powers_of_ten[i];
  return result;
}();

constexpr wide power_of_ten(int exponent) { return powers_of_ten[static_cast<std::size_t>(exponent)]; }

constexpr unsigned_wide magnitude(wide m) {
  return m < 0 ? static_cast<unsigned_wide>(-m) : static_cast<unsigned_wide>(m);
}

/// m x 10^exponent, or no value where it does not fit.
std::optional<wide> scaled_up(wide m, long long exponent) {
  if (m == 0) return wide{0};
  if (exponent > largest_power) return std::nullopt;
  const auto at = static_cast<std::size_t>(exponent);
  if (magnitude(m) > static_cast<unsigned_wide>(room[at])) return std::nullopt;
  return m * powers_of_ten[at];
}

std::optional<wide> sum(wide a, wide b) {
  wide result = 0;
  if (__builtin_add_overflow(a, b, &result) || result < -largest_mantissa) return std::nullopt;
  return result;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The next digit of remainder / divisor, where remainder < divisor <= largest_mantissa; the remainder is replaced.
/// Ten times the remainder may need 131 bits: it is taken as eight times and twice.
unsigned next_digit(unsigned_wide& remainder, unsigned_wide divisor) {
  unsigned digit = 0;
  const auto twice = [&](unsigned_wide r, unsigned& quotient) {
    r <<= 1;
    quotient <<= 1;
    if (r >= divisor) {
      r -= divisor;
      ++quotient;
    }
    return r;
  };
  unsigned by_two = 0;
  const unsigned_wide two = twice(remainder, by_two);
  unsigned by_eight = by_two;
  const unsigned_wide eight = twice(twice(two, by_eight), by_eight);
  digit = by_two + by_eight;
  remainder = two + eight;
  if (remainder >= divisor) {
    remainder -= divisor;
    ++digit;
  }
  return digit;
}

}  // namespace

std::optional<decimal> decimal::make(mantissa_type mantissa, int scale) {
  if (scale < 0 || scale > largest_scale || mantissa < -largest_mantissa) return std::nullopt;
  decimal d;
  d.mantissa_ = mantissa;
  d.scale_ = scale;
  return d;
}

std::optional<decimal> decimal::parse(std::string_view text) {
  // RFC 8259, section 6: [ minus ] int [ frac ] [ exp ]
  std::size_t i = 0;
  const auto at = [&](std::size_t k) { return k < text.size() ? text[k] : '\0'; };
  const bool negative = at(0) == '-';
  if (negative) ++i;
  if (!is_digit(at(i)) || (at(i) == '0' && is_digit(at(i + 1)))) return std::nullopt;

  bool fits = true;
  wide mantissa = 0;
  const auto take_digits = [&] {
    const std::size_t begin = i;
    for (; is_digit(at(i)); ++i) {
      const int digit = at(i) - '0';
      fits = fits && (mantissa < room[1] || mantissa <= (largest_mantissa - digit) / 10);
      if (fits) mantissa = mantissa * 10 + digit;
    }
    return i - begin;
  };
  take_digits();
  long long scale = 0;
  if (at(i) == '.') {
    ++i;
    const std::size_t digits = take_digits();
    if (digits == 0) return std::nullopt;
    scale = static_cast<long long>(digits);
  }
  if (at(i) == 'e' || at(i) == 'E') {
    ++i;
    const bool down = at(i) == '-';
    if (down || at(i) == '+') ++i;
    if (!is_digit(at(i))) return std::nullopt;
    constexpr long long far = 1'000'000'000'000;  // beyond any scale, and no overflow below
    long long exponent = 0;
    for (; is_digit(at(i)); ++i) exponent = std::min(exponent * 10 + (at(i) - '0'), far);
    scale += down ? exponent : -exponent;
  }
  if (i != text.size() || !fits || scale > largest_scale) return std::nullopt;
  if (negative) mantissa = -mantissa;
  if (scale >= 0) return make(mantissa, static_cast<int>(scale));
  const auto shifted = scaled_up(mantissa, -scale);
  return shifted ? make(*shifted, 0) : std::nullopt;
}

std::string decimal::to_string() const {
  std::string digits;  // reversed
  for (unsigned_wide m = magnitude(mantissa_); m != 0; m /= 10) digits += static_cast<char>('0' + static_cast<int>(m % 10));
  const auto places = static_cast<std::size_t>(scale_);
  if (digits.size() <= places) digits.append(places + 1 - digits.size(), '0');
  if (places != 0) digits.insert(places, 1, '.');
  if (mantissa_ < 0) digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::strong_ordering operator<=>(const decimal& a, const decimal& b) {
  if (a.scale_ == b.scale_) return a.mantissa_ <=> b.mantissa_;
  const auto sign = [](wide m) { return m < 0 ? -1 : m > 0 ? 1 : 0; };
  if (sign(a.mantissa_) != sign(b.mantissa_)) return a.mantissa_ <=> b.mantissa_;
  if (a.scale_ > b.scale_) return 0 <=> (b <=> a);
  const auto aligned = scaled_up(a.mantissa_, b.scale_ - a.scale_);
  if (aligned) return *aligned <=> b.mantissa_;
  // More than any mantissa holds, and of the same sign.
  return a.mantissa_ > 0 ? std::strong_ordering::greater : std::strong_ordering::less;
}

std::optional<decimal> decimal::add(const decimal& b) const {
  const auto exact = [](const decimal& x, const decimal& y) -> std::optional<decimal> {
    const int scale = std::max(x.scale_, y.scale_);
    const auto left = scaled_up(x.mantissa_, scale - x.scale_);
    const auto right = scaled_up(y.mantissa_, scale - y.scale_);
    if (!left || !right) return std::nullopt;
    const auto total = sum(*left, *right);
    return total ? make(*total, scale) : std::nullopt;
  };
  const auto result = exact(*this, b);
  return result ? result : exact(normalized(), b.normalized());  // trailing zeros may be all that does not fit
}

std::optional<decimal> decimal::subtract(const decimal& b) const { return add(b.negated()); }

std::optional<decimal> decimal::multiply(const decimal& b) const {
  const auto exact = [](const decimal& x, const decimal& y) -> std::optional<decimal> {
    wide product = 0;
    if (__builtin_mul_overflow(x.mantissa_, y.mantissa_, &product)) return std::nullopt;
    return make(product, x.scale_ + y.scale_);
  };
  const auto result = exact(*this, b);
  return result ? result : exact(normalized(), b.normalized());
}

std::optional<decimal> decimal::divide(const decimal& b, int digits) const {
  if (b.mantissa_ == 0 || digits < 0 || digits > largest_scale) return std::nullopt;
  const bool negative = (mantissa_ < 0) != (b.mantissa_ < 0);
  unsigned_wide divisor = magnitude(b.mantissa_);
  const int power = b.scale_ - scale_ + digits;  // quotient = mantissa / divisor x 10^power
  if (power < 0) {
    // The divisor grows instead; where it does not fit it is more than twice the dividend, and the quotient rounds to 0.
    constexpr auto most = ~unsigned_wide{0};
    if (-power > largest_power || divisor > most / static_cast<unsigned_wide>(power_of_ten(-power)))
      return make(0, digits);
    divisor *= static_cast<unsigned_wide>(power_of_ten(-power));
  }
  unsigned_wide quotient = magnitude(mantissa_) / divisor;
  unsigned_wide remainder = magnitude(mantissa_) % divisor;
  constexpr auto largest = static_cast<unsigned_wide>(largest_mantissa);
  for (int i = 0; i < power; ++i) {
    const unsigned digit = next_digit(remainder, divisor);
    if (quotient > (largest - digit) / 10) return std::nullopt;
    quotient = quotient * 10 + digit;
  }
  if (remainder >= divisor - remainder) ++quotient;
  if (quotient > largest) return std::nullopt;
  const auto result = static_cast<wide>(quotient);
  return make(negative ? -result : result, digits);
}

std::optional<decimal> decimal::shifted(int power) const {
  const long long scale = static_cast<long long>(scale_) - power;
  if (scale > largest_scale) {
    const decimal shorter = normalized();
    const long long left = static_cast<long long>(shorter.scale_) - power;
    if (shorter.mantissa_ == 0) return decimal{};
    return left > largest_scale ? std::nullopt : make(shorter.mantissa_, static_cast<int>(left));
  }
  if (scale >= 0) return make(mantissa_, static_cast<int>(scale));
  const auto whole = scaled_up(mantissa_, -scale);
  return whole ? make(*whole, 0) : std::nullopt;
}

decimal decimal::negated() const {
  decimal result = *this;
  result.mantissa_ = -mantissa_;
  return result;
}

decimal decimal::rounded(int digits) const {
  assert(digits >= 0);
  if (digits >= scale_) return *this;
  const auto result = divide(decimal(1), digits);
  assert(result.has_value());  // fewer digits than before
  return *result;
}

decimal decimal::normalized() const {
  decimal result = *this;
  while (result.scale_ > 0 && result.mantissa_ % 10 == 0) {
    result.mantissa_ /= 10;
    --result.scale_;
  }
  return result;
}

}  // namespace mainstay::fhir
