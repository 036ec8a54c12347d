#include "fhir/json/writer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace mainstay::fhir::json {
namespace {

TEST(json_writer, writes_each_kind) {
  writer w;
  w.begin_object();
  w.key("a").null().key("b").boolean(true).key("c").boolean(false).key("d").number(-9223372036854775807LL - 1);
  w.member("e", "text").key("f").raw_number("0.040");
  w.key("g").begin_array().number(1).string("two").begin_array().end_array().begin_object().end_object().end_array();
  w.end_object();
  EXPECT_EQ(w.text(),
            R"({"a":null,"b":true,"c":false,"d":-9223372036854775808,"e":"text","f":0.040,"g":[1,"two",[],{}]})");
}

TEST(json_writer, indents) {
  writer w(2);
  w.begin_object().key("a").begin_array().number(1).number(2).end_array();
  w.key("b").begin_object().end_object().key("c").begin_array().end_array().end_object();
  EXPECT_EQ(std::move(w).text(), "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": []\n}");
}

TEST(json_writer, escapes) {
  using namespace std::string_view_literals;
  const struct {
    std::string_view text, expected;
  } rows[] = {
      {"", R"("")"},
      {"plain /text", R"("plain /text")"},
      {"\"\\", R"("\"\\")"},
      {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
      {"\0\x01\x1F"sv, R"("\u0000\u0001\u001f")"},
      {"\x7F", "\"\x7F\""},
      {"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\""},
      {"a\xE2\x80\xA8" "b\xE2\x80\xA9" "c", R"("a\u2028b\u2029c")"},
      {"\xE2\x80\xA7", "\"\xE2\x80\xA7\""},
      // What is not UTF-8 is shown as not readable, and the text stays JSON.
      {"a\xFF" "b", "\"a\xEF\xBF\xBD" "b\""},
      {"\xE2\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"\xED\xA0\x80\n", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\\n\""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.expected);
    writer w;
    w.string(row.text);
    EXPECT_EQ(w.text(), row.expected);
    writer name;
    name.begin_object().member(row.text, row.text).end_object();
    EXPECT_EQ(name.text(), "{" + std::string(row.expected) + ":" + std::string(row.expected) + "}");
  }
}

// Plain text is skipped by blocks: what is not plain is seen wherever it stands in one.
TEST(json_writer, escapes_at_every_place) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"\"", "\\\""}, {"\\", "\\\\"}, {"\n", "\\n"}, {"\x1f", "\\u001f"}, {std::string(1, '\0'), "\\u0000"},
      {"\x7f", "\x7f"}, {"\xC3\xA4", "\xC3\xA4"}, {"\xE2\x80\xA8", "\\u2028"}, {"\xFF", "\xEF\xBF\xBD"}};
  for (const auto& [text, written] : table)
    for (std::size_t size = 0; size <= 40; ++size)
      for (std::size_t at = 0; at <= size; ++at) {
        const std::string before(at, 'a'), after(size - at, 'z');
        EXPECT_EQ(std::move(writer().string(before + text + after)).text(), '"' + before + written + after + '"')
            << at << " of " << size;
      }
}

TEST(json_writer, copies_values_with_the_text_of_their_numbers) {
  const std::string text = R"({"a":[-0,1E+2,0.040,null,true],"b":{"c":"x\u2028\n"}})";
  const auto d = parse(text);
  ASSERT_TRUE(d.has_value());
  EXPECT_EQ(to_text(d->root()), text);
  writer w;
  w.begin_array().value(d->root()).value(*d->root().find("a")).end_array();
  EXPECT_EQ(w.text(), "[" + text + ",[-0,1E+2,0.040,null,true]]");
}

#if !defined(NDEBUG)
TEST(json_writer_death, misuse_is_asserted) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(writer().begin_object().number(1), "");
  EXPECT_DEATH(writer().key("a"), "");
  EXPECT_DEATH(writer().begin_object().key("a").key("b"), "");
  EXPECT_DEATH(writer().begin_object().key("a").end_object(), "");
  EXPECT_DEATH(writer().begin_object().end_array(), "");
  EXPECT_DEATH(writer().end_array(), "");
  EXPECT_DEATH(writer().number(1).number(2), "");
  EXPECT_DEATH(writer().raw_number("01"), "");
  EXPECT_DEATH(writer().raw_number("\"1\""), "");
  EXPECT_DEATH(writer().raw_number(" 1"), "");
}
#endif

bool same(const node& a, const node& b) {
  if (a.type() != b.type() || a.text() != b.text() || a.boolean() != b.boolean() ||
      a.items().size() != b.items().size() || a.members().size() != b.members().size())
    return false;
  for (std::size_t i = 0; i < a.items().size(); ++i)
    if (!same(a.items()[i], b.items()[i])) return false;
  for (std::size_t i = 0; i < a.members().size(); ++i)
    if (a.members()[i].name() != b.members()[i].name() || !same(a.members()[i].value, b.members()[i].value))
      return false;
  return true;
}

/// UTF-8 text of any characters but surrogates, with many that need an escape.
std::string any_text() {
  const auto characters = *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::oneOf(
      rc::gen::inRange<std::uint32_t>(0, 0x80), rc::gen::element<std::uint32_t>('"', '\\', '\n', 0, 0x2028, 0x2029),
      rc::gen::inRange<std::uint32_t>(0x80, 0xD800), rc::gen::inRange<std::uint32_t>(0xE000, 0x110000)));
  std::string text;
  for (const std::uint32_t c : characters) {
    const auto put = [&](std::uint32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xC0 | c >> 6), put(0x80 | (c & 63));
    } else if (c < 0x10000) {
      put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 63)), put(0x80 | (c & 63));
    } else {
      put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 63)), put(0x80 | (c >> 6 & 63)), put(0x80 | (c & 63));
    }
  }
  return text;
}

void write_any(writer& w, int depth) {
  switch (*rc::gen::inRange(0, depth == 0 ? 5 : 7)) {
    case 0: w.null(); break;
    case 1: w.boolean(*rc::gen::arbitrary<bool>()); break;
    case 2: w.number(*rc::gen::arbitrary<long long>()); break;
    case 3: w.raw_number(*rc::gen::element<std::string>("-0", "1E+2", "0.040", "1e-7", "12345678901234567890")); break;
    case 4: w.string(any_text()); break;
    case 5: {
      w.begin_array();
      for (int i = *rc::gen::inRange(0, 5); i > 0; --i) write_any(w, depth - 1);
      w.end_array();
      break;
    }
    default: {
      w.begin_object();
      for (int i = *rc::gen::inRange(0, 40); i > 0; --i) {
        w.key(std::to_string(i) + any_text());
        write_any(w, depth - 2 < 0 ? 0 : depth - 2);
      }
      w.end_object();
    }
  }
}

RC_GTEST_PROP(json_property, what_is_written_reads_the_same, ()) {
  const auto indent = *rc::gen::inRange<unsigned>(0, 5);
  writer w(indent);
  write_any(w, 4);
  const auto first = parse(w.text());
  RC_ASSERT(first.has_value());
  RC_ASSERT(to_text(first->root(), indent) == w.text());
  const auto second = parse(to_text(first->root(), 4 - indent));
  RC_ASSERT(second.has_value());
  RC_ASSERT(same(first->root(), second->root()));
}

RC_GTEST_PROP(json_property, any_text_is_written_as_itself, ()) {
  const std::string text = any_text();
  const auto d = parse(writer().string(text).text());
  RC_ASSERT(d.has_value());
  RC_ASSERT(d->root().text() == text);
}

RC_GTEST_PROP(json_property, any_bytes_are_written_as_json, (const std::string& bytes)) {
  RC_ASSERT(parse(writer().string(bytes).text()).has_value());
}

RC_GTEST_PROP(json_property, a_text_without_its_end_is_refused, ()) {
  writer w;
  w.begin_array();
  write_any(w, 3);
  w.end_array();
  const auto cut = *rc::gen::inRange<std::size_t>(0, w.text().size());
  const auto d = parse(w.text().substr(0, cut));
  RC_ASSERT(d.has_error());
  RC_ASSERT(d.error().offset <= cut);
}

}  // namespace
}  // namespace mainstay::fhir::json
