// Writes JSON text: hook responses, search URLs' bodies, recordings, explain's output.
#pragma once

#include <string>
#include <string_view>

#include "fhir/json/document.hpp"

namespace mainstay::fhir::json {

/// Appends JSON to a string, commas and escapes in place. Misuse (a value without a key in an object) asserts.
/// Not thread-safe; cheap to make. Strings are UTF-8, a byte that is not becomes U+FFFD; control characters are
/// escaped, U+2028/9 too.
class writer {
 public:
  /// `indent` 0 writes one line; else that many spaces a level.
  explicit writer(unsigned indent = 0) : indent_(indent) {}
  writer& begin_object();
  writer& end_object();
  writer& begin_array();
  writer& end_array();
  writer& key(std::string_view name);
  writer& string(std::string_view text);
  writer& boolean(bool value);
  writer& null();
  writer& number(long long value);
  /// A number by its own text, e.g. a decimal's digits; must be a JSON number.
  writer& raw_number(std::string_view text);
  /// A whole value copied from a document, numbers by their text.
  writer& value(const node& v);
  /// key() and string() in one.
  writer& member(std::string_view name, std::string_view text) { return key(name).string(text); }
  const std::string& text() const& { return out_; }
  std::string text() && { return std::move(out_); }

 private:
  void before_value();
  void newline();
  std::string out_;
  std::string open_;  // one character per open container: '{' or '['
  unsigned indent_;
  bool first_ = true;
  bool after_key_ = false;
};

/// One value as JSON text.
std::string to_text(const node& value, unsigned indent = 0);

}  // namespace mainstay::fhir::json
