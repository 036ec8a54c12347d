#include "cds/commands/show_card.hpp"

#include <gtest/gtest.h>

namespace mainstay::cds::commands {
namespace {

struct row { const char* name; const char* markdown; std::size_t width; const char* shown; };

TEST(show_markdown, as_text) {
  const row table[] = {
      {"nothing", "", 80, ""},
      {"bold is plain without a terminal", "**Fits** this", 80, "Fits this\n"},
      {"escapes are undone", "0\\.1 \\* \\_a\\_ 5 \\| 6", 80, "0.1 * _a_ 5 | 6\n"},
      {"a backslash before a letter stays", "a\\b", 80, "a\\b\n"},
      {"wrapped between words", "one two three", 8, "one two\nthree\n"},
      {"a long word stays whole", "abcdefghijkl x", 4, "abcdefghijkl\nx\n"},
      {"paragraphs", "one\n\n\n\ntwo", 80, "one\n\ntwo\n"},
      {"an item hangs", "- one two three", 11, "- one two\n  three\n"},
      {"a table in columns", "| a | bb |\n| --- | --- |\n| ccc | d |\n", 80, "  a    bb\n  ccc  d\n"},
      {"a table's empty header is left out", "| | |\n| --- | --- |\n| x | y |\n", 80, "  x  y\n"},
      {"bold and bars in cells", "| **a** | b\\|c |\n| - | - |\n| d | e |", 80, "  a  b|c\n  d  e\n"},
      {"columns count characters", "| \xc3\xa9\xc3\xa9 | b |\n| - | - |\n| c | d |", 80, "  \xc3\xa9\xc3\xa9  b\n  c   d\n"},
      {"entities", "Hematology &amp; Oncology &lt;b&gt; &#60; &amp", 80, "Hematology & Oncology <b> &#60; &amp\n"},
      {"wide cells are wrapped", "| a | one two three four five six |\n| - | - |\n| b | c |", 24, "  a  one two three four\n     five six\n  b  c\n"},
      {"controls cannot steer the terminal", "a\x1b[2Jb\x07 c\xc2\x9b" "d\r", 80, "a[2Jb cd\n"},
      {"nothing hides or is shown in another order", "a\xe2\x80\xae" "b\xe2\x81\xa6" "c\xe2\x80\x8b" "d\xc2\xad", 80, "abcd\n"},
  };
  for (const auto& r : table) {
    SCOPED_TRACE(r.name);
    terminal t;
    t.width = r.width;
    EXPECT_EQ(show_markdown(r.markdown, t), r.shown);
  }
}

TEST(show_markdown, bold_on_a_terminal) {
  terminal t;
  t.styled = true;
  EXPECT_EQ(show_markdown("**Fits** this", t), "\x1b[1mFits\x1b[0m this\n");
}

std::string shown(const std::string& response) { return show_response(fhir::json::parse(response).value().root(), {}); }

TEST(show_response, cards) {
  const auto text = shown(R"({"cards":[{"summary":"One","indicator":"info","detail":"**x**","source":{"label":"P","url":"https://d"}},
    {"summary":"Two\u001b[0m","indicator":"warning","source":{"label":"Q"},"links":[{"label":"L","url":"https://l","type":"absolute"}]}]})");
  for (const char* piece : {"One\n[info]\n\nx\n\nSource: P, https://d\n", "Two[0m\n[warning]\n\nSource: Q\nLink: L, https://l\n"})
    EXPECT_NE(text.find(piece), std::string::npos) << text;
  EXPECT_EQ(shown(R"({"cards":[]})"), "no cards: nothing here applies to this patient\n");
  for (const char* bad : {"{}", "[]", R"({"cards":{}})", R"({"cards":null})"}) EXPECT_EQ(shown(bad), "the answer has no `cards`\n");
}

}  // namespace
}  // namespace mainstay::cds::commands
