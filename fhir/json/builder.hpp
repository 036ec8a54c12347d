// Receives the events of RapidJSON's reader and builds the tree; refuses what the reader lets pass.
// Used by parse() alone. One per parse, not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/json/arena.hpp"
#include "fhir/json/document.hpp"

namespace mainstay::fhir::json {

/// A handler of RapidJSON's SAX interface. A function that returns false ends the reading; refusal() then says why.
class builder {
 public:
  using size_type = unsigned;

  builder(arena& memory, const limits& limit);

  bool Null() { return put_scalar(make(kind::null, 0, nullptr), 4); }
  bool Bool(bool value) { return put_scalar(make(kind::boolean, value ? 1 : 0, nullptr), value ? 4 : 5); }
  bool RawNumber(const char* text, size_type size, bool copy);
  bool String(const char* text, size_type size, bool);
  bool Key(const char* text, size_type size, bool);
  bool StartObject() { return open(true); }
  bool EndObject(size_type count);
  bool StartArray() { return open(false); }
  bool EndArray(size_type count);
  // Events of numbers that are read; they come as text.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  const node& root() const { return entries_.front().value; }

  /// Why an event returned false, and where: at `at`, or `back` bytes before the reader's own offset.
  struct refusal_t {
    parse_errc code;
    const char* at;
    std::size_t back;
  };
  const refusal_t& refusal() const { return refusal_; }
  /// JSON pointer to the innermost value that is not finished; `in_item`: an item of an array was about to begin.
  std::string pointer(bool in_item) const;

 private:
  struct frame {
    std::size_t first;  ///< of its children in entries_
    bool object;
  };

  static node make(kind k, std::uint32_t size, const void* data);
  bool put_scalar(const node& value, std::size_t back) { return count(back) && (put(value), true); }
  void put(const node& value);
  bool count(std::size_t back);
  bool open(bool object);
  /// The innermost container ends: it is a node of kind `k` with this data.
  void close(kind k, size_type count, const void* data);
  bool refuse(parse_errc code, const char* at, std::size_t back = 0);
  /// The later of two members of the same name, or nullptr; then `names` is of all of them.
  const member* find_duplicate(const member* first, std::size_t size, name_set& names) const;

  arena& memory_;
  const limits& limit_;
  std::size_t nodes_ = 0;
  std::vector<member> entries_;  ///< children of the open containers, one after another
  std::vector<frame> frames_;
  bool key_pending_ = false;
  std::string duplicate_;
  refusal_t refusal_{parse_errc::syntax, nullptr, 0};
};

}  // namespace mainstay::fhir::json
