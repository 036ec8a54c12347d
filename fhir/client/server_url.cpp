#include "fhir/client/server_url.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "fhir/client/curl_handles.hpp"

namespace mainstay::fhir::client {
namespace {

// Servers put ids and search states of some hundred bytes into a link; a longer one than this is not passed on.
constexpr std::size_t longest_url = 16 << 10;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return lower(c); });
  return text;
}

// libcurl stops at a NUL and takes a backslash or a control character for an ordinary one, other parsers do not.
bool plain(std::string_view url) {
  return url.size() <= longest_url && std::none_of(url.begin(), url.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\';
         });
}

// A path that means another one once it is decoded (`%2e%2e`, `%2f`): the server might decode it after our check.
bool hides_segments(std::string_view path) {
  const std::string text = lower(std::string(path));
  for (std::string_view code : {"%2e", "%2f", "%5c", "%00"})
    if (text.find(code) != std::string::npos) return true;
  return false;
}

struct parts {
  std::string origin, path;
  bool user = false, query = false;
};

std::string get(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  const curl_text owner(text);
  return text;
}

bool set(CURLU* url, const std::string& text) {
  return curl_url_set(url, CURLUPART_URL, text.c_str(), CURLU_URLENCODE) == CURLUE_OK;
}

std::optional<parts> split(CURLU* url) {
  parts p;
  const std::string scheme = lower(get(url, CURLUPART_SCHEME));
  const std::string host = lower(get(url, CURLUPART_HOST));
  const std::string port = get(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  if ((scheme != "http" && scheme != "https") || host.empty() || port.empty()) return std::nullopt;
  p.origin = scheme + "://" + host + ":" + port;
  p.path = get(url, CURLUPART_PATH);
  p.user = !get(url, CURLUPART_USER).empty() || !get(url, CURLUPART_PASSWORD).empty();
  p.query = !get(url, CURLUPART_QUERY).empty();
  return p;
}

}  // namespace

std::string_view to_text(url_errc e) {
  switch (e) {
    case url_errc::base_not_understood:
      return "base url not understood";
    case url_errc::next_not_understood:
      return "next link not understood";
    case url_errc::next_leaves_server:
      return "next link leaves the server";
  }
  return {};
}

void throw_exception_from_error(url_errc e, const boost::source_location&) {
  throw std::runtime_error(std::string(to_text(e)));
}

boost::system::result<server_url, url_errc> server_url::parse(std::string_view base) {
  ensure_curl();
  const url_handle url(curl_url());
  if (!url || !plain(base) || base.find_first_of("?#@ ") != std::string_view::npos)
    return url_errc::base_not_understood;
  if (base.find(":///") != std::string_view::npos)
    return url_errc::base_not_understood;  // libcurl takes the path for a host
  if (!set(url.get(), std::string(base))) return url_errc::base_not_understood;
  const std::optional<parts> p = split(url.get());
  if (!p || p->user || p->query || hides_segments(p->path)) return url_errc::base_not_understood;
  server_url made;
  made.text_ = get(url.get(), CURLUPART_URL);
  made.origin_ = p->origin;
  made.path_ = p->path;
  while (!made.text_.empty() && made.text_.back() == '/') made.text_.pop_back();
  while (!made.path_.empty() && made.path_.back() == '/') made.path_.pop_back();
  return made;
}

boost::system::result<std::string, url_errc> server_url::next(std::string_view current, std::string_view link) const {
  const url_handle url(curl_url());
  if (!url || link.empty() || !plain(link)) return url_errc::next_not_understood;
  const bool from_current = link.front() == '?' || link.front() == '/';
  if (!set(url.get(), from_current ? std::string(current) : text_ + "/")) return url_errc::next_not_understood;
  if (!set(url.get(), std::string(link))) return url_errc::next_not_understood;
  curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
  const std::optional<parts> p = split(url.get());
  if (!p) return url_errc::next_leaves_server;  // ftp:, javascript:
  const bool below = p->path.starts_with(path_) && (p->path.size() == path_.size() || p->path[path_.size()] == '/');
  if (p->user || p->origin != origin_ || !below || hides_segments(p->path)) return url_errc::next_leaves_server;
  std::string text = get(url.get(), CURLUPART_URL);
  if (text.empty() || text.size() > longest_url) return url_errc::next_not_understood;
  return text;
}

}  // namespace mainstay::fhir::client
