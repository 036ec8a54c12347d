// Comparisons of what is possible: every row against every operator.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <optional>
#include <string>

#include "fhir/types/quantity.hpp"

namespace mainstay::fhir {
namespace {

/// "[1,2)", "(,5]": an absent end is unbounded.
interval read(std::string_view text) {
  interval v;
  const std::size_t comma = text.find(',');
  const std::string_view low = text.substr(1, comma - 1);
  const std::string_view high = text.substr(comma + 1, text.size() - comma - 2);
  if (!low.empty()) v.low = decimal::parse(low);
  if (!high.empty()) v.high = decimal::parse(high);
  v.low_open = !low.empty() && text.front() == '(';
  v.high_open = !high.empty() && text.back() == ')';
  return v;
}

std::string show(const std::optional<interval>& v) {
  if (!v) return "none";
  return (v->low && !v->low_open ? "[" : "(") + (v->low ? v->low->to_string() : "") + "," +
         (v->high ? v->high->to_string() : "") + (v->high && !v->high_open ? "]" : ")");
}

constexpr comparison operators[] = {comparison::equal,         comparison::not_equal, comparison::less,
                                    comparison::less_or_equal, comparison::greater,   comparison::greater_or_equal};

TEST(interval, compares_with_five) {
  const struct {
    const char *values, *expected;  // = != < <= > >=
  } rows[] = {
      {"[5,5]", "ynnyny"},   {"[5.0,5.00]", "ynnyny"}, {"[4,4]", "nyyynn"},  {"[6,6]", "nynnyy"},
      {"[4,5]", "???yn?"},   {"[4,5)", "nyyynn"},      {"(4,5]", "???yn?"},  {"[5,6]", "??n??y"},
      {"(5,6]", "nynnyy"},   {"[5,6)", "??n??y"},      {"[4,6]", "??????"},  {"(4,6)", "??????"},
      {"(,4]", "nyyynn"},    {"(,5]", "???yn?"},       {"(,5)", "nyyynn"},   {"(,6)", "??????"},
      {"[4,)", "??????"},    {"[5,)", "??n??y"},       {"(5,)", "nynnyy"},   {"[6,)", "nynnyy"},
      {"(,)", "??????"},     {"[-7,-6]", "nyyynn"},
  };
  for (const auto& row : rows) {
    std::string answers;
    for (const comparison op : operators) {
      const truth t = compare(read(row.values), op, decimal(5));
      answers += t == truth::yes ? 'y' : t == truth::no ? 'n' : '?';
    }
    EXPECT_EQ(answers, row.expected) << row.values;
  }
}

TEST(interval, intersects) {
  const struct {
    const char *a, *b, *expected;
  } rows[] = {
      {"[1,3]", "[2,4]", "[2,3]"},  {"[1,3)", "[2,3]", "[2,3)"},  {"[1,3]", "(1,3]", "(1,3]"},
      {"[1,2]", "[2,3]", "[2,2]"},  {"[1,2)", "[2,3]", "none"},   {"[1,2]", "(2,3]", "none"},
      {"[1,2]", "[3,4]", "none"},   {"(,2]", "[1,)", "[1,2]"},    {"(,2)", "(2,)", "none"},
      {"(,)", "[1,2)", "[1,2)"},    {"(,)", "(,)", "(,)"},        {"(,3)", "(,5]", "(,3)"},
      {"[1,)", "(1,)", "(1,)"},     {"[1.0,2]", "[1,2.0]", "[1,2.0]"}, {"[1,9]", "(2,3)", "(2,3)"},
      {"(0,0.001)", "[0.0001,0.0001]", "[0.0001,0.0001]"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.a) + " and " + row.b);
    const auto forward = intersect(read(row.a), read(row.b));
    EXPECT_EQ(show(forward), row.expected);
    const auto backward = intersect(read(row.b), read(row.a));
    ASSERT_EQ(forward.has_value(), backward.has_value());
    if (forward) EXPECT_EQ(*forward, *backward);
  }
}

bool holds(comparison op, const decimal& a, const decimal& b) {
  switch (op) {
    case comparison::equal: return a == b;
    case comparison::not_equal: return a != b;
    case comparison::less: return a < b;
    case comparison::less_or_equal: return a <= b;
    case comparison::greater: return a > b;
    case comparison::greater_or_equal: return a >= b;
  }
  return false;
}

bool contains(const interval& v, const decimal& d) {
  return (!v.low || *v.low < d || (*v.low == d && !v.low_open)) &&
         (!v.high || d < *v.high || (*v.high == d && !v.high_open));
}

interval any_interval() {
  const int low = *rc::gen::inRange(0, 8);
  const int high = low + *rc::gen::inRange(0, 8);
  interval v;
  if (*rc::gen::inRange(0, 4) != 0) v.low = decimal(low);
  if (*rc::gen::inRange(0, 4) != 0) v.high = decimal(high);
  v.low_open = v.low && high > low && *rc::gen::arbitrary<bool>();
  v.high_open = v.high && high > low && *rc::gen::arbitrary<bool>();
  return v;
}

// Quarters between -1 and 17 stand for all decimals: every interval's and bound's neighbourhood has some.
RC_GTEST_PROP(interval_property, says_what_all_its_values_say, ()) {
  const interval v = any_interval();
  const decimal bound(*rc::gen::inRange(0, 16));
  for (const comparison op : operators) {
    bool all = true, none = true;
    for (int quarter = -4; quarter <= 68; ++quarter) {
      const decimal d = *decimal::make(quarter * 25, 2);
      if (!contains(v, d)) continue;
      (holds(op, d, bound) ? none : all) = false;
    }
    const truth expected = all ? truth::yes : none ? truth::no : truth::unknown;
    RC_ASSERT(compare(v, op, bound) == expected);
  }
}

RC_GTEST_PROP(interval_property, intersection_holds_what_both_hold, ()) {
  const interval a = any_interval(), b = any_interval();
  const auto both = intersect(a, b);
  for (int quarter = -4; quarter <= 68; ++quarter) {
    const decimal d = *decimal::make(quarter * 25, 2);
    RC_ASSERT((contains(a, d) && contains(b, d)) == (both.has_value() && contains(*both, d)));
  }
}

}  // namespace
}  // namespace mainstay::fhir
