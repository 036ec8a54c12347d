#include "fhir/search/reference.hpp"

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <vector>

namespace mainstay::fhir {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
/// Characters of an id. `_` is not in R4's, but servers use it, and no path or query is changed by it.
constexpr std::array<bool, 256> in_id = [] {
  std::array<bool, 256> table{};
  for (unsigned char c = 0; c < 128; ++c)
    table[c] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  return table;
}();

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string_view without_slash(std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

// Scheme, host, port and path as text that is equal for equal servers; the text itself where it is no URL.
std::string canonical_base(std::string_view text) {
  const auto url = boost::urls::parse_uri(text);
  if (!url) return std::string(without_slash(text));
  const std::string scheme = lower(url->scheme());
  std::string port(url->port());
  if (port.empty()) port = scheme == "https" ? "443" : scheme == "http" ? "80" : "";
  return scheme + "://" + lower(std::string_view(url->encoded_host())) + ":" + port +
         std::string(without_slash(std::string_view(url->encoded_path())));
}

}  // namespace

bool is_id(std::string_view text) {
  if (text.empty() || text.size() > 64 || text == "." || text == "..") return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return in_id[static_cast<unsigned char>(c)]; });
}

bool is_type_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text[0] >= 'A' && text[0] <= 'Z' &&
         std::all_of(text.begin(), text.end(), is_letter);
}

std::optional<reference> parse_reference(std::string_view text) {
  if (text.starts_with("urn:") || text.find_first_of("#?") != std::string_view::npos) return std::nullopt;
  if (const auto history = text.find("/_history/"); history != std::string_view::npos) {
    if (!is_id(text.substr(history + 10))) return std::nullopt;
    text = text.substr(0, history);
  }
  const auto slash = text.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  reference out;
  out.id = text.substr(slash + 1);
  text = text.substr(0, slash);
  const auto before = text.rfind('/');
  out.type = before == std::string_view::npos ? text : text.substr(before + 1);
  if (before != std::string_view::npos) {
    out.base = without_slash(text.substr(0, before));
    // "fhir/Patient/p1" is neither relative to the server's base nor absolute.
    if (out.base.find("://") == std::string::npos) return std::nullopt;
  }
  if (!is_type_name(out.type) || !is_id(out.id)) return std::nullopt;
  return out;
}

bool same_base(std::string_view a, std::string_view b) {
  return a == b || canonical_base(a) == canonical_base(b);
}

}  // namespace mainstay::fhir
