#include "cds/http/target.hpp"

#include <algorithm>

#include "cds/http/text.hpp"

namespace mainstay::cds::http {
namespace {

/// The byte of the escape at the front of `text` ("%2f..."), or -1.
int escaped(std::string_view text) {
  if (text.size() < 3) return -1;
  int high = hex_value(text[1]);
  int low = hex_value(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool is_control(int byte) {
  return byte < 0x20 || byte == 0x7f;
}

}  // namespace

bool is_safe_path(std::string_view path) {
  if (path.empty() || path.front() != '/') return false;
  constexpr std::string_view punctuation = "-._~!$&'()*+,;=:@/";
  for (std::size_t i = 0; i < path.size(); ++i) {
    char c = path[i];
    if (c == '%') {
      int byte = escaped(path.substr(i));
      if (byte < 0 || is_control(byte) || byte == '/' || byte == '\\' || byte == '%' || byte == '.') return false;
      i += 2;
    } else if (!is_alphanumeric(c) && punctuation.find(c) == std::string_view::npos) {
      return false;
    }
  }
  for (std::size_t begin = 1; begin < path.size();) {
    std::size_t end = std::min(path.find('/', begin), path.size());
    std::string_view segment = path.substr(begin, end - begin);
    if (segment.empty() || segment == "." || segment == "..") return false;
    begin = end + 1;
  }
  return true;
}

bool is_safe_query(std::string_view query) {
  constexpr std::string_view punctuation = "-._~!$&'()*+,;=:@/?|";
  for (std::size_t i = 0; i < query.size(); ++i) {
    char c = query[i];
    if (c == '%') {
      int byte = escaped(query.substr(i));
      if (byte < 0 || is_control(byte)) return false;
      i += 2;
    } else if (!is_alphanumeric(c) && punctuation.find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

}  // namespace mainstay::cds::http
