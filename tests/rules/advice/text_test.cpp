#include "rules/advice/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "markdown.hpp"
#include "rules/advice/advice.hpp"

namespace mainstay::rules {
namespace {

using ::mainstay::test::read_markdown;

TEST(clean, takes_out_what_hides) {
  struct row {
    const char* name;
    std::string input;
    std::size_t limit;
    std::string expected;
  };
  const row rows[] = {
      {"nothing", "", 80, ""},
      {"plain", "0.001 %", 80, "0.001 %"},
      {"white space of all kinds is one blank", " a\t\r\n b\xC2\xA0\xE2\x80\xA8 c ", 80, "a b c"},
      {"controls", std::string("a\0b\x1b[31mc\x7f", 10), 80, "ab[31mc"},
      {"C1 controls",
       "a\xC2\x9B"
       "b",
       80, "ab"},
      {"bidirectional override", "0.01 \xE2\x80\xAE% 99", 80, "0.01 % 99"},
      {"isolates and marks",
       "\xE2\x81\xA6"
       "a\xE2\x81\xA9\xE2\x80\x8E\xD8\x9C",
       80, "a"},
      {"zero width", "ng\xE2\x80\x8B/mL\xEF\xBB\xBF", 80, "ng/mL"},
      {"tags",
       "a\xF3\xA0\x81\xA1"
       "b",
       80, "ab"},
      {"broken UTF-8", "a\xFF\xC3(", 80, "a\xEF\xBF\xBD\xEF\xBF\xBD("},
      {"surrogate in UTF-8", "\xED\xA0\x80", 80, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"overlong slash", "\xC0\xAF", 80, "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"exactly the limit", "abcde", 5, "abcde"},
      {"one too many", "abcdef", 5, "abcd\xE2\x80\xA6"},
      {"limit counts code points", "\xC3\xA4\xC3\xA4\xC3\xA4", 3, "\xC3\xA4\xC3\xA4\xC3\xA4"},
      {"no blank before the ellipsis", "abc defg", 5, "abc\xE2\x80\xA6"},
      {"no room", "abc", 0, ""},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    EXPECT_EQ(clean(r.input, r.limit), r.expected);
  }
}

TEST(clean, cutting_leaves_white_space_alone_that_would_have_been_dropped) {
  EXPECT_EQ(clean("abcde    ", 5), "abcde");
}

TEST(escape_markdown, writes_what_a_reader_of_the_source_still_understands) {
  struct row {
    const char* name;
    const char* input;
    const char* expected;
  };
  const row rows[] = {
      {"a value", "0.001 %", "0.001 %"},
      {"a comparator", "< 0.1 %", "&lt; 0.1 %"},
      {"a unit", "10*3/uL", "10\\*3/uL"},
      {"an id", "b_all_maintenance", "b_all_maintenance"},
      {"an emphasis", "_urgent_", "\\_urgent\\_"},
      {"a table cell", "a|b", "a\\|b"},
      {"a link", "[x](http://evil)", "\\[x\\](http\\://evil)"},
      {"bare www", "www.evil.example", "www\\.evil.example"},
      {"an address", "a@b.example", "a(at)b.example"},
      {"a heading", "# x", "\\# x"},
      {"a list", "1. x", "1\\. x"},
      {"a tag", "<script>", "&lt;script&gt;"},
      {"an entity", "&lt;", "&amp;lt;"},
      {"a ratio keeps its colon", "1:10000", "1:10000"},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    EXPECT_EQ(escape_markdown(r.input, 80), r.expected);
  }
}

/// The text as the last thing of a paragraph, at a line's start, in a list and in a table.
std::string page_with(const std::string& escaped) {
  return "**Title** of it: " + escaped + "\n\n" + escaped + "\n\n- [ ] " + escaped +
         "\n\n| a | b |\n| --- | --- |\n| " + escaped + " | end of row |\n\n[1] last";
}
const std::vector<std::string> allowed{"doc", "li", "p", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"};

void expect_harmless(const std::string& hostile) {
  const auto page = page_with(escape_markdown(hostile, 200));
  const auto md = read_markdown(page);
  EXPECT_TRUE(md.valid);
  for (const auto& n : md.nodes) EXPECT_THAT(allowed, ::testing::Contains(n)) << page;
  EXPECT_THAT(md.text, ::testing::HasSubstr("end of row")) << page;
  EXPECT_EQ(page.find("<"), std::string::npos) << page;
}

TEST(escape_markdown, hostile_text_is_only_text) {
  for (const std::string hostile : {"<script>alert(1)</script>",
                                    "<img src=x onerror=alert(1)>",
                                    "<!-- x",
                                    "<?php",
                                    "&#x3c;b&#x3e;",
                                    "![x](http://evil/p.png)",
                                    "[click](javascript:alert(1))",
                                    "[a]: http://evil",
                                    "[1]",
                                    "[[wiki]]",
                                    "http://evil.example/x",
                                    "HTTPS://EVIL.example",
                                    "ftp://evil.example",
                                    "www.evil.example",
                                    "WwW.evil.example",
                                    "mailto:a@b.example",
                                    "a@b.example",
                                    "`code`",
                                    "```\nfence",
                                    "~~~",
                                    "~~gone~~",
                                    "**bold**",
                                    "__bold__",
                                    "*a* _b_",
                                    "# head",
                                    "## head",
                                    "- item",
                                    "+ item",
                                    "* item",
                                    "1. item",
                                    "1) item",
                                    "> quote",
                                    "a\n===",
                                    "---",
                                    "| a | b |",
                                    "a | b\n--|--",
                                    "\\",
                                    "\\\\|",
                                    "x\\",
                                    "$x$",
                                    "$$x$$",
                                    "    indented",
                                    "\tindented",
                                    "<http://evil>",
                                    "<a@b.example>",
                                    "\xE2\x80\xAE"
                                    "evil",
                                    "a\xE2\x80\xA8# b",
                                    "ends with \\",
                                    "|",
                                    "||",
                                    "***",
                                    "_ _ _",
                                    "= =",
                                    "\xFF\xFE",
                                    "a  \nb",
                                    "[ ] x",
                                    "[x] done"}) {
    SCOPED_TRACE(hostile);
    expect_harmless(hostile);
  }
}

RC_GTEST_PROP(escape_markdown, any_text_is_only_text, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
      "<",    ">",    "&",       "[",        "]",  "(", ")",  "!", "*",  "_",       "`",    "~",   "|",
      "\\",   "#",    "-",       "+",        "=",  ".", ":",  "/", "//", "http://", "www.", "@",   "a",
      "b1",   "1",    " ",       "\n",       "\t", "$", "\"", "'", "{",  "}",       "^",    "lt;", "\xE2\x80\xAE",
      "\xC3", "\xA4", "mailto:", "x.example"}));
  std::string text;
  for (const auto& p : pieces) text += p;
  const auto page = page_with(escape_markdown(text, 200));
  const auto md = read_markdown(page);
  RC_ASSERT(md.valid);
  for (const auto& n : md.nodes) RC_ASSERT(std::find(allowed.begin(), allowed.end(), n) != allowed.end());
  // Nothing is lost either: what a reader sees is the cleaned text.
  auto seen = clean(text, 200);
  for (auto at = seen.find('@'); at != std::string::npos; at = seen.find('@', at)) seen.replace(at, 1, "(at)");
  RC_ASSERT(md.text.find("Title of it:" + (seen.empty() ? std::string() : " " + seen) + "\n") != std::string::npos);
}

TEST(counted, takes_an_s_for_all_but_one) {
  EXPECT_EQ(counted(1, "day"), "1 day");
  EXPECT_EQ(counted(0, "day"), "0 days");
  EXPECT_EQ(counted(12, "month"), "12 months");
}

}  // namespace
}  // namespace mainstay::rules
