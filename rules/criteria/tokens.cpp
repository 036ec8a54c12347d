#include "rules/criteria/tokens.hpp"

#include <algorithm>
#include <array>

#include "fhir/json/unicode.hpp"

namespace mainstay::rules {

namespace {
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Longest first. Those of other languages are here so that their repair can be told.
constexpr std::array<std::string_view, 21> other_operators = {
    "!~", "==", "<>", "&&", "||", "!", "~", "&", "+", "-", "*", "/", "{", "}", "[", "]", "%", "$", "@", ",", "?"};
}  // namespace

std::vector<token> tokens_of(std::string_view text) {
  std::vector<token> out;
  std::size_t i = 0;
  const auto add = [&](token::kind k, std::size_t from, std::size_t to) {
    out.push_back({k, text.substr(from, to - from), from, to - from});
  };
  while (i < text.size()) {
    const char c = text[i];
    const std::size_t from = i;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++i;
    } else if (is_letter(c)) {
      while (i < text.size() && (is_letter(text[i]) || is_digit(text[i]))) ++i;
      add(token::kind::name, from, i);
    } else if (is_digit(c)) {
      while (i < text.size() && is_digit(text[i])) ++i;
      if (i + 1 < text.size() && text[i] == '.' && is_digit(text[i + 1])) {
        ++i;
        while (i < text.size() && is_digit(text[i])) ++i;
      }
      add(token::kind::number, from, i);
    } else if (c == '\'') {
      const std::size_t close = text.find('\'', i + 1);
      i = close == std::string_view::npos ? text.size() : close + 1;
      if (close == std::string_view::npos) {
        add(token::kind::other, from, i);
      } else {
        out.push_back({token::kind::string, text.substr(from + 1, close - from - 1), from, i - from});
      }
    } else if (const std::string_view two = text.substr(i, 2); two == "!=" || two == "<=" || two == ">=") {
      add(token::kind::compare, from, i += 2);
    } else {
      const auto odd = std::find_if(other_operators.begin(), other_operators.end(),
                                    [&](std::string_view o) { return text.substr(i).starts_with(o); });
      if (odd != other_operators.end()) {
        add(token::kind::other, from, i += odd->size());
      } else {
        ++i;
        // A whole UTF-8 character, so that a message never holds half of one.
        while (i < text.size() && fhir::json::continues_character(text[i])) ++i;
        const token::kind k = c == '=' || c == '<' || c == '>' ? token::kind::compare
                              : c == '('                       ? token::kind::open
                              : c == ')'                       ? token::kind::close
                              : c == '|'                       ? token::kind::bar
                              : c == '.'                       ? token::kind::dot
                                                               : token::kind::other;
        add(k, from, i);
      }
    }
  }
  out.push_back({token::kind::end, {}, text.size(), 1});
  return out;
}

}  // namespace mainstay::rules
