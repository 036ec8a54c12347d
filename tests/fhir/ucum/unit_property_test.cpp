// Laws of units, against Boost.Multiprecision's rationals where a law needs another opinion.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <string>

#include "fhir/types/quantity.hpp"
#include "fhir/ucum/symbols.hpp"
#include "fhir/ucum/unit.hpp"

namespace mainstay::fhir::ucum {
namespace {

using rational = boost::multiprecision::cpp_rational;
using boost::multiprecision::cpp_int;

rational to_rational(const decimal& d) {
  const auto m = d.mantissa();
  const cpp_int mantissa = m < 0 ? -cpp_int(static_cast<wide>(-m)) : cpp_int(static_cast<wide>(m));
  return rational(mantissa, boost::multiprecision::pow(cpp_int(10), static_cast<unsigned>(d.scale())));
}

/// Lengths with factors that are known without the table.
struct length_unit { const char* text; rational metres; };
const length_unit lengths[] = {
    {"m", 1}, {"cm", rational(1, 100)}, {"km", 1000}, {"[in_i]", rational(254, 10000)}, {"[ft_i]", rational(3048, 10000)}, {"[mi_i]", rational(1609344, 1000)},
    {"m/3", rational(1, 3)}, {"7.nm", rational(7, 1000000000)}, {"[ft_us]", rational(1200, 3937)}, {"m2/cm", 100}, {"L/dm2", rational(1, 10)}, {"10*6.um", 1},
};
length_unit any_length() { return lengths[*rc::gen::inRange<std::size_t>(0, std::size(lengths))]; }

decimal any_value() {
  const auto mantissa = *rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000);
  return *decimal::make(mantissa, *rc::gen::inRange(0, 9));
}

/// A unit of the whole table, with prefixes, exponents and products.
std::string any_unit() {
  std::string text;
  const int parts = *rc::gen::inRange(1, 4);
  for (int i = 0; i < parts; ++i) {
    if (i != 0) text += *rc::gen::element('.', '/');
    const row& r = rows[*rc::gen::inRange<std::size_t>(0, rows.size())];
    const bool prefixed = takes_prefix(r) && *rc::gen::arbitrary<bool>();
    if (prefixed) text += prefixes[*rc::gen::inRange<std::size_t>(0, prefixes.size())].symbol;
    text += r.symbol;
    const int exponent = *rc::gen::inRange(-3, 4);
    if (exponent != 1) text += std::to_string(exponent);
  }
  return text;
}

RC_GTEST_PROP(unit_property, converts_as_rationals_do, ()) {
  const auto from = any_length(), to = any_length();
  const decimal value = any_value();
  const auto result = convert(value, parse(from.text).value(), parse(to.text).value());
  RC_ASSERT(result.has_value());
  const rational expected = to_rational(value) * from.metres / to.metres;
  const rational off = abs(to_rational(result->value) - expected);
  if (result->exact) RC_ASSERT(off == 0);
  if (!result->exact) RC_ASSERT(off != 0 && off * boost::multiprecision::pow(cpp_int(10), 33) <= abs(expected));
}

RC_GTEST_PROP(unit_property, compares_as_rationals_do, ()) {
  const auto in_a = any_length(), in_b = any_length();
  const decimal a = any_value();
  const decimal b = *rc::gen::arbitrary<bool>() ? any_value() : a;
  const rational left = to_rational(a) * in_a.metres, right = to_rational(b) * in_b.metres;
  const auto order = compare(a, parse(in_a.text).value(), b, parse(in_b.text).value());
  RC_ASSERT(order.has_value());
  RC_ASSERT((*order < 0) == (left < right));
  RC_ASSERT((*order == 0) == (left == right));
  RC_ASSERT(compare(b, parse(in_b.text).value(), a, parse(in_a.text).value()) == (0 <=> *order));
}

RC_GTEST_PROP(unit_property, goes_there_and_back, ()) {
  const unit u = parse(any_unit()).value();
  const decimal value = any_value();
  const auto there = canonical(value, u);
  if (!there || !there->value.exact || u.special != 0) return;
  const unit base = parse(there->unit).value();
  RC_ASSERT(commensurable(u, base));
  RC_ASSERT(compare(value, u, there->value.value, base) == std::strong_ordering::equal);
  const auto back = convert(there->value.value, base, u);
  RC_ASSERT(back.has_value() && back->value == value);
}

RC_GTEST_PROP(unit_property, order_in_a_product_does_not_matter, ()) {
  const std::string a = any_unit(), b = any_unit();
  const auto ab = parse("(" + a + ").(" + b + ")").value(), ba = parse("(" + b + ").(" + a + ")").value();
  if (!ab.out_of_range && !ba.out_of_range && !ab.in_product) RC_ASSERT(ab == ba);
}

RC_GTEST_PROP(unit_property, what_divides_itself_is_one, ()) {
  const std::string a = any_unit();
  const auto whole = parse("(" + a + ")/(" + a + ")").value();
  if (!whole.out_of_range && whole.special == 0) RC_ASSERT(whole == unit{});
}

/// Kleene: an interval that holds another says the same of a bound, or unknown.
RC_GTEST_PROP(unit_property, a_wider_value_says_the_same_or_unknown, ()) {
  const decimal a = any_value(), b = any_value(), more = any_value(), bound = *rc::gen::arbitrary<bool>() ? any_value() : a;
  const interval narrow{.low = std::min(a, b), .high = std::max(a, b)};
  interval wide_one{.low = std::min(*narrow.low, more), .high = std::max(*narrow.high, more)};
  if (*rc::gen::arbitrary<bool>()) wide_one.low.reset();
  if (*rc::gen::arbitrary<bool>()) wide_one.high.reset();
  for (const auto op : {comparison::equal, comparison::not_equal, comparison::less, comparison::less_or_equal, comparison::greater, comparison::greater_or_equal}) {
    const truth said = fhir::compare(wide_one, op, bound);
    RC_ASSERT(said == truth::unknown || said == fhir::compare(narrow, op, bound));
  }
}

}  // namespace
}  // namespace mainstay::fhir::ucum
