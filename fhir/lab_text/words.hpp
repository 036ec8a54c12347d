// A cursor over a text that has been brought to plain ASCII, and the words it can meet. Private to fhir/lab_text.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mainstay::fhir::lab_text {

/// Signs that mean the same as one: superscripts, dashes, blanks, `&lt;`; runs of blanks become one, both ends trimmed.
/// No value where another sign that is not ASCII, or a control character, is left.
std::optional<std::string> plain(std::string_view text);

class cursor {
 public:
  explicit cursor(std::string_view text) : text_(text) {}
  bool done() const { return i_ == text_.size(); }
  char peek(std::size_t ahead = 0) const { return i_ + ahead < text_.size() ? text_[i_ + ahead] : '\0'; }
  std::string_view rest() const { return text_.substr(i_); }
  std::size_t place() const { return i_; }
  void back_to(std::size_t place) { i_ = place; }
  void skip(std::size_t count) { i_ += count; }
  void blanks() {
    while (peek() == ' ') ++i_;
  }
  /// Takes a sign.
  bool take(char c) {
    if (peek() != c) return false;
    ++i_;
    return true;
  }
  /// Takes a word in any letters' case, with no letter or digit behind it, and the blanks around it.
  bool word(std::string_view lower);
  /// Takes the longest of words that stands here; the table has longer ones first.
  bool any_of(std::span<const std::string_view> words);

 private:
  std::string_view text_;
  std::size_t i_ = 0;
};

std::span<const std::string_view> labels();
std::span<const std::string_view> negative_words();
std::span<const std::string_view> positive_words();
std::span<const std::string_view> sensitivity_words();
/// What a proportion may be said to be of: "of nucleated cells".
std::span<const std::string_view> of_what();
/// What a ratio's count may be said to count: "cells".
std::span<const std::string_view> counted();

}  // namespace mainstay::fhir::lab_text
