#include "fhir/types/date.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>

namespace mainstay::fhir {
namespace {

std::string show(const std::optional<date_time>& t) { return t ? t->to_string() : "none"; }
date_time at(const std::string& text) { return date_time::parse(text).value(); }
day on(const std::string& text) { return parse_day(text).value(); }
std::string show(const std::optional<year_range>& r) {
  return r ? std::to_string(r->low) + " to " + std::to_string(r->high) : "none";
}

TEST(day, is_made_of_valid_dates_only) {
  EXPECT_EQ(make_day(1970, 1, 1), day{0});
  EXPECT_EQ(make_day(1, 1, 1), earliest_day);
  EXPECT_EQ(make_day(9999, 12, 31), latest_day);
  EXPECT_EQ(make_day(2024, 2, 29), day{19782});
  for (const auto& [year, month, day_of_month] :
       {std::tuple{0, 1u, 1u}, {10000, 1u, 1u}, {-1, 1u, 1u}, {2026, 0u, 1u}, {2026, 13u, 1u}, {2026, 1u, 0u},
        {2026, 1u, 32u}, {2026, 2u, 29u}, {1900, 2u, 29u}, {2026, 4u, 31u}, {2026, 257u, 1u}, {2026, 1u, 257u}}) {
    SCOPED_TRACE(std::to_string(year) + " " + std::to_string(month) + " " + std::to_string(day_of_month));
    EXPECT_EQ(make_day(year, month, day_of_month), std::nullopt);
  }
}

TEST(day, prints_and_parses) {
  for (const std::string text : {"2026-03-01", "0001-01-01", "9999-12-31", "2000-02-29", "1969-12-31"}) {
    SCOPED_TRACE(text);
    ASSERT_TRUE(parse_day(text).has_value());
    EXPECT_EQ(to_string(*parse_day(text)), text);
  }
  for (const std::string text : {"", "2026", "2026-03", "2026-3-1", "2026-03-1 ", "26-03-01", "2026-02-29", "2026/03/01",
                                 "2026-03-01T", "0000-01-01", "+026-03-01", "2026-+3-01", "2026-03-01Z", "20260301"}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(parse_day(text), std::nullopt);
  }
  EXPECT_EQ(on("2026-03-01") - on("2025-12-24"), 67);
  EXPECT_EQ(to_string(on("2024-02-28") + 1), "2024-02-29");
  EXPECT_EQ(to_string(on("2026-03-01") - 1), "2026-02-28");
}

TEST(day_range, prints_shortly) {
  const struct {
    day_range range;
    const char* expected;
  } rows[] = {
      {{on("2026-03-01"), on("2026-03-01")}, "2026-03-01"},
      {{on("2025-12-01"), on("2025-12-31")}, "2025-12"},
      {{on("2024-02-01"), on("2024-02-29")}, "2024-02"},
      {{on("2024-02-01"), on("2024-02-28")}, "2024-02-01 to 2024-02-28"},
      {{on("2025-01-01"), on("2025-12-31")}, "2025"},
      {{on("2024-01-01"), on("2025-12-31")}, "2024-01-01 to 2025-12-31"},
      {{on("2025-01-01"), on("2025-11-30")}, "2025-01-01 to 2025-11-30"},
      {{on("2024-12-01"), on("2025-12-31")}, "2024-12-01 to 2025-12-31"},
      {{earliest_day, on("2026-03-01")}, "until 2026-03-01"},
      {{earliest_day, earliest_day}, "0001-01-01"},
      {{on("2025-12-03"), on("2026-01-09")}, "2025-12-03 to 2026-01-09"},
  };
  for (const auto& row : rows) EXPECT_EQ(to_string(row.range), row.expected);
  EXPECT_TRUE((day_range{on("2025-12-01"), on("2025-12-31")}.contains(on("2025-12-31"))));
  EXPECT_FALSE((day_range{on("2025-12-01"), on("2025-12-31")}.contains(on("2026-01-01"))));
}

TEST(date_time, keeps_its_text) {
  for (const std::string text :
       {"2026", "0001", "9999", "2025-12", "2026-03-01", "2024-02-29", "2026-03-01T10:00", "2026-03-01T10:00Z",
        "2026-03-01T00:00:00", "2026-03-01T23:59:59Z", "2026-03-01T10:00:00+01:00", "2026-03-01T10:00:00-11:30",
        "2026-03-01T10:00:00.1Z", "2026-03-01T10:00:00.120+14:00", "2026-03-01T10:00:00.123456789-14:00",
        "2026-03-01T10:00:00.000", "2016-12-31T23:59:60Z"}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(show(date_time::parse(text)), text);
  }
  EXPECT_EQ(show(date_time::parse("2026-03-01T10:00:00+00:00")), "2026-03-01T10:00:00Z");
  EXPECT_EQ(show(date_time::parse("2026-03-01T10:00:00-00:00")), "2026-03-01T10:00:00Z");
  // Finer than a nanosecond is left out.
  EXPECT_EQ(show(date_time::parse("2026-03-01T10:00:00.12345678999Z")), "2026-03-01T10:00:00.123456789Z");
}

TEST(date_time, refuses_what_is_no_date) {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {""sv, "26"sv, "202"sv, "20266"sv, "0000"sv, "-2026"sv, "2026-"sv, "2026-1"sv, "2026-00"sv, "2026-13"sv,
        "2026-03-"sv, "2026-03-1"sv, "2026-03-00"sv, "2026-03-32"sv, "2026-02-29"sv, "2026-03-01T"sv,
        "2026-03-01 10:00:00"sv, "2026-03-01t10:00:00"sv, "2026-03-01T10"sv, "2026-03-01T10:"sv, "2026-03-01T10:0"sv,
        "2026-03-01T24:00:00"sv, "2026-03-01T10:60:00"sv, "2026-03-01T10:00:61"sv, "2026-03-01T10:00:00."sv,
        "2026-03-01T10:00:00,5"sv, "2026-03-01T10:00:00z"sv, "2026-03-01T10:00:00+1"sv, "2026-03-01T10:00:00+01"sv,
        "2026-03-01T10:00:00+0100"sv, "2026-03-01T10:00:00+14:01"sv, "2026-03-01T10:00:00+15:00"sv,
        "2026-03-01T10:00:00+01:60"sv, "2026-03-01T10:00:00ZZ"sv, "2026-03-01T10:00:00Z "sv, " 2026"sv, "2026 "sv,
        "2026-03Z"sv, "2026-03-01Z"sv, "2026-03-01+01:00"sv, "2026T10:00"sv, "2026-03-01T10:00.5"sv, "2026\0"sv,
        "20a6"sv, "2026-03-01T10:00:00.1a"sv, "2026-03-01T-1:00:00"sv}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(show(date_time::parse(text)), "none");
  }
}

TEST(date_time, leaves_days_open_to_an_observer) {
  const struct {
    std::string text;
    int offset;
    const char* expected;
  } rows[] = {
      {"2025", 0, "2025"},
      {"2024-02", 0, "2024-02"},
      {"2025-02", 840, "2025-02"},
      {"2026-03-01", -720, "2026-03-01"},
      {"2026-03-01T23:30:00", 840, "2026-03-01"},  // without an offset its own day
      {"2026-03-01T23:30:00Z", 0, "2026-03-01"},
      {"2026-03-01T23:30:00Z", 29, "2026-03-01"},
      {"2026-03-01T23:30:00Z", 30, "2026-03-02"},
      {"2026-03-01T23:30:00+01:00", 60, "2026-03-01"},
      {"2026-03-01T23:30:00-10:00", 60, "2026-03-02"},
      {"2026-03-01T00:30:00Z", -31, "2026-02-28"},
      {"2026-03-01T00:30:00Z", -30, "2026-03-01"},
      {"2026-03-01T00:00Z", -1, "2026-02-28"},
      {"2026-03-01T00:00:00+14:00", -720, "2026-02-27"},
      {"2026-03-01T23:59:00-14:00", 840, "2026-03-03"},
      {"2016-12-31T23:59:60Z", 0, "2016-12-31"},
      {"2016-12-31T23:59:60Z", 1, "2017-01-01"},
      {"0001-01-01T00:00:00Z", -60, "0001-01-01"},
      {"9999-12-31T23:59:59Z", 60, "9999-12-31"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text + " at " + std::to_string(row.offset));
    EXPECT_EQ(to_string(at(row.text).days(row.offset)), row.expected);
  }
}

TEST(date_time, leaves_instants_open) {
  constexpr __int128 second = 1'000'000'000;
  constexpr __int128 hour = 3600 * second;
  const struct {
    std::string text;
    __int128 first, width;
  } rows[] = {
      {"1970-01-01T00:00:00Z", 0, second},
      {"1970-01-01T00:00Z", 0, 60 * second},
      {"1970-01-01T00:00:00.5Z", second / 2, second / 10},
      {"1970-01-01T00:00:00.000000001Z", 1, 1},
      {"1970-01-01T01:00:00+01:00", 0, second},
      {"1969-12-31T23:00:00-01:00", 0, second},
      {"1970-01-01T00:00:00", -14 * hour, 26 * hour + second},
      {"1970-01-01", -14 * hour, 50 * hour},
      {"1970-01", -14 * hour, (31 * 24 + 26) * hour},
      {"1970", -14 * hour, (365 * 24 + 26) * hour},
      {"1969-12-31T23:59:59Z", -second, second},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    const auto range = at(row.text).range();
    EXPECT_TRUE(range.first == row.first);
    EXPECT_TRUE(range.last == row.first + row.width - 1);
  }
}

TEST(date_time, is_before_where_no_instant_says_otherwise) {
  constexpr auto yes = truth::yes, no = truth::no, unknown = truth::unknown;
  const struct {
    std::string a, b;
    truth a_before_b, b_before_a, equal;
  } rows[] = {
      {"2026-03-01", "2026-03-02", yes, no, no},
      {"2026-03-01", "2026-03-01", unknown, unknown, yes},
      {"2026-03", "2026-03-01", unknown, unknown, unknown},
      {"2026-03", "2026-04-01", yes, no, no},
      {"2025", "2026", yes, no, no},
      {"2026", "2026-12-31", unknown, unknown, unknown},
      {"2026-03-01T10:00:00Z", "2026-03-01T10:00:01Z", yes, no, no},
      {"2026-03-01T10:00:00Z", "2026-03-01T11:00:00+01:00", unknown, unknown, yes},
      {"2026-03-01T10:00:00Z", "2026-03-01T11:00:01+01:00", yes, no, no},
      {"2026-03-01T10:00Z", "2026-03-01T10:00:30Z", unknown, unknown, unknown},
      {"2026-03-01T10:00:00.000000001Z", "2026-03-01T10:00:00.000000001Z", no, no, yes},
      {"2026-03-01T10:00:00.000000001Z", "2026-03-01T10:00:00.000000002Z", yes, no, no},
      {"2026-03-01T10:00:00", "2026-03-01T10:00:01", yes, no, no},  // the same clock
      {"2026-03-01", "2026-03-01T10:00:00", unknown, unknown, unknown},
      {"2026-03-01", "2026-03-02T10:00:00", yes, no, no},
      {"2026-03-01", "2026-03-02T11:59:59Z", unknown, unknown, unknown},  // still 1 March at -12:00
      {"2026-03-01", "2026-03-02T12:00:00Z", yes, no, no},
      {"2026-03-01T10:00:00", "2026-03-01T10:00:00Z", unknown, unknown, unknown},
      {"2026-03-01T10:00:00", "2026-03-01T22:00:01Z", yes, no, no},
      {"2016-12-31T23:59:60Z", "2017-01-01T00:00:01Z", yes, no, no},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.a + " and " + row.b);
    EXPECT_EQ(to_text(before(at(row.a), at(row.b))), to_text(row.a_before_b));
    EXPECT_EQ(to_text(before(at(row.b), at(row.a))), to_text(row.b_before_a));
    EXPECT_EQ(to_text(equal(at(row.a), at(row.b))), to_text(row.equal));
    EXPECT_EQ(equal(at(row.a), at(row.b)), equal(at(row.b), at(row.a)));
  }
}

TEST(completed_years, count_birthdays) {
  const auto range = [](const std::string& text) { return at(text).days(0); };
  const struct {
    std::string birth, at, expected;
  } rows[] = {
      {"1991-05-02", "2026-05-01", "34 to 34"},
      {"1991-05-02", "2026-05-02", "35 to 35"},
      {"2000-02-29", "2026-02-28", "25 to 25"},
      {"2000-02-29", "2026-03-01", "26 to 26"},
      {"2000-02-29", "2024-02-28", "23 to 23"},
      {"2000-02-29", "2024-02-29", "24 to 24"},
      {"2000-02-28", "2026-02-28", "26 to 26"},
      {"2026-03-01", "2026-03-01", "0 to 0"},
      {"2026-03-02", "2026-03-01", "none"},
      {"1991", "2026-03-01", "34 to 35"},
      {"1991", "2026-12-31", "35 to 35"},
      {"1991-05", "2026-05-15", "34 to 35"},
      {"1991-05-02", "2026", "34 to 35"},
      {"1991-05-02", "2026-05", "34 to 35"},
      {"1991-05-02", "2026-06", "35 to 35"},
      {"2026", "2026-03-01", "0 to 0"},
      {"2026-03", "2026-03-01", "0 to 0"},
      {"2027", "2026", "none"},
      {"1900-01-01", "2026-01-01", "126 to 126"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.birth + " at " + row.at);
    EXPECT_EQ(show(completed_years(range(row.birth), range(row.at))), row.expected);
  }
}

TEST(now, is_read_from_a_date_or_an_instant) {
  const struct {
    std::string text;
    long long milliseconds;
    const char* date;
    int offset;
  } rows[] = {
      {"1970-01-02", 86'400'000, "1970-01-02", 0},
      {"1970-01-01T00:00:00Z", 0, "1970-01-01", 0},
      {"1970-01-01T00:00:00.0019Z", 1, "1970-01-01", 0},
      {"1969-12-31T23:59:59.9981Z", -2, "1969-12-31", 0},
      {"1970-01-01T00:30:00+01:00", -1'800'000, "1970-01-01", 60},
      {"1970-01-01T23:30:00-11:30", 126'000'000, "1970-01-01", -690},
      {"2026-03-01T10:00:00+01:00", 1'772'355'600'000, "2026-03-01", 60},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    const auto n = parse_now(row.text);
    ASSERT_TRUE(n.has_value());
    EXPECT_EQ(n->instant.time_since_epoch().count(), row.milliseconds);
    EXPECT_EQ(to_string(n->local_date), row.date);
    EXPECT_EQ(n->offset_minutes, row.offset);
  }
  for (const std::string text : {"", "2026", "2026-03", "2026-03-01T10:00Z", "2026-03-01T10:00:00", "today",
                                 "2026-02-30", "2026-03-01T10:00:00+25:00"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(parse_now(text).has_value());
  }
}

TEST(now, has_nothing_of_the_machines_time_zone) {
  const char* before_test = std::getenv("TZ");
  const std::string kept = before_test != nullptr ? before_test : "";
  for (const char* zone : {"UTC", "Asia/Kolkata", "Pacific/Kiritimati", "America/St_Johns"}) {
    SCOPED_TRACE(zone);
    setenv("TZ", zone, 1);
    tzset();
    EXPECT_EQ(to_string(at("2026-03-01T23:30:00Z").days(60)), "2026-03-02");
    EXPECT_EQ(to_string(at("2026-03-01T23:30:00").days(60)), "2026-03-01");
    EXPECT_EQ(parse_now("2026-03-01")->instant.time_since_epoch().count(), 1'772'323'200'000);
    EXPECT_EQ(to_string(parse_now("2026-03-01T23:30:00+01:00")->local_date), "2026-03-01");
    EXPECT_TRUE(at("1970-01-01T00:00:00Z").range().first == 0);
  }
  if (before_test != nullptr) setenv("TZ", kept.c_str(), 1);
  else unsetenv("TZ");
  tzset();
}

date_time any_date_time() {
  date_time t;
  t.prec = static_cast<date_time::precision>(*rc::gen::inRange(0, 6));
  t.year = static_cast<std::int16_t>(*rc::gen::inRange(1, 10000));
  using precision = date_time::precision;
  if (t.prec >= precision::month) t.month = static_cast<std::uint8_t>(*rc::gen::inRange(1, 13));
  if (t.prec >= precision::day) t.day_of_month = static_cast<std::uint8_t>(*rc::gen::inRange(1, 29));
  if (t.prec >= precision::hour_minute) {
    t.hour = static_cast<std::uint8_t>(*rc::gen::inRange(0, 24));
    t.minute = static_cast<std::uint8_t>(*rc::gen::inRange(0, 60));
    if (*rc::gen::arbitrary<bool>()) t.offset_minutes = static_cast<std::int16_t>(*rc::gen::inRange(-840, 841));
  }
  if (t.prec >= precision::second) t.second = static_cast<std::uint8_t>(*rc::gen::inRange(0, 60));
  if (t.prec == precision::fraction) {
    t.fraction_digits = static_cast<std::uint8_t>(*rc::gen::inRange(1, 10));
    std::uint32_t unit = 1;
    for (int i = t.fraction_digits; i < 9; ++i) unit *= 10;
    t.nanosecond = static_cast<std::uint32_t>(*rc::gen::inRange<std::uint32_t>(0, 1'000'000'000 / unit)) * unit;
  }
  return t;
}

RC_GTEST_PROP(date_time_property, reads_what_it_prints, ()) {
  const date_time t = any_date_time();
  const auto again = date_time::parse(t.to_string());
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->to_string() == t.to_string());
  RC_ASSERT(again->prec == t.prec);
  RC_ASSERT(again->offset_minutes == t.offset_minutes);
  RC_ASSERT(again->nanosecond == t.nanosecond);
  RC_ASSERT(again->range().first == t.range().first);
}

RC_GTEST_PROP(date_time_property, order_has_no_contradiction, ()) {
  const date_time a = any_date_time();
  const date_time b = any_date_time();
  RC_ASSERT(a.range().first <= a.range().last);
  const truth ab = before(a, b), ba = before(b, a), same = equal(a, b);
  RC_ASSERT(!(ab == truth::yes && ba == truth::yes));
  if (ab == truth::yes || ba == truth::yes) RC_ASSERT(same == truth::no);
  if (same == truth::no) RC_ASSERT(ab == truth::yes || ba == truth::yes);
}

RC_GTEST_PROP(date_time_property, its_days_hold_its_instants, ()) {
  date_time t = any_date_time();
  if (t.prec < date_time::precision::hour_minute) t.prec = date_time::precision::hour_minute;
  if (!t.offset_minutes) t.offset_minutes = std::int16_t{0};
  RC_PRE(t.year > 1 && t.year < 9999);
  const int observer = *rc::gen::inRange(-720, 841);
  const day_range days = t.days(observer);
  constexpr __int128 day_ns = __int128{86'400} * 1'000'000'000;
  const __int128 shift = __int128{observer} * 60 * 1'000'000'000;
  RC_ASSERT(days.first.number * day_ns <= t.range().first + shift);
  RC_ASSERT(t.range().last + shift < (days.last.number + __int128{1}) * day_ns);
}

RC_GTEST_PROP(day_property, numbers_and_texts_agree, ()) {
  const day d{*rc::gen::inRange(earliest_day.number, latest_day.number + 1)};
  RC_ASSERT(parse_day(to_string(d)) == d);
  RC_ASSERT(date_time::parse(to_string(d))->days(0) == (day_range{d, d}));
}

}  // namespace
}  // namespace mainstay::fhir
