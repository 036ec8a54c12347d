// Nothing of what the paper asks of its patients, and no number of its tables of results, is left out of the pack.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "paper_text.hpp"
#include "rules/pack/load.hpp"
#include "rules/pack/reading.hpp"

namespace mainstay::rules {
namespace {

using test::find_quote;

struct P3 : testing::Test {
  void SetUp() override {
    ASSERT_NE(loaded_pack.value, nullptr);
    const auto& papers = loaded_pack.value->papers;
    const auto at = std::find_if(papers.begin(), papers.end(), [](const paper& p) { return p.id == "p3"; });
    ASSERT_NE(at, papers.end());
    p3 = &*at;
    const auto folder = test::papers_folder();
    if (folder.empty()) {
      if (test::in_ci()) FAIL() << "the papers are missing in " << test::shared_folder();
      GTEST_SKIP() << "the papers are not here; name their folder's parent by MAINSTAY_SHARED";
    }
    text = test::normal(test::read_file(folder / p3->file));
  }
  /// From one phrase up to another.
  std::string passage(std::string_view from, std::string_view to) const {
    const auto begin = find_quote(text, from);
    if (!begin) return {};
    const auto end = find_quote(std::string_view(text).substr(begin->at), to);
    return end ? text.substr(begin->at, end->at) : std::string();
  }

  loaded loaded_pack = load(test::read_folder(test::real_pack_folder()));
  const paper* p3 = nullptr;
  std::string text;
};

bool is_criterion(const statement& s) {
  return s.id.starts_with("inclusion_") || s.id.starts_with("exclusion_");
}

TEST_F(P3, EveryInclusionAndExclusionIsQuotedInFull) {
  auto left = passage("Patient inclusion criteria were", "The study was approved");
  ASSERT_FALSE(left.empty());
  for (const auto& s : p3->statements) {
    if (!is_criterion(s)) continue;
    const auto at = find_quote(left, s.quote);
    ASSERT_TRUE(at) << s.id;
    left.erase(at->at, at->length);
  }
  EXPECT_EQ(left,
            "Patient inclusion criteria were as follows: (1) ; (2) ; and (3) . "
            "Exclusion criteria included (1) ; (2) ; (3) ; (4) ; and (5) . ");
}

TEST_F(P3, EveryInclusionAndExclusionIsACriterion) {
  std::set<std::string> asked, there;
  for (const auto& p : loaded_pack.value->protocols)
    for (const auto& c : p.criteria)
      if (c.from_paper == "p3") asked.insert(c.from_statement);
  for (const auto& s : p3->statements)
    if (is_criterion(s)) there.insert(s.id);
  EXPECT_EQ(there.size(), 8U);
  EXPECT_EQ(asked, there);
}

TEST_F(P3, EveryNumberOfTables2And3IsAFigure) {
  std::set<std::string> figures;
  for (const auto& f : p3->figures) {
    for (const auto& [key, value] : f.values) figures.insert(value.starts_with("< ") ? value.substr(2) : value);
    if (f.interval) figures.insert({f.interval->first, f.interval->second});
  }
  for (const auto& t : p3->tables)
    for (const auto& r : t.rows) figures.insert(r.values.begin(), r.values.end());
  std::size_t seen = 0;
  for (const auto& table : {passage("Table 2 Multivariable analyses", "Table 3 Results of main"),
                            passage("Table 3 Results of main", "Acute and chronic graft-versus-host")})
    for (const auto& number : numbers_in(table)) {
      if (number.find('.') == std::string::npos) continue;  // of a title: "95% CI", "2-year"
      EXPECT_EQ(figures.count(number), 1U) << number;
      ++seen;
    }
  EXPECT_EQ(seen, 6U * 4 + 18 + 9);
}

}  // namespace
}  // namespace mainstay::rules
