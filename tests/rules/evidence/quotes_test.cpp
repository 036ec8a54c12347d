// Every quote of the shipped pack stands in its paper, and every number of a figure in its quote. The papers are not
// part of the project: without them the first is skipped with a reason, on the build server it fails.
#include <gtest/gtest.h>

#include <algorithm>

#include "../pack/files.hpp"
#include "paper_text.hpp"
#include "rules/pack/load.hpp"
#include "rules/pack/reading.hpp"

namespace mainstay::rules {
namespace {

using test::has_quote;
using test::normal;

TEST(Quotes, NormalForm) {
  const std::string text = normal(
      "pre-\ntransplant MRD at a me-\ndian of\n100\xE2\x80\x93\n1403 days, speci\xEF\xBF\xBD"
      "c");
  EXPECT_TRUE(has_quote(text, "pre-transplant MRD"));
  EXPECT_TRUE(has_quote(text,
                        "a median of 100\xE2\x80\x93"
                        "1403 days"));
  EXPECT_TRUE(has_quote(normal("signi\xEF\xBF\xBD"
                               "cant"),
                        "significant"));
  EXPECT_TRUE(has_quote(normal("e\xEF\xBF\xBD"
                               "cacy"),
                        "efficacy"));
  EXPECT_FALSE(has_quote(normal("signi\xEF\xBF\xBD"
                                "cant"),
                         "signimcant"));
  EXPECT_FALSE(has_quote(normal("MRD\xE2\x88\x92 8.4"), "MRD- 8.4")) << "U+2212 is not a hyphen";
  EXPECT_FALSE(has_quote(text, "pre transplant"));
  EXPECT_FALSE(has_quote(text, "a median of 67"));
}

struct Evidence : testing::Test {
  std::vector<pack_file> files = test::read_folder(test::real_pack_folder());
  loaded result = load(files);
};

/// Every quote of a paper with the id of what quotes it.
std::vector<std::pair<std::string, std::string>> quotes(const paper& p) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const statement& s : p.statements) out.emplace_back(p.id + "." + s.id, s.quote);
  for (const figure& f : p.figures) out.emplace_back(p.id + "." + f.id, f.quote);
  for (const table& t : p.tables) {
    for (const table::row& r : t.rows) out.emplace_back(p.id + "." + t.id + "." + p.groups[r.group].id, r.quote);
  }
  return out;
}

TEST_F(Evidence, EveryQuoteStandsInItsPaper) {
  ASSERT_NE(result.value, nullptr);
  const auto folder = test::papers_folder();
  if (folder.empty()) {
    if (test::in_ci()) FAIL() << "the papers are missing in " << test::shared_folder();
    GTEST_SKIP() << "the papers are not here; name their folder's parent by MAINSTAY_SHARED";
  }
  for (const paper& p : result.value->papers) {
    ASSERT_FALSE(p.file.empty()) << p.id;
    const std::string text = normal(test::read_file(folder / p.file));
    ASSERT_GT(text.size(), 1000U) << p.file;
    for (const auto& [id, quote] : quotes(p)) EXPECT_TRUE(has_quote(text, quote)) << id << ": " << quote;
  }
}

TEST_F(Evidence, EveryNumberStandsInItsQuote) {
  ASSERT_NE(result.value, nullptr);
  std::size_t seen = 0;
  const auto in = [&](const std::string& quote, std::string number, const std::string& id) {
    if (number.starts_with("< ")) number.erase(0, 2);
    const auto printed = numbers_in(quote);
    EXPECT_NE(std::find(printed.begin(), printed.end(), number), printed.end()) << id << ": " << number;
    ++seen;
  };
  for (const paper& p : result.value->papers) {
    for (const figure& f : p.figures) {
      for (const auto& [key, value] : f.values) in(f.quote, value, p.id + "." + f.id);
      for (const auto& ends : {f.interval, f.range}) {
        if (ends) in(f.quote, ends->first, p.id + "." + f.id), in(f.quote, ends->second, p.id + "." + f.id);
      }
    }
    for (const table& t : p.tables) {
      for (const table::row& r : t.rows) {
        ASSERT_EQ(r.values.size(), t.columns.size());
        for (const std::string& v : r.values) in(r.quote, v, p.id + "." + t.id);
      }
    }
  }
  EXPECT_GT(seen, 60U);
}

TEST_F(Evidence, NoQuoteIsLongerThanCitingAllows) {
  ASSERT_NE(result.value, nullptr);
  for (const paper& p : result.value->papers) {
    for (const auto& [id, quote] : quotes(p)) EXPECT_LT(std::count(quote.begin(), quote.end(), ' '), 25) << id;
  }
}

TEST(Numbers, AreFoundAsPrinted) {
  using list = std::vector<std::string>;
  EXPECT_EQ(numbers_in("4.706 (1.630-13.586) 0.004"), (list{"4.706", "1.630", "13.586", "0.004"}));
  EXPECT_EQ(numbers_in("range 34\xE2\x80\x93"
                       "345 days"),
            (list{"34", "345"}));
  EXPECT_EQ(numbers_in("one in 10,000, and 1, 2, 3"), (list{"10000", "1", "2", "3"}));
  EXPECT_EQ(numbers_in("at 67."), (list{"67"}));
  EXPECT_EQ(numbers_in("none"), list{});
}

}  // namespace
}  // namespace mainstay::rules
