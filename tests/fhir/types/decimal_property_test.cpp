// decimal against Boost.Multiprecision's integers of any size: a value is exact, or absent where it does not fit.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>
#include <string>

#include "fhir/types/decimal.hpp"

namespace mainstay::fhir {
namespace {

using boost::multiprecision::abs;
using boost::multiprecision::cpp_int;
using boost::multiprecision::pow;
using wide_float = boost::multiprecision::number<boost::multiprecision::cpp_dec_float<200>>;

constexpr int largest_scale = 60;

cpp_int ten_to(int power) { return pow(cpp_int(10), static_cast<unsigned>(power)); }
const cpp_int& largest() {
  static const cpp_int value = pow(cpp_int(2), 127) - 1;
  return value;
}
cpp_int mantissa_of(const decimal& d) {
  std::string text = d.to_string();
  std::erase(text, '.');
  const bool negative = text[0] == '-';
  if (negative) text.erase(0, 1);
  text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));  // a leading zero would mean octal
  return negative ? -cpp_int(text) : cpp_int(text);
}
/// d x 10^60: every decimal as an integer.
cpp_int whole(const decimal& d) { return mantissa_of(d) * ten_to(largest_scale - d.scale()); }

/// Is there a mantissa and scale for value x 10^-scale?
bool fits(cpp_int value, int scale) {
  while (scale > 0 && value % 10 == 0) {
    value /= 10;
    --scale;
  }
  return abs(value) <= largest() && scale <= largest_scale;
}

decimal any_decimal() {
  const int digits = *rc::gen::inRange(1, 40);
  std::string text = *rc::gen::arbitrary<bool>() ? "-" : "";
  std::string body = *rc::gen::container<std::string>(static_cast<std::size_t>(digits), rc::gen::inRange<char>('0', '9' + 1));
  body.erase(0, std::min(body.find_first_not_of('0'), body.size() - 1));
  cpp_int mantissa(body);
  const int scale = *rc::gen::inRange(0, largest_scale + 1);
  RC_PRE(mantissa <= largest());
  const auto d = decimal::parse(text + body + "e-" + std::to_string(scale));
  RC_ASSERT(d.has_value());
  RC_ASSERT(d->scale() == scale);
  return *d;
}

RC_GTEST_PROP(decimal_property, prints_what_it_reads, ()) {
  const decimal d = any_decimal();
  const auto again = decimal::parse(d.to_string());
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->mantissa() == d.mantissa());
  RC_ASSERT(again->scale() == d.scale());
  RC_ASSERT(wide_float(d.to_string()) == wide_float(mantissa_of(d)) / wide_float(ten_to(d.scale())));
}

RC_GTEST_PROP(decimal_property, orders_by_value, ()) {
  const decimal a = any_decimal();
  const decimal b = *rc::gen::arbitrary<bool>() ? any_decimal() : a.normalized();
  RC_ASSERT((a < b) == (whole(a) < whole(b)));
  RC_ASSERT((a == b) == (whole(a) == whole(b)));
  RC_ASSERT((a > b) == (whole(a) > whole(b)));
}

RC_GTEST_PROP(decimal_property, adds_exactly_or_not_at_all, ()) {
  const decimal a = any_decimal();
  const decimal b = any_decimal();
  const cpp_int sum = whole(a) + whole(b);
  const auto result = a.add(b);
  if (result) RC_ASSERT(whole(*result) == sum);
  // Where there is no value, no decimal of the longer scale holds it.
  const int scale = std::max(a.normalized().scale(), b.normalized().scale());
  if (!result) RC_ASSERT(abs(sum / ten_to(largest_scale - scale)) > largest() ||
                         abs(mantissa_of(a.normalized())) * ten_to(scale - a.normalized().scale()) > largest() ||
                         abs(mantissa_of(b.normalized())) * ten_to(scale - b.normalized().scale()) > largest());
  const auto difference = a.subtract(b);
  if (difference) RC_ASSERT(whole(*difference) == whole(a) - whole(b));
}

RC_GTEST_PROP(decimal_property, multiplies_exactly_or_not_at_all, ()) {
  const decimal a = any_decimal();
  const decimal b = any_decimal();
  const cpp_int product = mantissa_of(a) * mantissa_of(b);
  const auto result = a.multiply(b);
  if (result) RC_ASSERT(whole(*result) * ten_to(largest_scale) == whole(a) * whole(b));
  if (fits(product, a.scale() + b.scale()) && abs(product) <= largest() && a.scale() + b.scale() <= largest_scale)
    RC_ASSERT(result.has_value());
}

RC_GTEST_PROP(decimal_property, divides_to_the_nearest, ()) {
  const decimal a = any_decimal();
  const decimal b = any_decimal();
  RC_PRE(!b.is_zero());
  const int digits = *rc::gen::inRange(0, largest_scale + 1);
  const cpp_int numerator = abs(whole(a)) * ten_to(digits);
  const cpp_int denominator = abs(whole(b));
  cpp_int expected = (2 * numerator + denominator) / (2 * denominator);  // half away from zero
  const auto result = a.divide(b, digits);
  RC_ASSERT(result.has_value() == (expected <= largest()));
  if (!result) return;
  if (a.is_negative() != b.is_negative()) expected = -expected;
  RC_ASSERT(result->scale() == digits);
  RC_ASSERT(mantissa_of(*result) == expected);
}

RC_GTEST_PROP(decimal_property, shifts_exactly, ()) {
  const decimal a = any_decimal();
  const int power = *rc::gen::inRange(-130, 131);
  const auto result = a.shifted(power);
  const int down = power < 0 ? -power : 0;
  const int up = power > 0 ? power : 0;
  if (result) RC_ASSERT(whole(*result) * ten_to(down) == whole(a) * ten_to(up));
  RC_ASSERT(result.has_value() == fits(whole(a) * ten_to(up), largest_scale + down));
}

RC_GTEST_PROP(decimal_property, rounds_to_the_nearest, ()) {
  const decimal a = any_decimal();
  const int digits = *rc::gen::inRange(0, largest_scale + 1);
  const decimal result = a.rounded(digits);
  RC_ASSERT(result.scale() == std::min(digits, a.scale()));
  const cpp_int away = abs(whole(result) - whole(a));
  RC_ASSERT(2 * away <= ten_to(largest_scale - digits));
  if (2 * away == ten_to(largest_scale - digits)) RC_ASSERT(abs(whole(result)) > abs(whole(a)));
}

}  // namespace
}  // namespace mainstay::fhir
