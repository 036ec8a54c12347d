// A JSON text as an immutable tree: what every reader of FHIR and CDS Hooks bytes works on.
//
// Lifetime: a document owns its text and its arena; nodes and string views live as long as it and do not move
// when the document is moved. Threads: immutable after parse(), so any number of threads may read.
#pragma once

#include <algorithm>
#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace mainstay::fhir::json {

enum class kind : std::uint8_t { null, boolean, number, string, array, object };

struct member;

/// Precomputed name of an object member; make it once (constexpr), look it up many times.
struct key {
  std::string_view text;
  std::uint32_t tag;
  constexpr key(std::string_view t);  // NOLINT(google-explicit-constructor): a literal is a key
  constexpr key(const char* t) : key(std::string_view(t)) {}  // NOLINT(google-explicit-constructor)
};

/// The first `count` bytes at `at` (up to 8) as a number; a load where the count is a constant.
template <std::size_t count>
constexpr std::uint64_t tag_bytes(const char* at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | static_cast<unsigned char>(at[i]);
  return value;
}

/// Up to 8 bytes at `at` as a number that tells texts of one size apart.
constexpr std::uint64_t tag_rest(const char* at, std::size_t size) {
  if (size == 8) return tag_bytes<8>(at);
  if (size >= 4) return tag_bytes<4>(at) << 32 | tag_bytes<4>(at + size - 4);
  if (size == 0) return 0;
  return tag_bytes<1>(at) << 16 | tag_bytes<1>(at + size / 2) << 8 | tag_bytes<1>(at + size - 1);
}

/// 32-bit tag of a member name; equal names have equal tags. Made for speed on short names: names that share a tag can
/// be found, so nothing may rest on tags alone.
constexpr std::uint32_t tag_of(std::string_view text) {
  constexpr std::uint64_t odd = 0x9E3779B97F4A7C15u;
  std::uint64_t hash = text.size() * odd;
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left > 8; at += 8, left -= 8) {
    hash = (hash ^ tag_bytes<8>(at)) * odd;
    hash ^= hash >> 32;
  }
  hash = (hash ^ tag_rest(at, left)) * odd;
  return static_cast<std::uint32_t>(hash >> 32);
}
constexpr key::key(std::string_view t) : text(t), tag(tag_of(t)) {}

/// One JSON value: 16 bytes, owned by its document.
class node {
 public:
  kind type() const { return kind_; }
  bool is_null() const { return kind_ == kind::null; }
  bool is_string() const { return kind_ == kind::string; }
  bool is_number() const { return kind_ == kind::number; }
  bool is_boolean() const { return kind_ == kind::boolean; }
  bool is_array() const { return kind_ == kind::array; }
  bool is_object() const { return kind_ == kind::object; }

  /// The text of a string, or a number exactly as it was written ("0.040"); empty for other kinds.
  std::string_view text() const;
  /// The value of a boolean; false for other kinds.
  bool boolean() const { return kind_ == kind::boolean && size_ != 0; }
  /// Items of an array, in order; empty for other kinds.
  std::span<const node> items() const;
  /// Members of an object, in the order of the text; empty for other kinds.
  std::span<const member> members() const;
  /// The member of that name, or nullptr (also for other kinds).
  const node* find(const key& name) const;
  /// The text of the string member of that name, or empty where it is absent or not a string.
  std::string_view string(const key& name) const;

 private:
  friend class builder;
  kind kind_ = kind::null;
  [[maybe_unused]] std::uint8_t flags_ = 0;
  [[maybe_unused]] std::uint16_t type_id_ = 0;  // reserved for the R4 element type (fhir/model)
  std::uint32_t size_ = 0;
  const void* data_ = nullptr;  // of an object: its first member, with its name_set in front of it
};

struct member {
  std::uint32_t tag;
  std::uint32_t name_size;
  const char* name_data;
  node value;
  std::string_view name() const { return {name_data, name_size}; }
};
static_assert(sizeof(node) == 16 && sizeof(member) == 32);

/// Which names an object may have, a bit for each tag's last six. Most look-ups are of what a resource does not have, and
/// most of those end here.
using name_set = std::uint64_t;
constexpr name_set name_bit(std::uint32_t tag) { return name_set{1} << (tag & 63U); }

// Here and not in a unit of their own: a chart is read by some thousand of these calls, each of few instructions.
inline std::string_view node::text() const {
  if (kind_ != kind::string && kind_ != kind::number) return {};
  return {static_cast<const char*>(data_), size_};
}
inline std::span<const node> node::items() const {
  if (kind_ != kind::array) return {};
  return {static_cast<const node*>(data_), size_};
}
inline std::span<const member> node::members() const {
  if (kind_ != kind::object) return {};
  return {static_cast<const member*>(data_), size_};
}
/// Are both the same? Names are short: a call of memcmp takes longer than their bytes do.
inline bool same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const auto same = [&]<typename word>(word, std::size_t at) {
    word left, right;
    std::memcpy(&left, a.data() + at, sizeof left);
    std::memcpy(&right, b.data() + at, sizeof right);
    return left == right;
  };
  constexpr std::size_t wide = sizeof(std::uint64_t), half = sizeof(std::uint32_t);
  const std::size_t size = a.size();
  if (size >= wide) {
    for (std::size_t at = 0; at + wide < size; at += wide)
      if (!same(std::uint64_t{}, at)) return false;
    return same(std::uint64_t{}, size - wide);
  }
  if (size >= half) return same(std::uint32_t{}, 0) && same(std::uint32_t{}, size - half);
  return std::equal(a.begin(), a.end(), b.begin());
}
inline const node* node::find(const key& name) const {
  if (kind_ != kind::object || size_ == 0) return nullptr;
  name_set has;
  std::memcpy(&has, static_cast<const std::byte*>(data_) - sizeof has, sizeof has);
  if ((has & name_bit(name.tag)) == 0) return nullptr;
  for (const member& m : members())
    if (m.tag == name.tag && same_name(m.name(), name.text)) return &m.value;
  return nullptr;
}
inline std::string_view node::string(const key& name) const {
  const node* value = find(name);
  return value != nullptr && value->is_string() ? value->text() : std::string_view{};
}

/// Limits of one parse, each with its reason; tested at the edge.
struct limits {
  std::size_t bytes = std::size_t{8} << 20;  ///< the body limit of the HTTP gate
  unsigned depth = 64;                       ///< FHIR nests contained resources and extensions well below this
  std::size_t nodes = std::size_t{2} << 20;  ///< bounds the arena: 48 bytes each at most
};

enum class parse_errc {
  too_large, too_deep, too_many_nodes, syntax, trailing_text, invalid_utf8, lone_surrogate, duplicate_key,
  number_out_of_range, byte_order_mark,
};

/// Why a text was refused. `message` never contains text of the input; `pointer` is a JSON pointer (RFC 6901) to the
/// innermost value begun, cut to 200 bytes (it holds names of the input, so it is for the sender and not for a log).
/// `offset` and `column` count bytes, `line` and `column` from 1.
struct parse_error {
  parse_errc code;
  std::string message;
  std::string pointer;
  std::size_t offset = 0;
  std::size_t line = 1;
  std::size_t column = 1;
};
[[noreturn]] void throw_exception_from_error(const parse_error& e, const boost::source_location& where);

/// An owned JSON text with its tree.
class document {
 public:
  document(document&&) noexcept;
  document& operator=(document&&) noexcept;
  ~document();
  const node& root() const;
  /// Bytes of the text it was read from.
  std::size_t text_size() const;

 private:
  friend boost::system::result<document, parse_error> parse(std::string, const limits&);
  struct state;
  explicit document(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

/// Reads one JSON text (RFC 8259) with all the checks that RapidJSON leaves out: text after the value or after a NUL,
/// duplicate keys, lone surrogates, invalid UTF-8, depth, size, byte order mark. A number outside the range of a double
/// (`1e400`) is refused with its own code; one too small for a double (`1e-400`) is not. Numbers keep their text. Needs
/// twice the text's bytes while it reads, and then once, beside the tree.
boost::system::result<document, parse_error> parse(std::string text, const limits& limit = {});

}  // namespace mainstay::fhir::json
