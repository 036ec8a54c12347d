// Each limit at its edge, and the stack that reading needs.
#include <gtest/gtest.h>

#include <string>

#include "fhir/json/document.hpp"
#include "tests/small_stack.hpp"

namespace mainstay::fhir::json {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string nested_objects(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += "{\"a\":";
  return text + "0" + std::string(depth, '}');
}

std::string items(std::size_t count) {
  std::string text = "[";
  for (std::size_t i = 0; i < count; ++i) text += i == 0 ? "0" : ",0";
  return text + "]";
}

TEST(json_limits, at_their_edges) {
  const limits plain;
  const struct {
    const char* name;
    std::string text;
    limits limit;
    bool fits;
    parse_errc code;
    std::size_t offset;
  } rows[] = {
      {"bytes", "[1234]", {.bytes = 6}, true, {}, 0},
      {"one byte too many", "[1234]", {.bytes = 5}, false, parse_errc::too_large, 5},
      {"blanks are bytes", "[1]   ", {.bytes = 5}, false, parse_errc::too_large, 5},
      {"default bytes", std::string(plain.bytes - 1, ' ') + "1", plain, true, {}, 0},
      {"default bytes and one", std::string(plain.bytes, ' ') + "1", plain, false, parse_errc::too_large, plain.bytes},
      {"default depth", nested(64), plain, true, {}, 0},
      {"default depth and one", nested(65), plain, false, parse_errc::too_deep, 64},
      {"default depth of objects", nested_objects(64), plain, true, {}, 0},
      {"default depth of objects and one", nested_objects(65), plain, false, parse_errc::too_deep, 64 * 5},
      {"siblings are not depth", "[" + nested(63) + "," + nested(63) + "]", plain, true, {}, 0},
      {"no depth", "1", {.depth = 0}, true, {}, 0},
      {"no depth and a container", "[]", {.depth = 0}, false, parse_errc::too_deep, 0},
      {"nodes", items(9), {.nodes = 10}, true, {}, 0},
      {"one node too many", items(10), {.nodes = 10}, false, parse_errc::too_many_nodes, 19},
      {"containers are nodes", "[[],{}]", {.nodes = 3}, true, {}, 0},
      {"containers are nodes too many", "[[],{}]", {.nodes = 2}, false, parse_errc::too_many_nodes, 4},
      {"names are no nodes", R"({"a":1,"b":2})", {.nodes = 3}, true, {}, 0},
      {"a string too many", R"(["a","bc"])", {.nodes = 2}, false, parse_errc::too_many_nodes, 5},
      {"a true too many", "[1,true]", {.nodes = 2}, false, parse_errc::too_many_nodes, 3},
      {"default nodes", items(plain.nodes - 1), plain, true, {}, 0},
      {"default nodes and one", items(plain.nodes), plain, false, parse_errc::too_many_nodes, plain.nodes * 2 - 1},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto d = parse(row.text, row.limit);
    ASSERT_EQ(d.has_value(), row.fits) << (d.has_error() ? d.error().message : "");
    if (row.fits) {
      EXPECT_EQ(d->text_size(), row.text.size());
    } else {
      EXPECT_EQ(static_cast<int>(d.error().code), static_cast<int>(row.code)) << d.error().message;
      EXPECT_EQ(d.error().offset, row.offset);
    }
  }
}

TEST(json_limits, a_million_brackets_need_little_stack) {
  test::on_small_stack([](void*) -> void* {
    for (const char* bracket : {"[", "{\"a\":", "[{\"a\":"}) {
      std::string text;
      for (int i = 0; i < 1'000'000; ++i) text += bracket;
      const auto d = parse(text);
      EXPECT_TRUE(d.has_error());
      if (d.has_error()) EXPECT_EQ(static_cast<int>(d.error().code), static_cast<int>(parse_errc::too_deep));
    }
    EXPECT_TRUE(parse(nested(64)).has_value());
    return nullptr;
  });
}

// Names found by search whose tags are equal; the test asserts that they are. Of each way in which names are compared.
constexpr const char* colliding[][2] = {{"lxoas", "edeny"},
                                        {"emowkto", "nuhedpw"},
                                        {"bzvgqvqj", "xbxvddwm"},
                                        {"wyptzidfy", "yyquogkot"},
                                        {"pstfmrbsivnfh", "qmrajzibfykkg"},
                                        {"hcsgkgytfkkcicspe", "msqfapdqycqmcltem"}};

TEST(json_limits, names_that_share_a_tag_are_told_apart) {
  for (const std::size_t others : {0u, 100u}) {
    std::string text = "{";
    for (std::size_t i = 0; i < others; ++i) text += "\"k" + std::to_string(i) + "\":0,";
    for (const auto& [one, two] : colliding) {
      ASSERT_EQ(tag_of(one), tag_of(two));
      const std::string both = text + '"' + one + "\":1,\"" + two + "\":2";
      const auto d = parse(both + "}");
      ASSERT_TRUE(d.has_value());
      EXPECT_EQ(d->root().find(one)->text(), "1");
      EXPECT_EQ(d->root().find(two)->text(), "2");
      const auto again = parse(both + ",\"" + one + "\":3}");
      ASSERT_TRUE(again.has_error());
      EXPECT_EQ(again.error().offset, both.size() + 1);
    }
  }
}

TEST(json_limits, a_large_object_has_all_its_names) {
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i) text += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  const auto d = parse(text + "\"last\":0}");
  ASSERT_TRUE(d.has_value());
  EXPECT_EQ(d->root().members().size(), 200'001u);
  EXPECT_EQ(d->root().find("k199999")->text(), "199999");
}

}  // namespace
}  // namespace mainstay::fhir::json
