// UCUM's grammar (2.2, section 2.1) as one pass over the text, at build time and at run time. Private to fhir/ucum.
//
//   main      = [ "/" ] term
//   term      = component *( ("." / "/") component )        ; from the left: a/b.c is (a/b).c
//   component = simple [ exponent ] [ annotation ] / digits [ annotation ] / annotation / "(" term ")"
//   simple    = [ prefix ] atom                             ; "10*" and "10^" are atoms too
//   exponent  = [ "+" / "-" ] digits
//
// Brackets need no recursion: a term is a product, so all that a bracket hands down is whether it divides.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "fhir/ucum/unit.hpp"

namespace mainstay::fhir::ucum {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Exponents saturate here: a factor of such a power is out of range anyway.
inline constexpr std::int32_t exponent_limit = 100'000;

/// Calls the sink for each thing it meets. A sink has
///   std::optional<unit_error> symbol(text, at, divides, exponent), number(text, at, divides)
///   void open(divides), close(), annotation(divides).
template <class Sink>
class grammar {
 public:
  constexpr grammar(std::string_view text, const limits& limit, Sink& sink) : text_(text), limit_(limit), sink_(sink) {}

  constexpr std::optional<unit_error> run() {
    if (text_.empty()) return unit_error{unit_errc::empty, 0, 0};
    if (text_.size() > limit_.length) return unit_error{unit_errc::too_long, limit_.length, 0};
    bool divides = at('/');
    if (divides) ++i_;
    while (true) {
      while (at('(')) {
        if (depth_ == limit_.depth) return error(unit_errc::too_deep, i_, 1);
        ++depth_;
        sink_.open(divides);
        divides = false;
        ++i_;
      }
      if (auto wrong = component(divides)) return wrong;
      for (; at(')'); ++i_, --depth_) {
        if (depth_ == 0) return error(unit_errc::closing_parenthesis, i_, 1);
        sink_.close();
      }
      if (i_ == text_.size()) break;
      if (!at('.') && !at('/')) return error(unit_errc::no_operator, i_, 1);
      divides = at('/');
      ++i_;
    }
    if (depth_ != 0) return error(unit_errc::open_parenthesis, text_.size(), 0);
    return std::nullopt;
  }

 private:
  constexpr bool at(char c) const { return i_ < text_.size() && text_[i_] == c; }
  constexpr bool at_digit() const { return i_ < text_.size() && is_digit(text_[i_]); }
  static constexpr unit_error error(unit_errc code, std::size_t at, std::size_t length) { return {code, at, length}; }

  constexpr std::optional<unit_error> component(bool divides) {
    const std::size_t begin = i_;
    if (at('{')) {
      if (auto wrong = annotation()) return wrong;
      if (i_ < text_.size() && !at('.') && !at('/') && !at(')'))
        return error(unit_errc::annotation_in_front, begin, i_ - begin);
      sink_.annotation(divides);
      return std::nullopt;
    }
    if (i_ == text_.size() || at('.') || at('/') || at(')')) {
      const bool after_operator = begin != 0;
      return error(unit_errc::no_operand, after_operator ? begin - 1 : 0, 1);
    }
    const bool ten = text_.substr(i_).starts_with("10*") || text_.substr(i_).starts_with("10^");
    if (at_digit() && !ten) {
      while (at_digit()) ++i_;
      const auto digits = text_.substr(begin, i_ - begin);
      if (digits.find_first_not_of('0') == std::string_view::npos) return error(unit_errc::zero, begin, digits.size());
      if (auto wrong = sink_.number(digits, begin, divides)) return wrong;
      return optional_annotation();
    }
    if (ten) {
      i_ += 3;
    } else if (auto wrong = symbol()) {
      return wrong;
    }
    const std::size_t end = i_;
    std::int32_t exponent = 1;
    if (auto wrong = read_exponent(exponent)) return wrong;
    if (auto wrong = sink_.symbol(text_.substr(begin, end - begin), begin, divides, exponent)) return wrong;
    return optional_annotation();
  }

  /// Outside of square brackets a symbol ends at an operator, a digit or a sign; inside it may hold them.
  constexpr std::optional<unit_error> symbol() {
    const std::size_t begin = i_;
    for (; i_ < text_.size(); ++i_) {
      const char c = text_[i_];
      if (c == '[') {
        const std::size_t bracket = i_;
        while (i_ < text_.size() && text_[i_] != ']' && text_[i_] > ' ' && text_[i_] < 127) ++i_;
        if (i_ == text_.size()) return error(unit_errc::open_bracket, bracket, 1);
        if (text_[i_] != ']') return error(unit_errc::character, i_, 1);
        continue;
      }
      if (c == '.' || c == '/' || c == '(' || c == ')' || c == '{' || c == '+' || c == '-' || is_digit(c)) break;
      if (c <= ' ' || c >= 127 || c == '"' || c == '=' || c == ']' || c == '}')
        return error(unit_errc::character, i_, 1);
    }
    if (i_ == begin) return error(unit_errc::character, i_, 1);
    return std::nullopt;
  }

  constexpr std::optional<unit_error> read_exponent(std::int32_t& exponent) {
    const std::size_t begin = i_;
    const bool negative = at('-');
    if (negative || at('+')) ++i_;
    if (!at_digit()) {
      if (i_ != begin) return error(unit_errc::bare_exponent, begin, 1);
      return std::nullopt;
    }
    exponent = 0;
    for (; at_digit(); ++i_) exponent = exponent >= exponent_limit ? exponent_limit : exponent * 10 + (text_[i_] - '0');
    if (exponent > exponent_limit) exponent = exponent_limit;
    if (negative) exponent = -exponent;
    return std::nullopt;
  }

  constexpr std::optional<unit_error> optional_annotation() { return at('{') ? annotation() : std::nullopt; }

  constexpr std::optional<unit_error> annotation() {
    const std::size_t begin = i_++;
    for (; i_ < text_.size(); ++i_) {
      const char c = text_[i_];
      if (c == '}') {
        ++i_;
        return std::nullopt;
      }
      if (c <= ' ' || c >= 127 || c == '{') return error(unit_errc::character, i_, 1);
    }
    return error(unit_errc::open_annotation, begin, 1);
  }

  std::string_view text_;
  const limits& limit_;
  Sink& sink_;
  std::size_t i_ = 0;
  int depth_ = 0;
};

/// No value where the text is a unit.
template <class Sink>
constexpr std::optional<unit_error> read_unit(std::string_view text, const limits& limit, Sink& sink) {
  return grammar<Sink>(text, limit, sink).run();
}

}  // namespace mainstay::fhir::ucum
