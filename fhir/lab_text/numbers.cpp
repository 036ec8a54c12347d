#include "fhir/lab_text/numbers.hpp"

#include <algorithm>
#include <array>

namespace mainstay::fhir::lab_text {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr std::size_t most_groups = 8;

/// Runs of digits and the signs between them: "1.234,5" is {1, 234, 5} with {., ,}.
struct groups {
  std::array<std::string_view, most_groups> digits;
  std::array<char, most_groups> signs{};  ///< signs[k] stands before digits[k]
  std::size_t count = 0;
};

std::string_view take_digits(cursor& at) {
  std::size_t length = 0;
  while (is_digit(at.peek(length))) ++length;
  const std::string_view digits = at.rest().substr(0, length);
  at.skip(length);
  return digits;
}

/// A blank or an apostrophe separates groups only in front of exactly three digits.
bool three_digits_follow(const cursor& at) {
  return is_digit(at.peek(1)) && is_digit(at.peek(2)) && is_digit(at.peek(3)) && !is_digit(at.peek(4));
}

std::optional<groups> take_groups(cursor& at) {
  groups g;
  // US reports leave the zero out: ".01".
  g.digits[g.count++] = at.peek() == '.' && is_digit(at.peek(1)) ? std::string_view("0") : take_digits(at);
  if (g.digits[0].empty()) return std::nullopt;
  while (true) {
    const char sign = at.peek();
    const bool point = (sign == '.' || sign == ',') && is_digit(at.peek(1));
    const bool thin = (sign == ' ' || sign == '\'') && three_digits_follow(at);
    if (!point && !thin) return g;
    if (g.count == most_groups) return std::nullopt;
    at.skip(1);
    g.signs[g.count] = sign;
    g.digits[g.count++] = take_digits(at);
  }
}

/// Are the runs [0, end) groups of thousands, all with one sign?
bool are_thousands(const groups& g, std::size_t end) {
  if (g.digits[0].size() > 3 || g.digits[0].starts_with('0')) return false;
  for (std::size_t k = 1; k < end; ++k)
    if (g.digits[k].size() != 3 || g.signs[k] != g.signs[1]) return false;
  return true;
}

std::string joined(const groups& g, std::size_t end) {
  std::string out;
  for (std::size_t k = 0; k < end; ++k) out += g.digits[k];
  return out;
}

/// The number that the runs can only mean, as JSON writes it.
std::optional<std::string> meaning(const groups& g) {
  if (g.count == 1) return std::string(g.digits[0]);
  const std::size_t last = g.count - 1;
  const char sign = g.signs[last];
  if (g.count == 2) {
    if (sign == ' ' || sign == '\'') return are_thousands(g, 2) ? std::optional(joined(g, 2)) : std::nullopt;
    if (sign == ',' && are_thousands(g, 2)) return std::nullopt;  // 1,234: a thousand and more, or one and a bit
    return std::string(g.digits[0]) + '.' + std::string(g.digits[1]);
  }
  if (are_thousands(g, g.count)) return joined(g, g.count);
  // "1,234.5": the last sign is another than that of the thousands.
  if (!are_thousands(g, last) || sign == ' ' || sign == '\'' || sign == g.signs[1]) return std::nullopt;
  return joined(g, last) + '.' + std::string(g.digits[last]);
}

/// "[+-]digits", at most two, with nothing that would go on.
std::optional<int> take_exponent(cursor& at) {
  const bool negative = at.peek() == '-';
  if (negative || at.peek() == '+') at.skip(1);
  const std::string_view digits = take_digits(at);
  if (digits.empty() || digits.size() > 2) return std::nullopt;
  int exponent = 0;
  for (const char c : digits) exponent = exponent * 10 + (c - '0');
  return negative ? -exponent : exponent;
}

/// What follows "10": `^-4`, `*-4`, or `-4`. 10-4 cannot be a range, for it would go down; 10-15 can only be one.
/// No value, and the cursor where it was, where no power follows.
std::optional<int> take_power(cursor& at) {
  const std::size_t begin = at.place();
  if (at.peek() == '^' || at.peek() == '*') {
    at.skip(1);
    if (const auto e = take_exponent(at)) return e;
  } else if (at.peek() == '-' && is_digit(at.peek(1)) && at.peek(1) != '0' && !is_digit(at.peek(2)) &&
             at.peek(2) != '.' && at.peek(2) != ',' && at.peek(2) != '%' && at.peek(2) != ':') {
    at.skip(1);
    const int exponent = -(at.peek() - '0');
    at.skip(1);
    return exponent;
  }
  at.back_to(begin);
  return std::nullopt;
}

/// "x 10^-3" behind a number; no value, and the cursor where it was, where something else stands there.
std::optional<int> take_times_ten(cursor& at) {
  const std::size_t begin = at.place();
  at.blanks();
  if (at.take('x') || at.take('X') || at.take('*')) {
    at.blanks();
    if (at.peek() == '1' && at.peek(1) == '0') {
      at.skip(2);
      if (const auto power = take_power(at)) return power;
    }
  }
  at.back_to(begin);
  return std::nullopt;
}

std::optional<decimal> read(std::string text, bool negative, int power) {
  // JSON has no leading zeros, and a laboratory that writes them may have lost a point.
  if (text.size() > 1 && text[0] == '0' && text[1] != '.') return std::nullopt;
  const auto value = decimal::parse(negative ? "-" + text : text);
  return value ? value->shifted(power) : std::nullopt;
}

}  // namespace

std::optional<written_number> take_number(cursor& at) {
  const bool negative = at.take('-');
  const auto runs = take_groups(at);
  const auto text = runs ? meaning(*runs) : std::nullopt;
  if (!text) return std::nullopt;
  const auto finish = [&](std::string digits, int power, bool written) -> std::optional<written_number> {
    const auto value = read(std::move(digits), negative, power);
    if (!value) return std::nullopt;
    return written_number{*value, written};
  };
  if (*text == "10" && !negative)
    if (const auto power = take_power(at)) return finish("1", *power, true);
  if (at.peek() == 'e' || at.peek() == 'E') {
    const std::size_t begin = at.place();
    at.skip(1);
    const auto exponent = take_exponent(at);
    // 10E-4 is ten times 10^-4 to a computer and 10^-4 to a laboratory.
    if (exponent) return *text == "10" ? std::nullopt : finish(*text, *exponent, true);
    at.back_to(begin);
  }
  if (const auto power = take_times_ten(at)) return finish(*text, *power, true);
  return finish(*text, 0, false);
}

std::optional<decimal> take_count(cursor& at) {
  const auto runs = take_groups(at);
  if (!runs || (runs->count > 1 && !are_thousands(*runs, runs->count))) return std::nullopt;
  const std::string digits = joined(*runs, runs->count);
  if (digits == "10")
    if (const auto power = take_power(at)) return *power >= 0 ? read("1", false, *power) : std::nullopt;
  if (const auto power = take_times_ten(at)) return *power >= 0 ? read(digits, false, *power) : std::nullopt;
  return read(digits, false, 0);
}

}  // namespace mainstay::fhir::lab_text
