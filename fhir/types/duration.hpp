// Spans of time: calendar durations ("2 months") and UCUM's definite ones ("2 'mo'"), told apart, and dates moved by them
// (FHIRPath, "Date/Time Arithmetic" and "Calendar Duration"). Values; pure; thread-safe.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "fhir/types/date.hpp"
#include "fhir/types/decimal.hpp"
#include "fhir/types/quantity.hpp"

namespace mainstay::fhir {

enum class time_unit : std::uint8_t { year, month, week, day, hour, minute, second, millisecond };

/// A week and what is shorter is the same in both kinds; a definite year has 365.25 days, a definite month a twelfth of it.
struct duration {
  decimal value;
  time_unit unit = time_unit::day;
  bool definite = false;
};

/// "year" or "years" to "millisecond" or "milliseconds": the words of calendar durations.
std::optional<time_unit> calendar_word(std::string_view word);
/// UCUM's "a", "mo", "wk", "d", "h", "min", "s", "ms".
std::optional<time_unit> time_code(std::string_view code);
/// A FHIR Quantity whose code is one of UCUM's times: a calendar duration, as FHIR's page on FHIRPath says. No value where
/// it is another quantity or has a comparator.
std::optional<duration> to_duration(const quantity& q);

/// `t` later by `d`, or earlier where that is negative, with t's precision and offset. Months and years end on the month's
/// last day where it is too short; what is finer than t's precision is turned into it and cut off, years of 365 and
/// months of 30 days; above seconds a fraction of `d` is cut off. No value: outside of the years 1 to 9999, or a definite
/// month or year, which is no number of days.
std::optional<date_time> add(const date_time& t, const duration& d);

/// Which is longer? Calendar years have 12 months or 365 days, calendar months 30 days. No value between a calendar and a
/// definite year or month, and where no decimal holds the comparison.
std::optional<std::strong_ordering> compare(const duration& a, const duration& b);

}  // namespace mainstay::fhir
