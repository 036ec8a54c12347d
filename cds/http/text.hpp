// ASCII characters and tokens of RFC 9110 5.6; never the locale's.
#pragma once

#include <string>
#include <string_view>

namespace mainstay::cds::http {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
/// 0 to 15, or -1.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
constexpr bool is_hex_digit(char c) {
  return hex_value(c) >= 0;
}
constexpr char lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_case(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
/// One or more token characters (RFC 9110 5.6.2).
bool is_token(std::string_view text);
/// Without spaces and tabs at both ends.
std::string_view trim(std::string_view text);
/// Does a comma-separated list hold `item`, ignoring case?
bool list_has(std::string_view list, std::string_view item);

}  // namespace mainstay::cds::http
