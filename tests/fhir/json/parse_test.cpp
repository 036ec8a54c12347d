// What is read from well-formed texts.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fhir/json/document.hpp"

namespace mainstay::fhir::json {
namespace {

TEST(json_parse, reads_each_kind) {
  const auto d = parse(R"({"a":null,"b":true,"c":false,"d":"text","e":[1,"two",[3]],"f":{},"g":[],"h":{"i":{"j":4}}})");
  ASSERT_TRUE(d.has_value());
  const node& root = d->root();
  ASSERT_EQ(root.type(), kind::object);
  ASSERT_EQ(root.members().size(), 8u);
  EXPECT_EQ(root.members()[0].name(), "a");
  EXPECT_EQ(root.members()[7].name(), "h");
  EXPECT_TRUE(root.find("a")->is_null());
  EXPECT_TRUE(root.find("b")->is_boolean());
  EXPECT_TRUE(root.find("b")->boolean());
  EXPECT_TRUE(root.find("c")->is_boolean());
  EXPECT_FALSE(root.find("c")->boolean());
  EXPECT_EQ(root.find("d")->type(), kind::string);
  const auto items = root.find("e")->items();
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].text(), "1");
  EXPECT_TRUE(items[0].is_number());
  EXPECT_EQ(items[1].text(), "two");
  EXPECT_TRUE(items[1].is_string());
  ASSERT_EQ(items[2].items().size(), 1u);
  EXPECT_EQ(items[2].items()[0].text(), "3");
  EXPECT_TRUE(root.find("f")->is_object());
  EXPECT_TRUE(root.find("f")->members().empty());
  EXPECT_TRUE(root.find("g")->is_array());
  EXPECT_TRUE(root.find("g")->items().empty());
  EXPECT_EQ(root.find("h")->find("i")->find("j")->text(), "4");
}

TEST(json_parse, a_node_of_another_kind_has_nothing) {
  const auto d = parse(R"({"n":1,"s":"x","a":["x"],"b":true,"z":null})");
  ASSERT_TRUE(d.has_value());
  for (const char* name : {"n", "s", "a", "b", "z"}) {
    SCOPED_TRACE(name);
    const node& n = *d->root().find(name);
    EXPECT_TRUE(n.members().empty());
    EXPECT_EQ(n.find("x"), nullptr);
    EXPECT_EQ(n.string("x"), "");
    if (!n.is_array()) EXPECT_TRUE(n.items().empty());
    if (!n.is_string() && !n.is_number()) EXPECT_EQ(n.text(), "");
    if (!n.is_boolean()) EXPECT_FALSE(n.boolean());
  }
  EXPECT_EQ(d->root().find("missing"), nullptr);
  EXPECT_EQ(d->root().string("n"), "");  // a number is no string
  EXPECT_EQ(d->root().string("s"), "x");
}

TEST(json_parse, numbers_keep_their_text) {
  for (const std::string text :
       {"0", "-0", "-0.0", "1E+2", "1e-2", "0.040", "1.50", "123456789012345678901234567890", "1e308", "-1.7e308",
        "1e-400", "0.1e309", "1000e305", "0e5", "2.2250738585072014e-308"}) {
    SCOPED_TRACE(text);
    for (const std::string& whole : {text, "[" + text + "]", "{\"a\":" + text + "}", " " + text + " "}) {
      const auto d = parse(whole);
      ASSERT_TRUE(d.has_value()) << d.error().message;
      const node* n = &d->root();
      if (n->is_array()) n = &n->items()[0];
      if (n->is_object()) n = n->find("a");
      EXPECT_TRUE(n->is_number());
      EXPECT_EQ(n->text(), text);
    }
  }
}

TEST(json_parse, many_digits_are_kept) {
  const std::string nines(10'000, '9');
  for (const std::string& text : {"0." + nines, nines + "e-9999", "0." + std::string(400, '0') + "1",
                                  "0." + std::string(400, '0') + "1e401", "1" + std::string(308, '0')}) {
    const auto d = parse("[" + text + ",1]");
    ASSERT_EQ(d.has_value(), text[0] != '9') << d.error().message;
    if (d) EXPECT_EQ(d->root().items()[0].text(), text);
  }
}

TEST(json_parse, strings_are_decoded) {
  const struct {
    const char *text, *expected;
  } rows[] = {
      {R"("")", ""},
      {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
      {R"("a\u00e9b")", "a\xC3\xA9" "b"},
      {R"("\u20ac\u20AC")", "\xE2\x82\xAC\xE2\x82\xAC"},
      {R"("\ud83d\ude00")", "\xF0\x9F\x98\x80"},
      {R"("\uDBFF\uDFFF")", "\xF4\x8F\xBF\xBF"},
      {R"("\\uDC00")", "\\uDC00"},
      {R"("\\\\ud800 \\ud800")", "\\\\ud800 \\ud800"},
      {R"("\ud7ff\ue000")", "\xED\x9F\xBF\xEE\x80\x80"},
      {"\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\x7F\"", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\x7F"},
      {"\"\xEF\xBB\xBF\"", "\xEF\xBB\xBF"},
      {R"("http:\/\/loinc.org")", "http://loinc.org"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    const auto d = parse(row.text);
    ASSERT_TRUE(d.has_value()) << d.error().message;
    EXPECT_EQ(d->root().text(), row.expected);
    const auto name = parse("{" + std::string(row.text) + ":1}");
    ASSERT_TRUE(name.has_value());
    EXPECT_EQ(name->root().members()[0].name(), row.expected);
    EXPECT_NE(name->root().find(row.expected), nullptr);
  }
}

TEST(json_parse, an_escaped_nul_is_a_character) {
  const auto d = parse(R"({"a\u0000b":"c\u0000d"})");
  ASSERT_TRUE(d.has_value());
  using namespace std::string_view_literals;
  EXPECT_EQ(d->root().string("a\0b"sv), "c\0d"sv);
  EXPECT_EQ(d->root().find("a"), nullptr);
}

TEST(json_parse, blanks_are_where_they_may_be) {
  const auto d = parse(" \t\r\n{ \"a\" : [ 1 , { } , [ ] ] , \"b\" : null } \n");
  ASSERT_TRUE(d.has_value());
  EXPECT_EQ(d->root().find("a")->items().size(), 3u);
}

TEST(json_parse, the_same_name_in_other_objects_is_no_duplicate) {
  EXPECT_TRUE(parse(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]})").has_value());
  EXPECT_TRUE(parse(R"({"a":1,"A":2,"a ":3,"":4})").has_value());
}

TEST(json_parse, each_name_is_found_and_no_other_in_objects_of_every_size) {
  // Far more names than an object's set of them has bits: present and absent ones share all of these.
  constexpr std::size_t names = 400;
  const auto name = [](std::size_t i) { return "name" + std::to_string(i); };
  for (const std::size_t size : {0u, 1u, 2u, 7u, 23u, 24u, 25u, 26u, 63u, 64u, 65u, 200u}) {
    std::string text = "{";
    for (std::size_t i = 0; i < size; ++i) text += (i == 0 ? "\"" : ",\"") + name(i) + "\":" + std::to_string(i);
    const auto d = parse("[" + text + "}]");
    ASSERT_TRUE(d.has_value());
    const node& object = d->root().items()[0];
    for (std::size_t i = 0; i < names; ++i) {
      const std::string wanted = name(i);
      SCOPED_TRACE(wanted + " of " + std::to_string(size));
      const node* found = object.find(std::string_view(wanted));
      ASSERT_EQ(found != nullptr, i < size);
      if (found != nullptr) { EXPECT_EQ(found->text(), std::to_string(i)); }
    }
  }
}

TEST(json_parse, nodes_stay_where_they_are_when_the_document_moves) {
  auto d = parse(R"({"a":["x",12]})");
  ASSERT_TRUE(d.has_value());
  const node* root = &d->root();
  const std::string_view text = root->find("a")->items()[0].text();
  document moved = std::move(*d);
  EXPECT_EQ(&moved.root(), root);
  std::vector<document> many;
  many.push_back(std::move(moved));
  for (int i = 0; i < 10; ++i) many.push_back(*parse("[]"));
  EXPECT_EQ(&many[0].root(), root);
  EXPECT_EQ(text.data(), root->find("a")->items()[0].text().data());
  EXPECT_EQ(text, "x");
}

TEST(json_parse, many_threads_read_one_document) {
  const auto d = parse(R"({"resourceType":"Patient","name":[{"family":"A"}]})");
  ASSERT_TRUE(d.has_value());
  std::vector<std::thread> readers;
  std::vector<int> found(4);
  for (std::size_t i = 0; i < found.size(); ++i)
    readers.emplace_back([&, i] {
      for (int k = 0; k < 1000; ++k)
        found[i] += d->root().find("name")->items()[0].string("family") == "A" ? 1 : 0;
    });
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(found, std::vector<int>(4, 1000));
}

TEST(json_key, tells_names_of_every_length_apart) {
  std::string text = "{", name;
  for (int i = 0; i < 40; ++i, name += static_cast<char>('a' + i % 26))
    text += '"' + name + "\":" + std::to_string(i) + ",";
  const auto d = parse(text + "\"last\":-1}");
  ASSERT_TRUE(d.has_value());
  name.clear();
  for (int i = 0; i < 40; ++i, name += static_cast<char>('a' + i % 26)) {
    ASSERT_NE(d->root().find(std::string_view(name)), nullptr) << name;
    EXPECT_EQ(d->root().find(std::string_view(name))->text(), std::to_string(i));
    for (std::size_t k = 0; k < name.size(); ++k) {  // each byte counts
      std::string other = name;
      other[k] = 'Z';
      EXPECT_NE(tag_of(other), tag_of(name)) << other;
    }
  }
}

TEST(json_key, is_made_at_compile_time) {
  static constexpr key name = "resourceType";
  static_assert(name.tag == tag_of("resourceType") && tag_of("") != tag_of("a"));
  const auto d = parse(R"({"resourceType":"Patient"})");
  ASSERT_TRUE(d.has_value());
  EXPECT_EQ(d->root().string(name), "Patient");
}

}  // namespace
}  // namespace mainstay::fhir::json
