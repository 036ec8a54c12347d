#include "cds/http/gate.hpp"

#include <algorithm>
#include <array>
#include <boost/throw_exception.hpp>
#include <optional>
#include <stdexcept>

#include "cds/http/media_type.hpp"
#include "cds/http/target.hpp"
#include "cds/http/text.hpp"

namespace mainstay::cds::http {
namespace {

using boost::system::result;

constexpr refusal framing(std::string_view message) {
  return {400, "bad_framing", message};
}
constexpr refusal malformed(std::string_view message) {
  return {400, "bad_request", message};
}

/// Fields that must not come twice: which of the two counts would be a guess that a proxy may make otherwise.
constexpr std::array<std::string_view, 6> single_fields{"host",   "content-length", "transfer-encoding",
                                                        "expect", "content-type",   "authorization"};

struct request_line {
  std::string_view method, target;
  bool is_1_0 = false;
};

result<request_line, refusal> read_request_line(std::string_view line) {
  std::size_t first = line.find(' ');
  std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || line.find(' ', first + 1) != last)
    return malformed("the request line must be method, target and version, with one space between");
  std::string_view method = line.substr(0, first);
  std::string_view version = line.substr(last + 1);
  if (!is_token(method) || method.size() > 32) return malformed("the method must be a token of at most 32 characters");
  constexpr std::string_view shape = "HTTP/#.#";
  bool is_version = version.size() == shape.size();
  for (std::size_t i = 0; is_version && i < shape.size(); ++i)
    is_version = shape[i] == '#' ? is_digit(version[i]) : shape[i] == version[i];
  if (!is_version) return malformed("the request line must end with `HTTP/1.1`");
  const bool is_1_0 = version == "HTTP/1.0";
  if (version != "HTTP/1.1" && !is_1_0) return refusal{505, "http_version", "only HTTP/1.1 is spoken here"};
  return request_line{method, line.substr(first + 1, last - first - 1), is_1_0};
}

/// The authority of an absolute-form target (RFC 9112 3.2.2), which is cut from it with its scheme; empty where the
/// target is of another form.
std::string_view take_authority(std::string_view& target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    const std::string_view rest = target.substr(scheme.size());
    const std::string_view authority = rest.substr(0, rest.find('/'));
    if (!authority.empty()) target = rest.substr(authority.size());
    return authority;
  }
  return {};
}

std::optional<refusal> read_target(std::string_view method, std::string_view target, request& out) {
  // CONNECT has no origin form (RFC 9112 3.2.3), and answering it as if it had would confuse a proxy.
  if (method == "CONNECT" || target.empty() || target.front() != '/')
    return refusal{400, "bad_target", "the target must be an absolute path, such as `/cds-services`"};
  std::size_t mark = target.find('?');
  std::string_view path = target.substr(0, mark);
  std::string_view query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  if (!is_safe_path(path))
    return refusal{400, "bad_target", "the path holds a character, an escape or a segment that is not allowed"};
  if (!is_safe_query(query))
    return refusal{400, "bad_target", "the query holds a character that must be percent-encoded, or a wrong escape"};
  out.method = method;
  out.path = path;
  out.query = query;
  return std::nullopt;
}

std::optional<refusal> read_field(std::string_view line, request& out) {
  if (line.front() == ' ' || line.front() == '\t') return framing("folded header lines are not accepted");
  std::size_t colon = line.find(':');
  // A space before the colon is not a token character: RFC 9112 5.1 asks for this very refusal.
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return framing("a header line must be a name, a colon and a value");
  std::string name = lower_case(line.substr(0, colon));
  bool seen = std::any_of(out.headers.begin(), out.headers.end(), [&](const auto& h) { return h.first == name; });
  bool single = std::find(single_fields.begin(), single_fields.end(), name) != single_fields.end();
  if (seen && single)
    return framing(
        "`Host`, `Content-Length`, `Transfer-Encoding`, `Expect`, `Content-Type` and "
        "`Authorization` may come once only");
  out.headers.emplace_back(std::move(name), trim(line.substr(colon + 1)));
  return std::nullopt;
}

/// uri-host and optional port (RFC 9110 7.2): a name, an IPv4 address or an IPv6 address in brackets.
bool is_host(std::string_view value) {
  std::size_t end = 0;
  if (value.starts_with('[')) {
    end = value.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    for (char c : value.substr(1, end - 1))
      if (!is_hex_digit(c) && c != ':' && c != '.') return false;
    ++end;
  } else {
    while (end < value.size() &&
           (is_alphanumeric(value[end]) || std::string_view("-._").find(value[end]) != std::string_view::npos))
      ++end;
    if (end == 0) return false;
  }
  if (end == value.size()) return true;
  std::string_view port = value.substr(end + 1);
  return value[end] == ':' && port.size() <= 5 && std::all_of(port.begin(), port.end(), is_digit);
}

std::optional<refusal> read_framing(head& h, const options& limits) {
  const request& r = h.fields;
  bool has_length = r.has("content-length");
  if (!is_host(r.header("host"))) return framing("there must be one `Host` header with a host and perhaps a port");
  if (r.has("transfer-encoding")) {
    if (has_length) return framing("`Transfer-Encoding` and `Content-Length` exclude each other");
    if (!equal_ignoring_case(r.header("transfer-encoding"), "chunked"))
      return framing("the only transfer coding accepted is `chunked`, alone");
    h.chunked = true;
  }
  if (has_length) {
    std::string_view text = r.header("content-length");
    bool digits = !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
    // Leading zeros are legal, but what reads them as octal frames the message differently.
    if (!digits || (text.size() > 1 && text.front() == '0'))
      return framing("`Content-Length` must be one decimal number");
    if (text.size() > 18) return refusal{413, "too_large", "the body is larger than this server accepts"};
    for (char c : text) h.content_length = h.content_length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  for (const auto& [name, value] : r.headers)
    if (name == "connection" && list_has(value, "close")) h.close = true;
  // Whatever a proxy before us may have thought of the chunks, nothing of them is taken for a request.
  if (h.chunked) h.close = true;
  if (h.content_length > limits.body_bytes)
    return refusal{413, "too_large", "the body is larger than this server accepts"};
  return std::nullopt;
}

std::optional<refusal> read_representation(head& h, const options& limits) {
  request& r = h.fields;
  if (r.has("expect")) {
    if (!equal_ignoring_case(r.header("expect"), "100-continue"))
      return refusal{417, "expectation", "the only expectation met is `100-continue`"};
    h.expects_continue = h.has_body();
  }
  for (const auto& [name, value] : r.headers)
    if (name == "content-encoding" && !equal_ignoring_case(value, "identity"))
      return refusal{415, "content_encoding", "bodies must come without a `Content-Encoding`"};
  std::optional<media_type> type = parse_media_type(r.header("content-type"));
  if (type) r.content_type = type->name;
  if (!h.has_body()) return std::nullopt;
  if (!type) return refusal{415, "media_type", "a body needs a valid `Content-Type`"};
  if (std::find(limits.media_types.begin(), limits.media_types.end(), type->name) == limits.media_types.end())
    return refusal{415, "media_type", "the `Content-Type` of the body is not one that this server reads"};
  if (!type->charset.empty() && type->charset != "utf-8")
    return refusal{415, "media_type", "the `charset` must be utf-8"};
  return std::nullopt;
}

}  // namespace

void throw_exception_from_error(const refusal& e, const boost::source_location& where) {
  boost::throw_exception(std::runtime_error(std::string(e.message)), where);
}

std::string_view request::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers)
    if (name == lower_case_name) return value;
  return {};
}

bool request::has(std::string_view lower_case_name) const {
  return std::any_of(headers.begin(), headers.end(), [&](const auto& h) { return h.first == lower_case_name; });
}

header_scan::progress header_scan::advance(std::string_view so_far) {
  while (at_ < so_far.size()) {
    char c = so_far[at_];
    auto byte = static_cast<unsigned char>(c);
    if (c == '\n' || byte == 0x7f || (byte < 0x20 && c != '\r' && c != '\t')) return progress::bad_byte;
    if (c != '\r') {
      ++at_;
      continue;
    }
    if (so_far.size() < at_ + 2) return progress::need_more;
    if (so_far[at_ + 1] != '\n') return progress::bad_byte;
    at_ += 2;
    // The line just ended was empty: the end, or (at the very start) an empty line that the check refuses.
    if (at_ == 2 || (at_ >= 4 && so_far.substr(at_ - 4, 2) == "\r\n")) return progress::complete;
  }
  return progress::need_more;
}

result<head, refusal> check_raw_header(std::string_view block, const options& limits) {
  if (block.size() > limits.header_bytes)
    return refusal{431, "header_too_large", "the header is larger than this server accepts"};
  header_scan scan;
  if (scan.advance(block) != header_scan::progress::complete || scan.size() != block.size() || block.size() < 4)
    return framing("the header must be lines of text, each ended by CR LF, and an empty line");
  head out;
  std::size_t end = block.find("\r\n");
  auto line = read_request_line(block.substr(0, end));
  if (!line) return line.error();
  std::string_view target = line->target;
  const std::string_view authority = take_authority(target);
  if (auto refused = read_target(line->method, target, out.fields)) return *refused;
  for (std::size_t begin = end + 2; begin + 2 < block.size(); begin = end + 2) {
    end = block.find("\r\n", begin);
    if (out.fields.headers.size() == limits.header_fields)
      return refusal{431, "header_too_large", "the header has more fields than this server accepts"};
    if (auto refused = read_field(block.substr(begin, end - begin), out.fields)) return *refused;
  }
  if (auto refused = read_framing(out, limits)) return *refused;
  // Two names for one host would be a choice that a proxy may make otherwise.
  if (!authority.empty() && !equal_ignoring_case(authority, out.fields.header("host")))
    return refusal{400, "bad_target", "the host of the target and `Host` must be the same"};
  if (line->is_1_0 && out.chunked) return framing("HTTP/1.0 has no transfer coding");
  if (auto refused = read_representation(out, limits)) return *refused;
  if (line->is_1_0) {  // as every 1.0 client can bear it; RFC 9110 10.1.1 has its expectations ignored
    out.close = true;
    out.expects_continue = false;
  }
  return out;
}

}  // namespace mainstay::cds::http
