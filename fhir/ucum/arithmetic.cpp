// Conversion, comparison, products and quotients of numbers with units.
#include <stdexcept>

#include "fhir/ucum/atoms.hpp"
#include "fhir/ucum/canonical.hpp"
#include "fhir/ucum/exact.hpp"
#include "fhir/ucum/special.hpp"

namespace mainstay::fhir::ucum {
namespace {

std::optional<failure> unfit(const unit& a, const unit& b) {
  if (a.dimension != b.dimension || a.arbitrary != b.arbitrary) return failure::incommensurable;
  if (a.in_product || b.in_product) return failure::special_in_product;
  if (a.out_of_range || b.out_of_range) return failure::out_of_range;
  return std::nullopt;
}

boost::system::result<product, failure> combine(const decimal& a, const unit& in_a, const decimal& b, const unit& in_b,
                                                int power) {
  if (in_a.special != 0 || in_b.special != 0) return failure::special_in_product;
  unit result = in_a;
  multiply_by(result, in_b, power);
  if (result.out_of_range) return failure::out_of_range;
  const decimal one(1);
  const auto exact = ratio::make(a, power > 0 ? b : one, power > 0 ? one : b, result.scale);
  const auto value = exact ? exact->value() : std::nullopt;
  if (!value) return failure::out_of_range;
  return product{*value, base_text(result)};
}

}  // namespace

bool commensurable(const unit& a, const unit& b) {
  const auto why = unfit(a, b);
  return !why || *why == failure::out_of_range;
}

boost::system::result<number, failure> convert(const decimal& value, const unit& from, const unit& to) {
  if (const auto why = unfit(from, to)) return *why;
  if (from == to) return number{value, true};
  // On one and the same scale only the prefixes differ: 30 dB are 3 B.
  if (from.special != to.special) return convert_special(value, from, to);
  const auto change = multiply(from.scale, inverse(to.scale));
  const auto result = change ? times(value, *change) : std::nullopt;
  if (!result) return failure::out_of_range;
  return *result;
}

std::optional<std::strong_ordering> compare(const decimal& a, const unit& in_a, const decimal& b, const unit& in_b) {
  if (unfit(in_a, in_b)) return std::nullopt;
  if (in_a.scale == in_b.scale && in_a.special == in_b.special) return a <=> b;
  if (in_a.special != 0 || in_b.special != 0) {
    if (!increases(in_a) || !increases(in_b)) return std::nullopt;
    const auto other = convert(b, in_b, in_a);
    if (!other) return std::nullopt;
    const auto order = a <=> other->value;
    return order == 0 && !other->exact ? std::nullopt : std::optional(order);
  }
  const auto change = multiply(in_a.scale, inverse(in_b.scale));
  return change ? compare(a, *change, b) : std::nullopt;
}

boost::system::result<product, failure> multiply(const decimal& a, const unit& in_a, const decimal& b,
                                                 const unit& in_b) {
  return combine(a, in_a, b, in_b, 1);
}

boost::system::result<product, failure> divide(const decimal& a, const unit& in_a, const decimal& b, const unit& in_b) {
  if (b.is_zero()) return failure::zero_divisor;
  return combine(a, in_a, b, in_b, -1);
}

boost::system::result<product, failure> canonical(const decimal& value, const unit& in) {
  if (in.in_product) return failure::special_in_product;
  if (in.out_of_range) return failure::out_of_range;
  unit base = in;
  base.scale = {};
  base.special = 0;
  const auto result = convert(value, in, base);
  if (!result) return result.error();
  return product{*result, base_text(base)};
}

std::string base_text(const unit& u) {
  std::string out;
  const auto add = [&](std::string_view symbol, int exponent) {
    if (!out.empty()) out += '.';
    out += symbol;
    if (exponent != 1) out += std::to_string(exponent);
  };
  for (const bool positive : {true, false}) {
    for (std::size_t i = 0; i < u.dimension.size(); ++i)
      if (u.dimension[i] != 0 && (u.dimension[i] > 0) == positive) add(base_units[i], u.dimension[i]);
    for (const auto& a : u.arbitrary)
      if (a.exponent != 0 && (a.exponent > 0) == positive) add(rows[a.symbol].symbol, a.exponent);
  }
  return out.empty() ? "1" : out;
}

std::string_view to_text(failure f) {
  switch (f) {
    case failure::incommensurable:
      return "the units do not measure the same";
    case failure::special_in_product:
      return "a unit on a scale of its own cannot be multiplied or divided";
    case failure::out_of_range:
      return "the result has no place in a decimal";
    case failure::undefined:
      return "the unit's function has no value there";
    case failure::zero_divisor:
      return "the divisor is zero";
  }
  return {};
}

void throw_exception_from_error(failure f, const boost::source_location&) {
  throw std::domain_error(std::string(to_text(f)));
}

}  // namespace mainstay::fhir::ucum
