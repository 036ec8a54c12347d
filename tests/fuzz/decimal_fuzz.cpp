// Two texts parted by a blank are read as decimals: a value prints and reads the same, and its arithmetic is exact.
#include <cstdint>
#include <string_view>

#include "fhir/types/decimal.hpp"
#include "target.hpp"

using mainstay::fhir::decimal;
using mainstay::fuzz::require;

namespace {

void check_one(const decimal& d) {
  const auto again = decimal::parse(d.to_string());
  require(again.has_value() && again->mantissa() == d.mantissa() && again->scale() == d.scale());
  require(d.normalized() == d && d.negated().negated() == d);
  for (const int digits : {0, 3, 60}) require(d.rounded(digits).scale() <= d.scale());
  for (const int power : {-70, -2, 2, 70})
    if (const auto there = d.shifted(power))
      if (const auto back = there->shifted(-power)) require(*back == d);
}

void check_two(const decimal& a, const decimal& b) {
  require((a < b) == (b > a) && (a == b) == (b == a));
  const auto sum = a.add(b);
  if (sum)
    if (const auto back = sum->subtract(b)) require(*back == a);
  const auto product = a.multiply(b);
  if (product && !b.is_zero())
    if (const auto back = product->divide(b, 60)) require(*back == a);
  if (const auto difference = a.subtract(b)) require(difference->is_negative() == (a < b));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = mainstay::fuzz::text_of(data, size);
  const std::size_t blank = text.find(' ');
  const auto a = decimal::parse(text.substr(0, blank));
  if (a) check_one(*a);
  if (blank == std::string_view::npos) return 0;
  const auto b = decimal::parse(text.substr(blank + 1));
  if (b) check_one(*b);
  if (a && b) check_two(*a, *b);
  return 0;
}
