// Exact decimals: FHIR decimal and every number a rule compares. Value type, no allocation, thread-safe to copy.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mainstay::fhir {

/// An exact decimal: mantissa x 10^-scale, with the scale of its text kept ("0.040" prints as it came).
/// At least 34 significant digits; what does not fit is no value, never a rounded one.
class decimal {
 public:
  using mantissa_type = __int128;
  constexpr decimal() = default;
  explicit constexpr decimal(std::int64_t whole) : mantissa_(whole) {}
  /// Reads a JSON number's text: optional minus, digits, fraction, exponent. Nothing else: no plus, no blanks.
  static std::optional<decimal> parse(std::string_view text);
  /// mantissa x 10^-scale; scale 0 to 60, no value outside.
  static std::optional<decimal> make(mantissa_type mantissa, int scale);

  /// The digits with the scale kept, without exponent: "0.040", "-3", "1.50".
  std::string to_string() const;
  /// Digits after the point.
  int scale() const { return scale_; }
  mantissa_type mantissa() const { return mantissa_; }
  bool is_zero() const { return mantissa_ == 0; }
  bool is_negative() const { return mantissa_ < 0; }

  /// By value: 0.10 equals 0.1.
  friend std::strong_ordering operator<=>(const decimal& a, const decimal& b);
  friend bool operator==(const decimal& a, const decimal& b) { return (a <=> b) == 0; }

  std::optional<decimal> add(const decimal& b) const;
  std::optional<decimal> subtract(const decimal& b) const;
  std::optional<decimal> multiply(const decimal& b) const;
  /// Quotient rounded half away from zero to `digits` places after the point; no value for a zero divisor.
  std::optional<decimal> divide(const decimal& b, int digits = 20) const;
  /// value x 10^power, exactly: a shift of the point.
  std::optional<decimal> shifted(int power) const;
  decimal negated() const;
  /// Rounded half away from zero to `digits` places.
  decimal rounded(int digits) const;
  /// Without trailing zeros after the point.
  decimal normalized() const;

 private:
  mantissa_type mantissa_ = 0;
  std::int32_t scale_ = 0;
};

}  // namespace mainstay::fhir
