#include "cds/gather/permitted.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace mainstay::cds::gather {

namespace {
std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

constexpr std::size_t longest_url = 2048;  // what proxies and servers in use accept
}  // namespace

std::optional<std::string> normalize_base(std::string_view url) {
  if (url.size() > longest_url) return std::nullopt;
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view(url.data(), url.size()));
  if (!parsed) return std::nullopt;
  const boost::urls::url_view& u = *parsed;
  const std::string scheme = lower(std::string_view(u.scheme().data(), u.scheme().size()));
  const bool https = scheme == "https";
  if (!https && scheme != "http") return std::nullopt;
  if (!u.has_authority() || u.has_userinfo() || u.has_query() || u.has_fragment()) return std::nullopt;
  const std::string host = lower(std::string_view(u.encoded_host().data(), u.encoded_host().size()));
  // One name, one spelling: what decoding could turn into another name or path is refused rather than decoded.
  if (host.empty() || host.find('%') != std::string::npos) return std::nullopt;
  std::string port(u.port().data(), u.port().size());
  if (u.has_port() && (port.empty() || port.size() > 5)) return std::nullopt;
  port.erase(0, std::min(port.find_first_not_of('0'), port.size()));
  if (port.empty()) {
    if (u.has_port()) return std::nullopt;
    port = https ? "443" : "80";
  }

  std::string_view path(u.encoded_path().data(), u.encoded_path().size());
  if (path.find('%') != std::string_view::npos) return std::nullopt;
  if (path.ends_with('/')) path.remove_suffix(1);
  std::string out = scheme + "://" + host + ":" + port;
  while (!path.empty()) {
    path.remove_prefix(1);  // '/'
    const std::string_view segment = path.substr(0, path.find('/'));
    if (segment.empty() || segment == "." || segment == "..") return std::nullopt;
    out.append("/").append(segment);
    path.remove_prefix(segment.size());
  }
  return out;
}

const permitted_server* find_permitted(const std::vector<permitted_server>& servers, std::string_view url) {
  const auto wanted = normalize_base(url);
  if (!wanted) return nullptr;
  const auto at = std::find_if(servers.begin(), servers.end(), [&](const auto& s) { return normalize_base(s.base) == wanted; });
  return at == servers.end() ? nullptr : &*at;
}

std::optional<permitted_server> parse_permitted(std::string_view text) {
  constexpr std::string_view suffix = ",token";
  permitted_server server;
  server.needs_token = text.ends_with(suffix);
  if (server.needs_token) text.remove_suffix(suffix.size());
  server.base = text;
  if (!normalize_base(text)) return std::nullopt;
  return server;
}

}  // namespace mainstay::cds::gather
