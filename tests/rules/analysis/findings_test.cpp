// What `rules check` says of a pack that loads: the small pack with one thing changed, and the exact text of the
// warning.
#include "rules/analysis/findings.hpp"

#include <gtest/gtest.h>

#include "../pack/files.hpp"
#include "rules/pack/load.hpp"

namespace mainstay::rules {
namespace {

struct change {
  const char* file;
  const char* what;
  const char* by;
};

/// The small pack, where nothing is said in vain.
std::vector<pack_file> tidy() {
  auto files = test::read_folder(test::source_folder() / "tests/rules/small_pack");
  for (auto& f : files) {
    const std::string unused = "  good: {title: good, is: result = 'negative'}\n";
    if (const auto at = f.text.find(unused); at != std::string::npos) f.text.erase(at, unused.size());
  }
  return files;
}

std::string told(std::vector<pack_file> files, const std::vector<change>& changes) {
  for (const auto& c : changes)
    for (auto& f : files)
      if (f.path == c.file) {
        const auto at = f.text.find(c.what);
        EXPECT_NE(at, std::string::npos) << c.what;
        f.text.replace(at, std::string(c.what).size(), c.by);
      }
  const auto read = load(files);
  EXPECT_EQ(test::all_text(read.diagnostics, files), "");
  return read.value ? test::all_text(findings(*read.value), files) : "";
}

TEST(findings, none_of_the_shipped_pack) {
  const auto files = test::read_folder(test::real_pack_folder());
  EXPECT_EQ(told(files, {}), "");
}

TEST(findings, none_of_a_tidy_pack) {
  EXPECT_EQ(told(tidy(), {}), "");
}

TEST(findings, tell_what_is_said_in_vain) {
  struct row {
    const char* name;
    std::vector<change> changes;
    const char* code;
    const char* message;
  };
  const row rows[] = {
      {"a term",
       {{"terms/terms.yaml", "  detected:", "  spare: {codes: [\"urn:mainstay:codes#spare\"]}\n  detected:"}},
       "unused-term",
       "nothing uses the term `spare`"},
      {"an event",
       {{"events/events.yaml",
         "  mrd:", "  spare: {from: [{find: Condition, code: disease, day: by recorded}]}\n  mrd:"}},
       "unused-event",
       "nothing uses the event `spare`"},
      {"a fact",
       {{"facts/facts.yaml", "  day:", "  spare: {title: spare, any: infection}\n  day:"}},
       "unused-fact",
       "nothing uses the fact `spare`"},
      {"a setting",
       {{"pack.yaml", "  fresh:", "  spare: {value: 6 days, because: so, adjustable: [5 days, 7 days]}\n  fresh:"}},
       "unused-setting",
       "nothing uses the setting `spare`"},
      {"every value is named",
       {{"protocols/option.yaml", "when: infection = 'clear'", "when: result = 'negative' or result = 'positive'"},
        {"protocols/option.yaml", ", ask: no_infection", ""},
        {"protocols/option.yaml", "show: [result, day]", "show: [result, day, infection]"}},
       "always-true",
       "the criterion `infection` is true whatever its facts are"},
      {"two values at once",
       {{"protocols/option.yaml", "when: infection = 'clear'", "when: result = 'negative' and result = 'positive'"},
        {"protocols/option.yaml", ", ask: no_infection", ""},
        {"protocols/option.yaml", "show: [result, day]", "show: [result, day, infection]"}},
       "never-true",
       "the criterion `infection` is never true"},
      {"an age above and below",
       {{"protocols/option.yaml", "when: age_then >= 40 years", "when: age_then >= 40 years and age_then < 40 years"}},
       "never-true",
       "the risk factor `older` is never true"},
      {"a risk that is ruled out",
       {{"protocols/option.yaml", "when: age_then < 70 years, from: p1.age", "when: age_then < 40 years, ours: so"},
        {"protocols/option.yaml", "text: under 70 years", "text: under 40 years"}},
       "ruled-out",
       "the risk factor `older` is never present where every `require` is met"},
      {"requirements that exclude each other",
       {{"protocols/option.yaml",
         "confirm:", "  young: {text: over 80 years, when: age_then > 80 years, ours: so}\nconfirm:"}},
       "contradictory",
       "`age` and other `require`s exclude each other"},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    const auto text = told(tidy(), r.changes);
    EXPECT_EQ(text.find("warning[" + std::string(r.code) + "]: " + r.message), 0U) << text;
    EXPECT_EQ(text.find("warning[", 1), std::string::npos) << "one root, one warning: " << text;
    EXPECT_NE(text.find("     | "), std::string::npos) << "its line and a caret: " << text;
  }
}

TEST(findings, leave_a_question_with_too_many_worlds) {
  const auto files = tidy();
  const auto p = load(files).value;
  analysis_limits none;
  none.worlds = 0;
  EXPECT_TRUE(decided_questions(*p, none).empty());
}

}  // namespace
}  // namespace mainstay::rules
