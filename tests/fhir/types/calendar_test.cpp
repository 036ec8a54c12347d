// Days, ages and instants against calendar.tsv, which Python's datetime made (calendar.py).
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "fhir/types/date.hpp"
#include "fhir/types/duration.hpp"

namespace mainstay::fhir {
namespace {

TEST(calendar, is_that_of_another_implementation) {
  std::ifstream in(MAINSTAY_SOURCE_DIR "/tests/fhir/types/calendar.tsv");
  std::map<std::string, int> seen;
  for (std::string line; std::getline(in, line);) {
    SCOPED_TRACE(line);
    std::istringstream columns(line);
    std::string kind, a, b, expected;
    for (std::string* column : {&kind, &a, &b, &expected}) std::getline(columns, *column, '\t');
    ++seen[kind];
    if (kind == "day") {
      const auto day = parse_day(a);
      ASSERT_TRUE(day.has_value());
      EXPECT_EQ(std::to_string(day->number), b);
      EXPECT_EQ(to_string(mainstay::fhir::day{std::stoi(b)}), a);
    } else if (kind == "age") {
      const auto birth = parse_day(a), at = parse_day(b);
      ASSERT_TRUE(birth && at);
      const auto years = completed_years({*birth, *birth}, {*at, *at});
      ASSERT_TRUE(years.has_value());
      EXPECT_EQ(std::to_string(years->low), expected);
      EXPECT_EQ(std::to_string(years->high), expected);
    } else if (kind == "plus") {
      const auto from = date_time::parse(a);
      const auto blank = b.find(' ');
      const auto amount = decimal::parse(b.substr(0, blank));
      const auto unit = calendar_word(b.substr(blank + 1));
      ASSERT_TRUE(from && amount && unit);
      const auto moved = add(*from, {*amount, *unit});
      if (expected == "none") {
        EXPECT_FALSE(moved.has_value());
        continue;
      }
      ASSERT_TRUE(moved.has_value());
      EXPECT_EQ(moved->to_string(), date_time::parse(expected)->to_string());
      // Days and what is shorter lead back; months need not, for their ends differ.
      if (*unit >= time_unit::week) EXPECT_EQ(add(*moved, {amount->negated(), *unit})->to_string(), from->to_string());
    } else {
      const auto left = date_time::parse(a), right = date_time::parse(b);
      ASSERT_TRUE(left && right);
      // The same second leaves open which part of it came first.
      const bool same = expected == "equal";
      EXPECT_EQ(before(*left, *right), same ? truth::unknown : to_truth(expected == "before"));
      EXPECT_EQ(before(*right, *left), same ? truth::unknown : to_truth(expected == "after"));
      EXPECT_EQ(equal(*left, *right), to_truth(expected == "equal"));
    }
  }
  for (const char* kind : {"day", "age", "order", "plus"}) EXPECT_GE(seen[kind], 50) << kind;
}

}  // namespace
}  // namespace mainstay::fhir
