#include "rules/advice/phrase.hpp"

#include <gtest/gtest.h>

namespace mainstay::rules {
namespace {

fhir::day day_of(const char* text) {
  return *fhir::parse_day(text);
}
fhir::day_range days_of(const char* text) {
  return fhir::date_time::parse(text)->days(0);
}

TEST(age_of_data, is_in_days_up_to_sixty_and_then_in_months) {
  struct row {
    const char* date;
    const char* today;
    const char* expected;
  };
  const row rows[] = {
      {"2026-03-01", "2026-03-01", "today"},
      {"2026-02-28", "2026-03-01", "1 day ago"},
      {"2026-02-20", "2026-03-01", "9 days ago"},
      {"2026-02-20", "2026-04-21", "60 days ago"},
      {"2026-02-20", "2026-04-22", "2 months ago"},
      {"2026-01-01", "2026-03-03", "2 months ago"},  // 61 days, two months and two days
      {"2026-07-02", "2026-09-01", "2 months ago"},  // 61 days, a day short of two months: never "1 month"
      {"2026-02-20", "2026-05-19", "2 months ago"},
      {"2026-02-20", "2026-05-20", "3 months ago"},
      {"2024-02-29", "2026-02-28", "23 months ago"},
      {"2024-02-29", "2026-03-01", "24 months ago"},
      {"2026-02", "2026-03-10", "10 to 37 days ago"},
      {"2026-01", "2026-03-10", "38 days to 2 months ago"},
      {"2025", "2026-06-15", "5 to 17 months ago"},
      {"2026-03", "2026-03-10", ""},  // may not have been yet
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(std::string(r.date) + " on " + r.today);
    EXPECT_EQ(age_of_data(days_of(r.date), day_of(r.today)), r.expected);
  }
}

TEST(in_percent, of_what_is_recorded_in_another_way) {
  struct row {
    const char* shown;
    const char* expected;
  };
  const row rows[] = {
      {"40 10*-4", " = 0.4 %"},
      {"2 10*-5", " = 0.002 %"},
      {"0.00001", " = 0.001 %"},
      {"1:100000", " = 0.001 %"},
      {"4:1000", " = 0.4 %"},
      {"0:10000", " = 0 %"},
      {"0.010 %", ""},
      {"< 0.1 %", ""},
      {"< 2 10*-4", ""},  // a bound is read as it is written
      {"1:3", ""},        // has no end
      {"1:0", ""},
      {"< 1:10000", ""},
      {"MRD neg", ""},
      {"", ""},
  };
  for (const auto& r : rows) EXPECT_EQ(in_percent(r.shown), r.expected) << r.shown;
}

TEST(age_of_data, of_some_day_before_is_a_lower_bound) {
  EXPECT_EQ(age_of_data({fhir::earliest_day, day_of("2026-02-16")}, day_of("2026-03-01")), "at least 13 days ago");
  EXPECT_EQ(age_of_data({fhir::earliest_day, day_of("2026-03-01")}, day_of("2026-03-01")), "");
  EXPECT_EQ(dated({fhir::earliest_day, day_of("2026-02-16")}, day_of("2026-03-01")),
            "by 2026-02-16, at least 13 days ago");
  EXPECT_EQ(dated(days_of("2026-02-20"), day_of("2026-03-01")), "2026-02-20, 9 days ago");
}

}  // namespace
}  // namespace mainstay::rules
