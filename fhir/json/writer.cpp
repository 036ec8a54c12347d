#include "fhir/json/writer.hpp"

#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "fhir/json/unicode.hpp"

namespace mainstay::fhir::json {
namespace {

constexpr char hex[] = "0123456789abcdef";

void append_escape(std::string& out, unsigned char c) {
  switch (c) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\b': out += "\\b"; break;
    case '\f': out += "\\f"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default:
      out += "\\u00";
      out += hex[c >> 4];
      out += hex[c & 15];
  }
}

/// U+2028 or U+2029 at i: line ends to JavaScript, which may be handed our text.
bool is_line_separator(std::string_view text, std::size_t i) {
  return text.substr(i, 2) == "\xE2\x80" && i + 2 < text.size() && (text[i + 2] == '\xA8' || text[i + 2] == '\xA9');
}

/// With U+FFFD for each byte that is not UTF-8: bytes from outside never make our text unreadable.
std::string repaired(std::string_view text) {
  std::string out;
  for (std::size_t bad; (bad = find_invalid_utf8(text)) != std::string_view::npos; text.remove_prefix(bad + 1)) {
    out += text.substr(0, bad);
    out += "\xEF\xBF\xBD";
  }
  return out.append(text);
}

/// From `i` on, in whole blocks, the first place that may not be plain; the begin of what is left where there is none.
std::size_t skip_plain_blocks(std::string_view text, std::size_t i) {
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(' ');
  for (; i + sizeof(__m128i) <= text.size(); i += sizeof(__m128i)) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i));
    // Signed, so that a byte from 0x80 on is less than a space too.
    const __m128i found = _mm_or_si128(_mm_cmplt_epi8(block, space),
                                       _mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)));
    if (const auto marks = static_cast<unsigned>(_mm_movemask_epi8(found)); marks != 0)
      return i + static_cast<std::size_t>(std::countr_zero(marks));
  }
#else
  constexpr std::uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
  // A byte of the result has its top bit set where `word` has a zero there, or above such a place: enough to stop.
  const auto has_zero = [](std::uint64_t word) { return (word - ones) & ~word & tops; };
  for (std::uint64_t word; i + sizeof word <= text.size(); i += sizeof word) {
    std::memcpy(&word, text.data() + i, sizeof word);
    const std::uint64_t control = (word - ones * 0x20) & ~word & tops;
    if (((word & tops) | control | has_zero(word ^ ones * '"') | has_zero(word ^ ones * '\\')) != 0) break;
  }
#endif
  return i;
}

/// From `i` on, the first byte that is not printable ASCII that stands for itself; the text's size where there is none.
std::size_t skip_plain(std::string_view text, std::size_t i) {
  for (i = skip_plain_blocks(text, i); i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') break;
  }
  return i;
}

void append_string(std::string& out, std::string_view text) {
  std::string repair;
  if (find_invalid_utf8(text) != std::string_view::npos) text = repair = repaired(text);
  out += '"';
  std::size_t plain = 0;  // begin of what is copied as it is
  for (std::size_t i = skip_plain(text, 0); i < text.size(); i = skip_plain(text, i)) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool separator = c == 0xE2 && is_line_separator(text, i);
    if (c >= 0x80 && !separator) {
      ++i;
      continue;
    }
    out.append(text, plain, i - plain);
    if (separator) {
      out += text[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 3;
    } else {
      append_escape(out, c);
      ++i;
    }
    plain = i;
  }
  out.append(text, plain);
  out += '"';
}

[[maybe_unused]] bool is_number(std::string_view text) {
  const auto parsed = parse(std::string(text), {.bytes = text.size(), .depth = 0, .nodes = 1});
  return parsed.has_value() && parsed->root().is_number() && parsed->root().text() == text;
}

}  // namespace

void writer::newline() {
  if (indent_ == 0) return;
  out_ += '\n';
  out_.append(indent_ * open_.size(), ' ');
}

void writer::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  assert(open_.empty() ? out_.empty() : open_.back() == '[');
  if (open_.empty()) return;
  if (!first_) out_ += ',';
  newline();
  first_ = false;
}

writer& writer::begin_object() {
  before_value();
  out_ += '{';
  open_ += '{';
  first_ = true;
  return *this;
}

writer& writer::begin_array() {
  before_value();
  out_ += '[';
  open_ += '[';
  first_ = true;
  return *this;
}

writer& writer::end_object() {
  assert(!open_.empty() && open_.back() == '{' && !after_key_);
  open_.pop_back();
  if (!first_) newline();
  out_ += '}';
  first_ = false;
  return *this;
}

writer& writer::end_array() {
  assert(!open_.empty() && open_.back() == '[');
  open_.pop_back();
  if (!first_) newline();
  out_ += ']';
  first_ = false;
  return *this;
}

writer& writer::key(std::string_view name) {
  assert(!open_.empty() && open_.back() == '{' && !after_key_);
  if (!first_) out_ += ',';
  newline();
  first_ = false;
  append_string(out_, name);
  out_ += indent_ == 0 ? ":" : ": ";
  after_key_ = true;
  return *this;
}

writer& writer::string(std::string_view text) {
  before_value();
  append_string(out_, text);
  return *this;
}

writer& writer::boolean(bool value) {
  before_value();
  out_ += value ? "true" : "false";
  return *this;
}

writer& writer::null() {
  before_value();
  out_ += "null";
  return *this;
}

writer& writer::number(long long value) {
  before_value();
  out_ += std::to_string(value);
  return *this;
}

writer& writer::raw_number(std::string_view text) {
  assert(is_number(text));
  before_value();
  out_ += text;
  return *this;
}

writer& writer::value(const node& v) {
  switch (v.type()) {
    case kind::null: return null();
    case kind::boolean: return boolean(v.boolean());
    case kind::string: return string(v.text());
    case kind::number:
      before_value();
      out_ += v.text();
      return *this;
    case kind::array:
      begin_array();
      for (const node& item : v.items()) value(item);
      return end_array();
    case kind::object:
      break;
  }
  begin_object();
  for (const json::member& m : v.members()) key(m.name()).value(m.value);
  return end_object();
}

std::string to_text(const node& value, unsigned indent) {
  writer out(indent);
  out.value(value);
  return std::move(out).text();
}

}  // namespace mainstay::fhir::json
