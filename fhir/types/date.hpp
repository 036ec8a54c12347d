// Dates and times with the precision they were written in (FHIR date, dateTime, instant), and calendar days as numbers.
// Value types, no clock, no machine time zone: an offset is in the text or it is not known.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fhir/types/truth.hpp"

namespace mainstay::fhir {

/// A calendar day as a count since 1970-01-01 in the proleptic Gregorian calendar.
struct day {
  std::int32_t number = 0;
  friend constexpr auto operator<=>(const day&, const day&) = default;
  constexpr day operator+(std::int32_t days) const { return {number + days}; }
  constexpr day operator-(std::int32_t days) const { return {number - days}; }
  constexpr std::int32_t operator-(const day& b) const { return number - b.number; }
};
/// Lowest and highest day of a FHIR date: year 0001 and 9999.
inline constexpr day earliest_day{-719162};
inline constexpr day latest_day{2932896};

/// The days that a partial date leaves possible, both ends included; earliest_day means "some day before".
struct day_range {
  day first;
  day last;
  friend constexpr bool operator==(const day_range&, const day_range&) = default;
  constexpr bool single() const { return first == last; }
  constexpr bool contains(day d) const { return first <= d && d <= last; }
};

std::optional<day> make_day(int year, unsigned month, unsigned day_of_month);
/// "2026-03-01"
std::string to_string(day d);
/// "2026-03-01", "2025-12" for a whole month, "2025" for a whole year, "until 2026-03-01" where the first is
/// earliest_day, else "2025-12-03 to 2026-01-09".
std::string to_string(const day_range& r);
/// Exactly YYYY-MM-DD.
std::optional<day> parse_day(std::string_view text);

/// A FHIR date, dateTime or instant with its precision and offset.
struct date_time {
  enum class precision : std::uint8_t { year, month, day, hour_minute, second, fraction };
  precision prec = precision::day;
  std::int16_t year = 1;
  std::uint8_t month = 1;
  std::uint8_t day_of_month = 1;
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  std::uint8_t fraction_digits = 0;         ///< 0 to 9
  std::uint32_t nanosecond = 0;
  std::optional<std::int16_t> offset_minutes;  ///< from UTC; none where the text has none

  /// FHIR date or dateTime: YYYY, YYYY-MM, YYYY-MM-DD, YYYY-MM-DDThh:mm[:ss[.f]][Z|+hh:mm]; valid calendar values only.
  static std::optional<date_time> parse(std::string_view text);
  std::string to_string() const;

  /// The calendar days, at an observer whose offset from UTC is `local_offset_minutes`, that this leaves possible.
  /// A time without an offset stands for its own calendar day; a date is the same day everywhere.
  day_range days(int local_offset_minutes) const;

  /// Range of instants in nanoseconds since 1970 UTC that this leaves possible; without offset -12:00 to +14:00 counts.
  struct instants { __int128 first, last; };
  instants range() const;
};

/// Is a before b? Yes or no where it holds for all instants that both leave possible, else unknown. Two without an
/// offset are read off the same clock: 1 March is before 2 March.
truth before(const date_time& a, const date_time& b);
/// Yes where both leave the same instants (the same date, the same minute), no where they have none in common, else
/// unknown (a date and a time on it).
truth equal(const date_time& a, const date_time& b);

/// Completed years from birth to a day, as a range where either is partial: {lowest, highest}. A birthday on 29 February
/// is completed on 1 March in common years. No value where the day is surely before birth.
struct year_range { int low, high; };
std::optional<year_range> completed_years(const day_range& birth, const day_range& at);

/// The instant and calendar of one request, made once at the rim.
struct now {
  std::chrono::sys_time<std::chrono::milliseconds> instant{};
  day local_date{};
  int offset_minutes = 0;
};
/// Midnight UTC of that date, offset 0: for `--now 2026-03-01` and cases.
now now_at(day date);
/// "2026-03-01" or a full instant with offset ("2026-03-01T10:00:00+01:00").
std::optional<now> parse_now(std::string_view text);

}  // namespace mainstay::fhir
