// Every quote of the shipped pack stands in its paper, and every number of a figure in its quote. The papers are not
// part of the project: without them the first is skipped with a reason, on the build server it fails.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "../pack/files.hpp"
#include "rules/pack/load.hpp"
#include "rules/pack/reading.hpp"

namespace mainstay::rules {
namespace {

// Marks of the normal form, where the printed text leaves a choice; neither occurs in a text.
constexpr char line_hyphen = '\x01';  // a hyphen at a line's end: of the word or of the setting
constexpr char lost_ligature = '\x02';

/// Lines joined; a hyphen at a line's end and U+FFFD become marks; no blank after a dash at a line's end.
std::string normal(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (text.substr(i).starts_with("\xEF\xBF\xBD")) {
      out += lost_ligature;
      i += 2;
    } else if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
      const bool line_end = c == '\n';
      if (line_end && !out.empty() && out.back() == '-')
        out.back() = line_hyphen;
      else if (line_end && out.ends_with("\xE2\x80\x93"))
        continue;
      else if (!out.empty() && out.back() != ' ' && out.back() != line_hyphen)
        out += ' ';
    } else {
      out += c;
    }
  }
  return out;
}

/// Does the quote stand at this place of the normal text?
bool stands_at(std::string_view text, std::string_view quote) {
  static constexpr std::array<std::string_view, 5> ligatures{"ffi", "ffl", "fi", "fl", "ff"};
  while (!quote.empty()) {
    if (text.empty()) return false;
    if (text.front() == lost_ligature) {
      return std::any_of(ligatures.begin(), ligatures.end(), [&](std::string_view l) {
        return quote.starts_with(l) && stands_at(text.substr(1), quote.substr(l.size()));
      });
    }
    if (text.front() == line_hyphen) {
      text.remove_prefix(1);
      if (quote.front() == '-') quote.remove_prefix(1);
      continue;
    }
    if (text.front() != quote.front()) return false;
    text.remove_prefix(1);
    quote.remove_prefix(1);
  }
  return true;
}

bool has_quote(std::string_view normal_text, std::string_view quote) {
  for (std::size_t at = 0; at < normal_text.size(); ++at) {
    if (normal_text[at] != lost_ligature && normal_text[at] != quote.front()) continue;
    if (stands_at(normal_text.substr(at), quote)) return true;
  }
  return false;
}

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
  const auto folder = test::shared_folder() / "papers";
  if (!std::filesystem::is_directory(folder)) {
    if (test::in_ci()) FAIL() << "the papers are missing: " << folder;
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
