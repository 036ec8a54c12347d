#include "fhir/json/number_range.hpp"

#include <charconv>
#include <cstddef>
#include <system_error>

namespace mainstay::fhir::json {
namespace {

/// Is the value above 1? Tells overflow from underflow once a number is known to be outside the range.
bool is_large(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t exponent_at = text.find_first_of("eE");
  const std::string_view digits = text.substr(0, exponent_at);
  const std::size_t point = digits.find('.');
  const std::string_view whole = digits.substr(0, point);
  long long magnitude = static_cast<long long>(whole.size());
  if (whole == "0") {
    magnitude = 0;
    for (std::size_t i = 2; i < digits.size() && digits[i] == '0'; ++i) --magnitude;
  }
  if (exponent_at == std::string_view::npos) return magnitude > 0;
  std::string_view exponent = text.substr(exponent_at + 1);
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  long long value = 0;
  const auto read = std::from_chars(exponent.data(), exponent.data() + exponent.size(), value);
  if (read.ec != std::errc{}) return !exponent.starts_with('-');
  return value > -magnitude;
}

}  // namespace

bool fits_double(std::string_view text) {
  constexpr std::size_t always = 308;  // digits without an exponent that are below 10^308
  if (text.size() <= always && text.find_first_of("eE") == std::string_view::npos) return true;
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec != std::errc::result_out_of_range || !is_large(text);
}

}  // namespace mainstay::fhir::json
