// Any bytes come to the gate: what is let through frames its body in one way, holds nothing that could be a second request or header,
// and is let through again, the same, when it is written out; however the bytes come in pieces, the header's end is the same.
// A seed without CR is read with CR LF for each LF.
#include <algorithm>
#include <cstdint>
#include <string>

#include "cds/http/gate.hpp"
#include "cds/http/media_type.hpp"
#include "cds/http/target.hpp"
#include "target.hpp"

using namespace mainstay::cds::http;
using mainstay::fuzz::require;

namespace {
std::string with_line_ends(std::string_view text) {
  if (text.find('\r') != text.npos) return std::string(text);
  std::string out;
  for (const char c : text) out += c == '\n' ? "\r\n" : std::string(1, c);
  return out;
}

std::string written(const head& h) {
  std::string out = h.fields.method + " " + h.fields.path + (h.fields.query.empty() ? "" : "?" + h.fields.query) + " HTTP/1.1\r\n";
  for (const auto& [name, value] : h.fields.headers) out += name + ": " + value + "\r\n";
  return out + "\r\n";
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); });
}

void check_scan(std::string_view text) {
  header_scan whole, pieces;
  const auto expected = whole.advance(text);
  auto got = header_scan::progress::need_more;
  for (std::size_t n = 1; n <= text.size() && got == header_scan::progress::need_more; ++n) got = pieces.advance(text.substr(0, n));
  require(got == expected);
  if (expected == header_scan::progress::complete) require(whole.size() == pieces.size() && whole.size() <= text.size());
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = with_line_ends({reinterpret_cast<const char*>(data), size});
  check_scan(text);
  if (const auto type = parse_media_type(text)) require(!type->name.empty() && is_printable(type->name));
  header_scan scan;
  if (scan.advance(text) != header_scan::progress::complete) return 0;
  const options limits;
  const auto h = check_raw_header(std::string_view(text).substr(0, scan.size()), limits);
  if (!h) {
    require(h.error().status >= 400 && !h.error().code.empty() && !h.error().message.empty());
    return 0;
  }
  require(is_safe_path(h->fields.path) && is_safe_query(h->fields.query));
  require(h->content_length <= limits.body_bytes && !(h->chunked && (h->content_length > 0 || !h->close)));
  require(std::count_if(h->fields.headers.begin(), h->fields.headers.end(), [](const auto& f) { return f.first == "host"; }) == 1);
  for (const auto& [name, value] : h->fields.headers) require(is_printable(name) && is_printable(value));
  const auto again = check_raw_header(written(*h), limits);
  require(again.has_value() && again->content_length == h->content_length && again->chunked == h->chunked);
  require(again->fields.headers == h->fields.headers && again->fields.path == h->fields.path);
  return 0;
}
