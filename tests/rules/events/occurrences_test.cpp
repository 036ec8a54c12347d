// Rows that are one happening are joined, and only those (rule language: `one`, doubtful rows, undated rows).
#include "rules/events/occurrences.hpp"

#include <gtest/gtest.h>

namespace mainstay::rules {
namespace {

using fhir::day;
using fhir::day_range;

day d(int n) { return day{20000 + n}; }

row on(int n, std::string_view source) {
  row r;
  r.when = {d(n), d(n)};
  r.source = source;
  return r;
}
row between(int a, int b, std::string_view source) {
  row r = on(a, source);
  r.when.last = d(b);
  return r;
}
row by(int n, std::string_view source) {
  row r = on(n, source);
  r.when.first = fhir::earliest_day;
  r.undated = true;
  return r;
}
row doubtful(row r) {
  r.doubts.push_back({reason_kind::doubtful, "status preliminary", std::string(r.source)});
  return r;
}
row statement(row r) {
  r.statement = true;
  return r;
}
row saying(row r, std::uint64_t codes) {
  value_set v;
  v.said = true;
  v.codes = codes;
  r.values.push_back(v);
  return r;
}

struct expected {
  int first, last;
  bool sure;
};
struct example {
  std::string name;
  std::vector<row> rows;
  int one;
  std::vector<expected> strict, face;
};

std::string shown(const std::vector<occurrence>& all) {
  std::string text;
  for (const auto& o : all)
    text += fhir::to_string(o.first) + " - " + fhir::to_string(o.last) + (o.sure ? " sure; " : " perhaps; ");
  return text;
}

constexpr int long_ago = -1000000;

void check(const example& e, reading_of_doubt how, const std::vector<expected>& want) {
  const auto got = find_occurrences(e.rows, 0, e.one, how);
  ASSERT_EQ(got.size(), want.size()) << shown(got);
  for (std::size_t i = 0; i < want.size(); ++i) {
    const auto first = want[i].first == long_ago ? fhir::earliest_day : d(want[i].first);
    EXPECT_EQ(got[i].first.first, first) << i << ": " << shown(got);
    EXPECT_EQ(got[i].last.last, d(want[i].last)) << i << ": " << shown(got);
    EXPECT_EQ(got[i].sure, want[i].sure) << i << ": " << shown(got);
  }
}

TEST(occurrences, joins_rows_that_are_one) {
  const std::vector<example> examples{
      {"none", {}, 21, {}, {}},
      {"split dose, days 0 and 10", {on(0, "P/1"), on(10, "P/2")}, 21, {{0, 10, true}}, {{0, 10, true}}},
      {"at the bound", {on(0, "P/1"), on(21, "P/2")}, 21, {{0, 21, true}}, {{0, 21, true}}},
      {"past the bound", {on(0, "P/1"), on(22, "P/2")}, 21, {{0, 0, true}, {22, 22, true}}, {{0, 0, true}, {22, 22, true}}},
      {"order changes nothing", {on(22, "P/2"), on(0, "P/1")}, 21, {{0, 0, true}, {22, 22, true}}, {{0, 0, true}, {22, 22, true}}},
      {"same day is one", {on(5, "O/1"), on(5, "O/2")}, 0, {{5, 5, true}}, {{5, 5, true}}},
      {"next day is another", {on(5, "O/1"), on(6, "O/2")}, 0, {{5, 5, true}, {6, 6, true}}, {{5, 5, true}, {6, 6, true}}},
      {"doubtful alone", {doubtful(on(3, "P/1"))}, 21, {{3, 3, false}}, {{3, 3, true}}},
      {"doubtful joins a sure one", {on(0, "P/1"), doubtful(on(10, "P/2"))}, 21, {{0, 10, true}}, {{0, 10, true}}},
      {"a doubtful row that joins two sure ones: one or two",
       {on(0, "P/1"), doubtful(on(20, "P/2")), on(40, "P/3")},
       21,
       {{0, 0, false}, {0, 40, false}, {40, 40, false}},
       {{0, 40, true}}},
      {"partial date near a sure one may be the same", {on(10, "P/1"), between(0, 30, "P/2")}, 21, {{0, 30, true}, {0, 30, false}}, {{0, 30, true}, {0, 30, false}}},
      {"partial date far from it is another", {on(100, "P/1"), between(0, 30, "P/2")}, 21, {{0, 30, true}, {100, 100, true}}, {{0, 30, true}, {100, 100, true}}},
      {"undated, explained by an earlier one", {on(0, "P/1"), by(50, "C/1")}, 28, {{0, 0, true}}, {{0, 0, true}}},
      {"undated, recorded before: not explained", {on(60, "P/1"), by(50, "C/1")}, 28, {{long_ago, 50, true}, {60, 60, true}}, {{long_ago, 50, true}, {60, 60, true}}},
      {"undated, explained only by a doubtful one", {doubtful(on(0, "P/1")), by(50, "C/1")}, 28, {{long_ago, 50, true}, {0, 0, false}}, {{0, 0, true}}},
      {"an undated statement stands for itself", {on(0, "O/1"), statement(by(50, "C/1"))}, 0, {{long_ago, 50, true}, {0, 0, true}}, {{long_ago, 50, true}, {0, 0, true}}},
  };
  for (const auto& e : examples) {
    SCOPED_TRACE(e.name);
    check(e, reading_of_doubt::strict, e.strict);
    check(e, reading_of_doubt::face, e.face);
  }
}

TEST(occurrences, rows_of_one_day_must_agree) {
  struct values_example {
    std::string name;
    std::vector<row> rows;
    std::uint64_t strict, face;
    bool conflict_strict, conflict_face;
  };
  constexpr auto any = value_set::anything;
  const std::vector<values_example> examples{
      {"agree", {saying(on(0, "O/1"), 1), saying(on(0, "O/2"), 1)}, 1, 1, false, false},
      {"narrow each other", {saying(on(0, "O/1"), 3), saying(on(0, "O/2"), 1)}, 1, 1, false, false},
      {"contradict", {saying(on(0, "O/1"), 1), saying(on(0, "O/2"), 2)}, any, any, true, true},
      {"a doubtful one agrees", {saying(on(0, "O/1"), 1), doubtful(saying(on(0, "O/2"), 1))}, 1, 1, false, false},
      {"a doubtful one contradicts", {saying(on(0, "O/1"), 1), doubtful(saying(on(0, "O/2"), 2))}, any, any, true, true},
      {"a doubtful one is narrower", {saying(on(0, "O/1"), 3), doubtful(saying(on(0, "O/2"), 1))}, 3, 1, false, false},
  };
  for (const auto& e : examples) {
    SCOPED_TRACE(e.name);
    const auto strict = find_occurrences(e.rows, 0, 0, reading_of_doubt::strict);
    const auto face = find_occurrences(e.rows, 0, 0, reading_of_doubt::face);
    ASSERT_EQ(strict.size(), 1u);
    ASSERT_EQ(face.size(), 1u);
    EXPECT_EQ(strict[0].values()[0].codes, e.strict);
    EXPECT_EQ(face[0].values()[0].codes, e.face);
    EXPECT_EQ(!strict[0].values()[0].reasons.empty(), e.conflict_strict);
    EXPECT_EQ(!face[0].values()[0].reasons.empty(), e.conflict_face);
  }
}

}  // namespace
}  // namespace mainstay::rules
