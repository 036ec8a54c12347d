// Lines as YAML counts them, and diagnostics that a terminal may be given.
#include "rules/pack/lines.hpp"

#include <gtest/gtest.h>

#include "rules/pack/diagnostic.hpp"

namespace mainstay::rules {
namespace {

TEST(Lines, EndAsYamlEndsThem) {
  struct row { const char* name; std::string_view text; std::vector<std::string_view> lines; };
  const row table[] = {
      {"nothing", "", {""}},
      {"no end", "a", {"a"}},
      {"LF", "a\nb", {"a", "b"}},
      {"LF at the end", "a\n", {"a", ""}},
      {"CR LF", "a\r\nb\r\n", {"a", "b", ""}},
      {"CR alone", "a\rb\r", {"a", "b", ""}},
      {"mixed", "a\r\rb\n\rc\r\n\nd", {"a", "", "b", "", "c", "", "d"}},
      {"no other break", "a\xc2\x85" "b\xe2\x80\xa8" "c\v\fd", {"a\xc2\x85" "b\xe2\x80\xa8" "c\v\fd"}},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.name);
    std::size_t offset = 0;
    for (unsigned n = 1; n <= row.lines.size(); ++n) {
      const auto line = line_of(row.text, n);
      ASSERT_TRUE(line);
      EXPECT_EQ(line->text, row.lines[n - 1]);
      EXPECT_EQ(line->number, n);
      EXPECT_GE(line->begin, offset);
      for (const std::size_t at : {line->begin, line->begin + line->text.size()}) {
        EXPECT_EQ(line_at(row.text, at).number, n);
        EXPECT_EQ(line_at(row.text, at).begin, line->begin);
      }
      offset = line->begin + line->text.size();
    }
    EXPECT_EQ(offset, row.text.size());
    EXPECT_FALSE(line_of(row.text, static_cast<unsigned>(row.lines.size()) + 1));
  }
}

TEST(Diagnostic, GivesATerminalNothingButText) {
  const std::vector<pack_file> files{{"facts/\x1b[2J\xff.yaml", "a\x1b]0;x\x07\tb\xed\xa0\x80\x7f\xe2\x80\xae" "c\xc2\x9b\n"}};
  const diagnostic at_place{"c", severity::error, "`\x1b[31m\n`", "say \xc0", {files[0].path, 1, 3}, 2};
  EXPECT_EQ(to_text(at_place, files),
            "error[c]: ` [31m `\n"
            "  --> facts/ [2J?.yaml:1:3\n"
            "   1 | a ]0;x  b??? ?c \n"
            "     |   ^^ say ?\n");
  const diagnostic of_file{"c", severity::warning, "m", "h\x01", {"gone\r", 0, 0}, 1};
  EXPECT_EQ(to_text(of_file, files), "warning[c]: m\n  --> gone \n   = h \n");
}

}  // namespace
}  // namespace mainstay::rules
