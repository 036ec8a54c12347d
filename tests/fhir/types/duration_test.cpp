// Dates moved by spans, and spans compared. Moves of whole dates are in calendar.tsv; here are partial dates, month ends,
// fractions, the edges, and what tells calendar and UCUM durations apart (FHIRPath, "Date/Time Arithmetic").
#include "fhir/types/duration.hpp"

#include <gtest/gtest.h>

namespace mainstay::fhir {
namespace {

decimal d(std::string_view text) { return decimal::parse(text).value(); }

/// "1.5 months" is a calendar duration, "1.5 'mo'" a definite one.
duration span_of(std::string_view text) {
  const auto blank = text.find(' ');
  const auto number = d(text.substr(0, blank));
  auto unit = text.substr(blank + 1);
  if (!unit.starts_with('\'')) return {number, calendar_word(unit).value()};
  unit = unit.substr(1, unit.size() - 2);
  return {number, time_code(unit).value(), true};
}

TEST(duration, moves_a_date) {
  const struct {
    std::string_view from, by, expected;  // "none": no value
  } table[] = {
      // The month's end.
      {"2026-01-31", "1 month", "2026-02-28"},
      {"2024-01-31", "1 month", "2024-02-29"},
      {"2024-02-29", "1 year", "2025-02-28"},
      {"2024-02-29", "-4 years", "2020-02-29"},
      {"2026-03-31", "-1 month", "2026-02-28"},
      {"2026-01-31T10:00:00+01:00", "1 month", "2026-02-28T10:00:00+01:00"},
      // A partial date keeps its precision: what is finer is turned into it, and cut off.
      {"2014", "24 months", "2016"},
      {"2014", "23 months", "2015"},
      {"2014", "-23 months", "2013"},
      {"2016", "365 days", "2017"},
      {"2016", "364 days", "2016"},
      {"2016", "52 weeks", "2016"},
      {"2016", "53 weeks", "2017"},
      {"2016", "8760 hours", "2017"},
      {"2014-11", "2 months", "2015-01"},
      {"2014-11", "29 days", "2014-11"},
      {"2014-11", "30 days", "2014-12"},
      {"2014-11", "-1 year", "2013-11"},
      {"2026-03-01", "23 hours", "2026-03-01"},
      {"2026-03-01", "24 hours", "2026-03-02"},
      {"2026-03-01", "86400 seconds", "2026-03-02"},
      {"2026-03-01", "86399999 milliseconds", "2026-03-01"},
      {"2026-03-01T23:59Z", "59 seconds", "2026-03-01T23:59Z"},
      {"2026-03-01T23:59Z", "60 seconds", "2026-03-02T00:00Z"},
      {"2026-03-01T23:59Z", "60000 milliseconds", "2026-03-02T00:00Z"},
      // A fraction counts below a minute.
      {"2026-03-01", "7.7 days", "2026-03-08"},
      {"2026-03-01", "-7.7 days", "2026-02-22"},
      {"2026-03-01", "1.9 years", "2027-03-01"},
      {"2026-03-01T10:00:00Z", "1.5 hours", "2026-03-01T11:00:00Z"},
      {"2026-03-01T10:00:00Z", "1.5 seconds", "2026-03-01T10:00:01.5Z"},
      {"2026-03-01T10:00:00.000Z", "1500 milliseconds", "2026-03-01T10:00:01.500Z"},
      {"2026-03-01T10:00:00.5Z", "0.5 seconds", "2026-03-01T10:00:01.0Z"},
      {"2026-03-01T00:00:00Z", "-1 milliseconds", "2026-02-28T23:59:59.999Z"},
      // Without an offset it has none afterwards.
      {"2026-03-01T23:00:00", "2 hours", "2026-03-02T01:00:00"},
      // The edges.
      {"9999-12-31", "1 day", "none"},
      {"0001-01-01", "-1 day", "none"},
      {"9999", "1 year", "none"},
      {"0001-01", "-1 month", "none"},
      {"0001-01-01", "9998 years", "9999-01-01"},
      {"2026-03-01", "99999999999999999999 days", "none"},
      {"2026-03-01", "9223372036854775807 weeks", "none"},
      {"2026-03-01T00:00:00Z", "9223372036854775807 hours", "none"},
      {"2026-03-01T00:00:00Z", "1e30 seconds", "none"},
      {"2026-03-01", "-9223372036854775808 months", "none"},
      // A definite year or month is no number of days; what is shorter is the same in both.
      {"2026-03-01", "1 'a'", "none"},
      {"2026-03-01", "1 'mo'", "none"},
      {"2026-03-01", "1 'wk'", "2026-03-08"},
      {"2026-03-01", "1 'd'", "2026-03-02"},
      {"2026-03-01T10:00:00Z", "1 's'", "2026-03-01T10:00:01Z"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(std::string(row.from) + " + " + std::string(row.by));
    const auto moved = add(date_time::parse(row.from).value(), span_of(row.by));
    EXPECT_EQ(moved ? moved->to_string() : "none", row.expected);
  }
}

TEST(duration, compares) {
  const struct {
    std::string_view a, b;
    char expected;  // '?': no value
  } table[] = {
      {"1 year", "12 months", '='},   {"1 year", "11 months", '>'}, {"1 month", "30 days", '='},
      {"1 year", "365 days", '='},    {"12 months", "365 days", '<'},  // not transitive: 360 days
      {"7 days", "1 'wk'", '='},      {"1 'h'", "60 minutes", '='},    {"1000 milliseconds", "1 's'", '='},
      {"1 year", "1 'a'", '?'},       {"1 month", "1 'mo'", '?'},      {"2 years", "1 'mo'", '?'},
      {"1 'a'", "365.25 days", '='},  {"1 'a'", "12 'mo'", '='},       {"1 'mo'", "30.4375 'd'", '='},
      {"0.5 years", "6 months", '='}, {"-1 day", "0 hours", '<'},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(std::string(row.a) + " against " + std::string(row.b));
    const auto shown = [](const std::optional<std::strong_ordering>& o) { return !o ? '?' : *o < 0 ? '<' : *o > 0 ? '>' : '='; };
    const auto turned = [](char c) { return c == '<' ? '>' : c == '>' ? '<' : c; };
    EXPECT_EQ(shown(compare(span_of(row.a), span_of(row.b))), row.expected);
    EXPECT_EQ(shown(compare(span_of(row.b), span_of(row.a))), turned(row.expected));
  }
}

// FHIR R4, FHIRPath page: a Quantity with a UCUM code of time is a calendar duration. `code` decides, and not `unit`.
TEST(duration, of_a_quantity) {
  const std::string_view ucum = "http://unitsofmeasure.org";
  const auto years = to_duration({d("2"), "", "anni", ucum, "a"});
  ASSERT_TRUE(years.has_value());
  EXPECT_FALSE(years->definite);
  EXPECT_EQ(add(date_time::parse("2024-02-29").value(), *years)->to_string(), "2026-02-28");
  EXPECT_FALSE(to_duration({d("2"), "", "years", "", "years"}).has_value());
  EXPECT_FALSE(to_duration({d("2"), "", "a", "urn:other", "a"}).has_value());
  EXPECT_FALSE(to_duration({d("2"), "", "mg", ucum, "mg"}).has_value());
  EXPECT_FALSE(to_duration({d("2"), "<", "a", ucum, "a"}).has_value());
}

}  // namespace
}  // namespace mainstay::fhir
