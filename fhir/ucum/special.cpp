#include "fhir/ucum/special.hpp"

#include <boost/multiprecision/cpp_dec_float.hpp>

#include "fhir/ucum/atoms.hpp"
#include "fhir/ucum/exact.hpp"

namespace mainstay::fhir::ucum {
namespace {

using real = boost::multiprecision::number<boost::multiprecision::cpp_dec_float<60>>;

// Beyond this no power of a base of two or more is a decimal's.
constexpr int largest_argument = 1000;
constexpr int digits_kept = 28;

function function_of(const unit& u) {
  return u.special == 0 ? function::none : rows[u.special - 1u].special;
}

/// What is added to the number before it is multiplied by the corresponding unit; no value for the curved functions.
std::optional<decimal> offset(function f) {
  switch (f) {
    case function::none:
      return decimal(0);
    case function::celsius:
      return decimal::make(27315, 2);
    case function::fahrenheit:
      return decimal::make(45967, 2);
    case function::reaumur:
      return decimal::make(21852, 2);  // 273.15 x 4/5
    default:
      return std::nullopt;
  }
}

/// The factor of the unit that a number is of, once its own scale has been counted.
factor corresponding_factor(const unit& u) {
  return u.special == 0 ? u.scale : corresponding(static_cast<std::uint16_t>(u.special - 1));
}
factor own_factor(const unit& u) {
  return u.special == 0 ? factor{} : u.scale;
}

/// Both straight: (value x own + offset) x corresponding, and the same backwards; exact where a decimal can be.
std::optional<number> convert_straight(const decimal& value, const unit& from, const unit& to) {
  const auto scaled = times(value, own_factor(from));
  const auto absolute = scaled ? scaled->value.add(*offset(function_of(from))) : std::nullopt;
  const auto change = multiply(corresponding_factor(from), inverse(corresponding_factor(to)));
  const auto amount = absolute && change ? times(*absolute, *change) : std::nullopt;
  const auto relative = amount ? amount->value.subtract(*offset(function_of(to))) : std::nullopt;
  auto result = relative ? times(*relative, inverse(own_factor(to))) : std::nullopt;
  if (!result) return std::nullopt;
  result->exact = result->exact && scaled->exact && amount->exact;
  result->value = result->value.normalized();  // an offset's places say nothing of the value's
  return result;
}

real to_real(const factor& f) {
  real result = real(boost::multiprecision::cpp_int(f.numerator)) / real(boost::multiprecision::cpp_int(f.denominator));
  const real pi = real(std::string(pi_digits)) / pow(real(10), pi_places);
  return result * pow(real(2), f.twos) * pow(real(5), f.fives) * pow(pi, f.pis);
}

bool small(const factor& f) {
  const auto bounded = [](std::int32_t e, std::int32_t most) { return e <= most && e >= -most; };
  return bounded(f.twos, ratio::most_power) && bounded(f.fives, ratio::most_power) && bounded(f.pis, ratio::most_pis);
}

const real& base_of(function f) {
  static const real ten = 10, two = 2, hundred = 100, thousand = 1000, fifty_thousand = 50000, e = exp(real(1));
  switch (f) {
    case function::hp_c:
      return hundred;
    case function::hp_m:
      return thousand;
    case function::hp_q:
      return fifty_thousand;
    case function::ld:
      return two;
    case function::ln:
      return e;
    default:
      return ten;
  }
}

bool decreasing(function f) {
  return f == function::ph || f == function::hp_x || f == function::hp_c || f == function::hp_m || f == function::hp_q;
}

/// The number of a curved scale as a multiple of its corresponding unit.
std::optional<real> forwards(function f, const real& x) {
  if (f == function::tan100) return atan(x / 100);
  if (f == function::sqrt) return x < 0 ? std::nullopt : std::optional<real>(x * x);
  if (abs(x) > largest_argument) return std::nullopt;
  return pow(base_of(f), decreasing(f) ? real(-x) : f == function::lg_times_2 ? real(x / 2) : x);
}

std::optional<real> backwards(function f, const real& y) {
  if (f == function::tan100) {
    const real quarter_turn = acos(real(0));
    return abs(y) >= quarter_turn ? std::nullopt : std::optional<real>(100 * tan(y));
  }
  if (f == function::sqrt) return y < 0 ? std::nullopt : std::optional<real>(sqrt(y));
  if (y <= 0) return std::nullopt;
  const real power = log(y) / log(base_of(f));
  return decreasing(f) ? real(-power) : f == function::lg_times_2 ? real(2 * power) : power;
}

/// A real as a decimal of 28 digits: its functions have no end.
std::optional<decimal> to_decimal(const real& r) {
  if (!boost::multiprecision::isfinite(r)) return std::nullopt;
  const auto d = decimal::parse(r.str(digits_kept - 1, std::ios_base::scientific));
  if (d) return d->normalized();
  // So small that its last digits have no place.
  const auto fixed = decimal::parse(r.str(58, std::ios_base::fixed));
  return fixed && !fixed->is_zero() && fixed->mantissa() > 1'000'000'000'000 ? std::optional(fixed->normalized())
                                                                             : std::nullopt;
}

}  // namespace

bool increases(const unit& u) {
  return !decreasing(function_of(u));
}

boost::system::result<number, failure> convert_special(const decimal& value, const unit& from, const unit& to) {
  const function f = function_of(from), t = function_of(to);
  if (offset(f) && offset(t)) {
    const auto result = convert_straight(value, from, to);
    if (!result) return failure::out_of_range;
    return *result;
  }
  for (const unit* u : {&from, &to})
    if (!small(u->scale)) return failure::out_of_range;
  const real x = real(value.to_string()) * to_real(own_factor(from));
  const auto offset_from = offset(f), offset_to = offset(t);
  const auto multiple = offset_from ? std::optional<real>(x + real(offset_from->to_string())) : forwards(f, x);
  if (!multiple) return f == function::sqrt ? failure::undefined : failure::out_of_range;
  const real amount = *multiple * to_real(corresponding_factor(from)) / to_real(corresponding_factor(to));
  const auto back = offset_to ? std::optional<real>(amount - real(offset_to->to_string())) : backwards(t, amount);
  if (!back) return failure::undefined;
  const auto result = to_decimal(*back / to_real(own_factor(to)));
  if (!result) return failure::out_of_range;
  return number{*result, false};
}

}  // namespace mainstay::fhir::ucum
