// docs/rule-language.md: its YAML blocks make one pack that loads, its case passes, its mistakes print what the page
// shows, and its table names every refused form.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "files.hpp"
#include "rules/cases/cases.hpp"
#include "rules/criteria/refused.hpp"
#include "rules/pack/load.hpp"

namespace mainstay::rules {
namespace {

/// A fenced block: what stands behind the fence ("yaml facts/facts.yaml") and its text.
struct block {
  std::string mark, text;
};

std::vector<block> blocks_of(const std::string& page) {
  std::vector<block> out;
  std::istringstream lines(page);
  std::optional<block> open;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("```")) {
      if (open) open->text += line + "\n";
    } else if (open) {
      out.push_back(std::move(*open));
      open.reset();
    } else {
      open = block{line.substr(3), ""};
    }
  }
  EXPECT_FALSE(open) << "a fence is not closed";
  return out;
}

struct Manual : testing::Test {
  std::string page = test::read_file(test::source_folder() / "docs/rule-language.md");
  std::vector<block> blocks = blocks_of(page);
  std::vector<pack_file> files = pack_of(blocks);

  static std::vector<pack_file> pack_of(const std::vector<block>& blocks) {
    std::vector<pack_file> out;
    for (const block& b : blocks) {
      if (b.mark.starts_with("yaml ") && !b.mark.starts_with("yaml mistake "))
        out.push_back({b.mark.substr(5), b.text});
    }
    return out;
  }
};

TEST_F(Manual, EveryExampleLoads) {
  ASSERT_GE(files.size(), 8U);
  const loaded l = load(files);
  EXPECT_EQ(test::all_text(l.diagnostics, files), "");
  ASSERT_NE(l.value, nullptr);
}

TEST_F(Manual, ItsCasePasses) {
  const loaded l = load(files);
  ASSERT_NE(l.value, nullptr);
  const case_report report = run_cases(*l.value, files);
  EXPECT_EQ(test::all_text(report.diagnostics, files), "");
  for (const case_outcome& o : report.outcomes) {
    for (const std::string& f : o.failures) ADD_FAILURE() << o.name << ": " << f;
  }
  EXPECT_EQ(report.passed(), 2U);
  EXPECT_EQ(report.failed(), 0U);
}

TEST_F(Manual, ItsMistakesPrintWhatItShows) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (!blocks[i].mark.starts_with("yaml mistake ")) continue;
    SCOPED_TRACE(blocks[i].text);
    ASSERT_LT(i + 1, blocks.size());
    ASSERT_EQ(blocks[i + 1].mark, "text");
    auto wrong = files;
    wrong.push_back({blocks[i].mark.substr(std::string("yaml mistake ").size()), blocks[i].text});
    const loaded l = load(wrong);
    EXPECT_EQ(l.value, nullptr);
    EXPECT_EQ(test::all_text(l.diagnostics, wrong), blocks[i + 1].text);
    ++seen;
  }
  EXPECT_EQ(seen, 3U);
}

TEST_F(Manual, NamesEveryRefusedForm) {
  const auto in_table = [](std::string_view s) {  // a bar is escaped in a table
    std::string out;
    for (const char c : s) out += c == '|' ? std::string("\\|") : std::string(1, c);
    return out;
  };
  const auto named = [&](const std::string& spelling, const refused_form& form) {
    const std::size_t repair = page.find("| " + in_table(form.repair) + " |\n");
    ASSERT_NE(repair, std::string::npos) << form.repair;
    const std::size_t line = page.rfind('\n', repair);
    EXPECT_NE(page.substr(line, repair - line).find("`" + in_table(spelling) + "`"), std::string::npos) << spelling;
  };
  for (const refused_form& f : refused_words()) named(std::string(f.spelling), f);
  for (const refused_form& f : refused_functions()) named("." + std::string(f.spelling) + "()", f);
  for (const refused_form& f : refused_operators()) named(std::string(f.spelling), f);
}

}  // namespace
}  // namespace mainstay::rules
