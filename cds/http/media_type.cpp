#include "cds/http/media_type.hpp"

#include <algorithm>

#include "cds/http/text.hpp"

namespace mainstay::cds::http {
namespace {

/// Takes a token or a quoted string from the front of `rest`; nothing where there is neither.
std::optional<std::string> take_value(std::string_view& rest) {
  std::string out;
  if (!rest.starts_with('"')) {
    std::string_view token = rest.substr(0, rest.find_first_of("; \t"));
    if (!is_token(token)) return std::nullopt;
    rest.remove_prefix(token.size());
    return std::string(token);
  }
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return out;
    }
    if (rest[i] == '\\' && ++i == rest.size()) break;
    out.push_back(rest[i]);
  }
  return std::nullopt;
}

}  // namespace

std::optional<media_type> parse_media_type(std::string_view value) {
  std::size_t semicolon = std::min(value.find(';'), value.size());
  std::string_view name = trim(value.substr(0, semicolon));
  std::size_t slash = name.find('/');
  if (slash == std::string_view::npos || !is_token(name.substr(0, slash)) || !is_token(name.substr(slash + 1)))
    return std::nullopt;
  media_type out{lower_case(name), {}};
  std::string_view rest = trim(value.substr(semicolon));
  while (!rest.empty()) {
    if (rest.front() != ';') return std::nullopt;
    rest = trim(rest.substr(1));
    if (rest.empty() || rest.front() == ';') continue;  // RFC 9110 5.6.6 allows an empty parameter
    std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos || !is_token(rest.substr(0, equals))) return std::nullopt;
    std::string parameter = lower_case(rest.substr(0, equals));
    rest.remove_prefix(equals + 1);
    std::optional<std::string> text = take_value(rest);
    if (!text) return std::nullopt;
    rest = trim(rest);
    if (parameter != "charset") continue;
    if (!out.charset.empty() || text->empty()) return std::nullopt;
    out.charset = lower_case(*text);
  }
  return out;
}

}  // namespace mainstay::cds::http
