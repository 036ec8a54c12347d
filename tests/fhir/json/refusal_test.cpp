// Texts that are not JSON, or that a looser reader would take: each with its code and its place.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "fhir/json/document.hpp"

namespace mainstay::fhir::json {
namespace {

using namespace std::string_literals;

struct row {
  std::string name, text;
  parse_errc code;
  std::size_t offset;
};

std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.name; }

class refusal : public testing::TestWithParam<row> {};

TEST_P(refusal, has_its_code_and_place) {
  const auto d = parse(GetParam().text);
  ASSERT_FALSE(d.has_value());
  EXPECT_EQ(static_cast<int>(d.error().code), static_cast<int>(GetParam().code)) << d.error().message;
  EXPECT_EQ(d.error().offset, GetParam().offset) << d.error().message;
  EXPECT_FALSE(d.error().message.empty());
}

constexpr auto syntax = parse_errc::syntax;
constexpr auto trailing = parse_errc::trailing_text;
constexpr auto utf8 = parse_errc::invalid_utf8;
constexpr auto surrogate = parse_errc::lone_surrogate;
constexpr auto range = parse_errc::number_out_of_range;
constexpr auto twice = parse_errc::duplicate_key;
constexpr auto bom = parse_errc::byte_order_mark;

const row values[] = {
    {"empty", "", syntax, 0},
    {"blanks_only", " \n\t\r", syntax, 4},
    {"word", "nope", syntax, 1},
    {"cut_null", "nul", syntax, 3},
    {"cut_true", "[tru", syntax, 4},
    {"cut_false", "{\"a\":fals}", syntax, 9},
    {"capital_true", "True", syntax, 0},
    {"undefined", "undefined", syntax, 0},
    {"nan", "[NaN]", syntax, 1},
    {"infinity", "[Infinity]", syntax, 1},
    {"minus_infinity", "[-Infinity]", syntax, 2},
    {"single_quotes", "['a']", syntax, 1},
    {"comment", "[1 /* one */]", syntax, 3},
    {"line_comment", "// one\n1", syntax, 0},
    {"form_feed_is_no_blank", "[\f]", syntax, 1},
    {"no_break_space_is_no_blank", "[\xC2\xA0]", syntax, 1},
};

const row numbers[] = {
    {"leading_zero", "[01]", syntax, 2},
    {"minus_leading_zero", "[-01]", syntax, 3},
    {"plus", "[+1]", syntax, 1},
    {"lone_minus", "[-]", syntax, 2},
    {"minus_blank", "[- 1]", syntax, 2},
    {"no_whole", "[.5]", syntax, 1},
    {"no_fraction", "[1.]", syntax, 3},
    {"no_fraction_before_exponent", "[1.e1]", syntax, 3},
    {"no_exponent", "[1e]", syntax, 3},
    {"no_exponent_after_sign", "[1e+]", syntax, 4},
    {"fraction_in_exponent", "[1e1.5]", syntax, 4},
    {"hexadecimal", "[0x10]", syntax, 2},
    {"two_points", "[1.2.3]", syntax, 4},
    {"digit_group", "[1_000]", syntax, 2},
    {"other_digits", "[\xEF\xBC\x91]", syntax, 1},
    {"too_large", "[1e400]", range, 1},
    {"too_large_below_zero", "{\"a\":-1e400}", range, 5},
    {"too_large_by_digits", "[" + std::string(10000, '9') + "]", range, 1},
    {"just_above_the_largest_double", "[1.8e308]", range, 1},
    {"digits_and_exponent_together", "[" + std::string(300, '9') + "e20]", range, 1},
    {"endless_exponent", "[1e" + std::string(50, '9') + "]", range, 1},
};

const row strings[] = {
    {"open", "\"abc", syntax, 4},
    {"open_after_backslash", "\"abc\\", syntax, 4},
    {"newline_inside", "[\"a\nb\"]", syntax, 3},
    {"tab_inside", "[\"a\tb\"]", syntax, 3},
    {"nul_inside", "[\"a\0b\"]"s, syntax, 3},
    {"unit_separator_inside", "[\"\x1F\"]", syntax, 2},
    {"unknown_escape", "[\"a\\x41\"]", syntax, 3},
    {"escaped_single_quote", "[\"\\'\"]", syntax, 2},
    {"escaped_zero", "[\"\\0\"]", syntax, 2},
    {"capital_u_escape", "[\"\\U0041\"]", syntax, 2},
    {"short_u_escape", "[\"\\u12\"]", syntax, 2},
    {"u_escape_of_other_letters", "[\"\\u12G4\"]", syntax, 2},
    {"lone_high", "[\"\\uD800\"]", surrogate, 2},
    {"lone_low", "[\"a\\uDC00\"]", surrogate, 3},
    {"high_then_letter", "[\"\\ud83dx\"]", surrogate, 2},
    {"high_then_other_escape", "[\"\\ud83d\\n\"]", surrogate, 2},
    {"high_then_high", "[\"\\ud83d\\ud83d\"]", surrogate, 2},
    {"high_then_cut_escape", "[\"\\ud83d\\u\"]", surrogate, 2},
    {"low_then_high", "[\"\\udc00\\ud83d\"]", surrogate, 2},
    {"lone_low_in_a_name", "{\"\\uDFFF\":1}", surrogate, 2},
    {"lone_low_after_a_pair", "[\"\\ud83d\\ude00\\ude00\"]", surrogate, 14},
};

const row encodings[] = {
    {"lone_continuation", "[\"\x80\"]", utf8, 2},
    {"cut_character", "[\"\xC3\"]", utf8, 2},
    {"cut_by_the_end", "\"\xE2\x82", utf8, 1},
    {"overlong_slash", "[\"\xC0\xAF\"]", utf8, 2},
    {"overlong_three", "[\"\xE0\x80\xAF\"]", utf8, 2},
    {"overlong_four", "[\"\xF0\x80\x80\xAF\"]", utf8, 2},
    {"encoded_surrogate", "[\"\xED\xA0\x80\"]", utf8, 2},
    {"above_the_last_character", "[\"\xF4\x90\x80\x80\"]", utf8, 2},
    {"byte_f5", "[\"\xF5\x80\x80\x80\"]", utf8, 2},
    {"byte_fe", "[\"\xFE\"]", utf8, 2},
    {"latin_1", "{\"name\":\"M\xFCller\"}", utf8, 10},
    {"in_a_name", "{\"\xFF\":1}", utf8, 2},
    {"outside_strings", "[1\xFF]", utf8, 2},
    {"after_much_ascii", "[\"" + std::string(1000, 'a') + "\xFF\"]", utf8, 1002},
    {"byte_order_mark", "\xEF\xBB\xBF{}", bom, 0},
    {"byte_order_mark_of_utf16", "\xFF\xFE{\0}\0"s, bom, 0},
    {"byte_order_mark_of_utf16_big", "\xFE\xFF\0{\0}"s, bom, 0},
    {"utf16_without_mark", "{\0}\0"s, syntax, 1},
};

const row structures[] = {
    {"open_array", "[", syntax, 1},
    {"open_object", "{", syntax, 1},
    {"open_after_comma", "[1,", syntax, 3},
    {"open_after_colon", "{\"a\":", syntax, 5},
    {"closed_only", "]", syntax, 0},
    {"wrong_bracket", "[1}", syntax, 2},
    {"wrong_brace", "{\"a\":1]", syntax, 6},
    {"trailing_comma", "[1,]", syntax, 3},
    {"trailing_comma_in_object", "{\"a\":1,}", syntax, 7},
    {"leading_comma", "[,1]", syntax, 1},
    {"double_comma", "[1,,2]", syntax, 3},
    {"missing_comma", "[1 2]", syntax, 3},
    {"missing_comma_in_object", "{\"a\":1 \"b\":2}", syntax, 7},
    {"missing_colon", "{\"a\" 1}", syntax, 5},
    {"double_colon", "{\"a\"::1}", syntax, 5},
    {"missing_value", "{\"a\":}", syntax, 5},
    {"name_without_quotes", "{a:1}", syntax, 1},
    {"number_as_name", "{1:1}", syntax, 1},
    {"null_as_name", "{null:1}", syntax, 1},
    {"colon_in_array", "[\"a\":1]", syntax, 4},
    {"nul_between", "[1,\0 2]"s, syntax, 3},
};

const row afterwards[] = {
    {"second_value", "{} {}", trailing, 3},
    {"second_number", "1 2", trailing, 2},
    {"closing_bracket", "[]]", trailing, 2},
    {"comma", "{},", trailing, 2},
    {"text_after_a_nul", "{\"a\":1}\0{\"a\":2}"s, trailing, 7},
    {"garbage_after_a_nul", "[]\0]]]]"s, trailing, 2},
    {"one_nul", "[]\0"s, trailing, 2},
    {"nul_after_a_number", "1\0"s, trailing, 1},
    {"nul_after_blanks", "[] \n\0"s, trailing, 4},
    {"comment_behind", "[] // done", trailing, 3},
};

std::string object_of(std::size_t size) {
  std::string text = "{";
  for (std::size_t i = 0; i < size; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  return text;
}

const row names[] = {
    {"same_name", R"({"a":1,"a":2})", twice, 7},
    {"same_name_and_value", R"({"a":1,"a":1})", twice, 7},
    {"same_name_apart", R"({"a":1,"b":2,"c":{},"a":2})", twice, 20},
    {"nested", R"([{"x":{"a":1,"a":2}}])", twice, 13},
    {"same_by_escape", R"({"a":1,"\u0061":2})", twice, 7},
    {"empty_names", R"({"":1,"":2})", twice, 6},
    {"among_many", object_of(1000) + R"("k3":1})", twice, object_of(1000).size()},
    {"among_two_dozen", object_of(24) + R"("k23":1})", twice, object_of(24).size()},
};

const auto by_name = [](const testing::TestParamInfo<row>& r) { return r.param.name; };
INSTANTIATE_TEST_SUITE_P(value, refusal, testing::ValuesIn(values), by_name);
INSTANTIATE_TEST_SUITE_P(number, refusal, testing::ValuesIn(numbers), by_name);
INSTANTIATE_TEST_SUITE_P(string, refusal, testing::ValuesIn(strings), by_name);
INSTANTIATE_TEST_SUITE_P(encoding, refusal, testing::ValuesIn(encodings), by_name);
INSTANTIATE_TEST_SUITE_P(structure, refusal, testing::ValuesIn(structures), by_name);
INSTANTIATE_TEST_SUITE_P(afterwards, refusal, testing::ValuesIn(afterwards), by_name);
INSTANTIATE_TEST_SUITE_P(name, refusal, testing::ValuesIn(names), by_name);

TEST(json_refusal, says_line_column_and_pointer) {
  const struct {
    const char* name;
    std::string text;
    std::size_t line, column;
    std::string pointer;
  } rows[] = {
      {"first line", "[1,x]", 1, 4, "/1"},
      {"third line", "{\n \"a\": [\n  1 2]}", 3, 5, "/a"},
      {"escaped newlines are no lines", "{\"a\":\"x\\n\\ny\\u000a\",\n\"b\":?}", 2, 5, "/b"},
      {"carriage returns are no lines", "[\r\n1,\r\n?]", 3, 1, "/1"},
      {"bytes make columns", "[\"\xC3\xA9\",?]", 1, 7, "/1"},
      {"root", "?", 1, 1, ""},
      {"items before", "[[],{},[1,[?]]]", 1, 12, "/2/1/0"},
      {"name missing", "{\"a\":1,}", 1, 8, ""},
      {"inside a name", "{\"a\":{\"b\\x\":1}}", 1, 9, "/a"},
      {"after a member", "{\"a\":{\"b\":1 2}}", 1, 13, "/a"},
      {"not UTF-8", "{\"a\":{\"b\":\"c\xFF\"}}", 1, 13, "/a/b"},
      {"half a surrogate pair", "{\"a\":[1,\"\\ud800\"]}", 1, 10, "/a/1"},
      {"escaped pointer", "{\"a/b\":{\"c~d\":?}}", 1, 15, "/a~1b/c~0d"},
      {"empty name", "{\"\":?}", 1, 5, "/"},
      {"a string's control character", "{\"a\":[\"\n\"]}", 1, 8, "/a/0"},
      {"duplicate", "{\"a\":[0,{\"b\":1,\n\"b\":2}]}", 2, 1, "/a/1/b"},
      {"number", "{\"a\":[0,\n1e999]}", 2, 1, "/a/1"},
      {"trailing text", "{}\n\n x", 3, 2, ""},
      {"encoding", "[\n\"\xFF\"]", 2, 2, "/0"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto d = parse(row.text);
    ASSERT_FALSE(d.has_value());
    EXPECT_EQ(d.error().line, row.line) << d.error().message;
    EXPECT_EQ(d.error().column, row.column);
    EXPECT_EQ(d.error().pointer, row.pointer);
  }
}

// Wherever in a string it stands: readers that look at several bytes at once have let some of these pass.
TEST(json_refusal, no_control_character_in_a_string) {
  for (char c = 1; c < 0x20; ++c) {
    for (const std::size_t before : {0u, 1u, 15u, 16u, 17u, 40u}) {
      const std::string text = "[\"" + std::string(before, 'x') + c + std::string(20, 'y') + "\"]";
      const auto d = parse(text);
      ASSERT_FALSE(d.has_value()) << int{c} << " after " << before;
      EXPECT_EQ(d.error().code, parse_errc::syntax);
    }
  }
}

TEST(json_refusal, cuts_a_pointer_at_200_between_characters) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "{\"nn\xC3\xA9me\":";
  const auto d = parse(text + "?");
  ASSERT_FALSE(d.has_value());
  EXPECT_EQ(d.error().pointer.size(), 199u) << d.error().pointer;  // 28 times 7, and then "/nn"
  const auto long_name = parse("{\"" + std::string(198, 'a') + "\xC3\xA9\":?}");
  ASSERT_FALSE(long_name.has_value());
  EXPECT_EQ(long_name.error().pointer, "/" + std::string(198, 'a'));
}

TEST(json_refusal, message_has_nothing_of_the_text) {
  for (const char* text : {"{\"Mustermann\":Mustermann}", "[\"Mustermann", "{\"Mustermann\":1,\"Mustermann\":2}",
                           "Mustermann", "[\"Mustermann\"] Mustermann"}) {
    const auto d = parse(text);
    ASSERT_FALSE(d.has_value());
    EXPECT_EQ(d.error().message.find("Muster"), std::string::npos) << d.error().message;
  }
}

TEST(json_refusal, is_thrown_by_value) {
  const auto d = parse("[");
  EXPECT_THROW(static_cast<void>(d.value()), std::runtime_error);
}

}  // namespace
}  // namespace mainstay::fhir::json
