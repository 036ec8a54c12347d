#include "fhir/json/unicode.hpp"

#include <gtest/gtest.h>
#include <rapidjson/encodings.h>

#include <iterator>
#include <string>

namespace mainstay::fhir::json {
namespace {

constexpr char32_t first_surrogate = 0xD800, after_surrogates = 0xE000, after_all = 0x110000;

/// What RapidJSON writes to; its own buffer counts on from a null pointer.
struct text_stream {
  std::string text;
  void Put(char c) { text += c; }
};

TEST(unicode, each_character_is_written_as_rapidjson_writes_it_and_read_again) {
  for (char32_t c = 0; c < after_all; c = c + 1 == first_surrogate ? after_surrogates : c + 1) {
    std::string text;
    append_character(text, c);
    text_stream theirs;
    rapidjson::UTF8<>::Encode(theirs, static_cast<unsigned>(c));
    const auto read = first_character(text + "x");
    if (text == theirs.text && read.value == c && read.size == text.size() && read.well_formed) continue;
    FAIL() << "U+" << std::hex << static_cast<unsigned>(c);
  }
}

TEST(unicode, what_is_not_utf8_is_one_replacement_character_a_byte) {
  const std::string rows[] = {"\x80", "\xBF", "\xC0\xAF", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x9F\xBF", "\xE2\x82",
                              "\xE2(\xA1", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98",
                              "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"};
  for (const auto& text : rows) {
    const auto c = first_character(text);
    SCOPED_TRACE(testing::PrintToString(text));
    EXPECT_EQ(c.value, character::replacement);
    EXPECT_EQ(c.size, 1U);
    EXPECT_FALSE(c.well_formed);
  }
  EXPECT_TRUE(first_character("\xEF\xBF\xBD").well_formed) << "a replacement character that was written as such";
}

TEST(unicode, cut_leaves_whole_characters) {
  const std::string text = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
  const std::size_t sizes[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
  const std::size_t counts[] = {0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4};
  for (std::size_t bytes = 0; bytes < std::size(sizes); ++bytes) {
    SCOPED_TRACE(bytes);
    EXPECT_EQ(cut(text, bytes), text.substr(0, sizes[bytes]));
    EXPECT_EQ(count_characters(cut(text, bytes)), counts[bytes]);
  }
}

TEST(unicode, what_hides_or_steers) {
  struct row {
    char32_t c;
    bool control, reordering, hidden;
  };
  const row rows[] = {
      {0x00, true, false, true},    {0x1F, true, false, true},     {' ', false, false, false},
      {'~', false, false, false},   {0x7F, true, false, true},     {0x9F, true, false, true},
      {0xA0, false, false, false},  {0xAD, false, false, true},    {0x061C, false, false, true},
      {0x200A, false, false, false}, {0x200B, false, false, true}, {0x200F, false, false, true},
      {0x2010, false, false, false}, {0x2029, false, false, false}, {0x202A, false, true, true},
      {0x202E, false, true, true},  {0x202F, false, false, false}, {0x2060, false, false, true},
      {0x2066, false, true, true},  {0x2069, false, true, true},   {0x206F, false, false, true},
      {0x2070, false, false, false}, {0xFE0F, false, false, false}, {0xFEFF, false, false, true},
      {0xE0041, false, false, true}, {0xE0100, false, false, false},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(static_cast<unsigned>(r.c));
    EXPECT_EQ(is_control(r.c), r.control);
    EXPECT_EQ(is_reordering(r.c), r.reordering);
    EXPECT_EQ(is_hidden(r.c), r.hidden);
  }
}

}  // namespace
}  // namespace mainstay::fhir::json
