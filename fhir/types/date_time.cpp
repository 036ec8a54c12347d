// FHIR date, dateTime and instant as text, and the days and instants that they leave possible.
#include <algorithm>
#include <cstdlib>

#include "fhir/types/date.hpp"
#include "fhir/types/digits.hpp"

namespace mainstay::fhir {
namespace {

using precision = date_time::precision;

constexpr __int128 second_ns = 1'000'000'000;
constexpr __int128 minute_ns = 60 * second_ns;
constexpr __int128 day_ns = 24 * 60 * minute_ns;
// Where no offset is given: the farthest time zones east and west.
constexpr int most_east = 14 * 60;
constexpr int most_west = -12 * 60;

/// Takes pieces off the front of a text.
struct scanner {
  std::string_view rest;
  bool take(char c) {
    if (!rest.starts_with(c)) return false;
    rest.remove_prefix(1);
    return true;
  }
  std::optional<unsigned> digits(std::size_t count) {
    if (rest.size() < count) return std::nullopt;
    const auto value = read_digits(rest.substr(0, count));
    if (value) rest.remove_prefix(count);
    return value;
  }
};

/// "." digits. What is finer than a nanosecond is left out: the value then stands for the whole nanosecond.
bool read_fraction(scanner& s, date_time& t) {
  const std::size_t size = std::min(s.rest.find_first_not_of("0123456789"), s.rest.size());
  if (size == 0) return false;
  const std::size_t kept = std::min<std::size_t>(size, 9);
  t.nanosecond = *read_digits(s.rest.substr(0, kept));
  for (std::size_t i = kept; i < 9; ++i) t.nanosecond *= 10;
  t.fraction_digits = static_cast<std::uint8_t>(kept);
  t.prec = precision::fraction;
  s.rest.remove_prefix(size);
  return true;
}

/// Z or +hh:mm, up to 14 hours; -00:00 is UTC as well.
bool read_offset(scanner& s, date_time& t) {
  if (s.take('Z')) {
    t.offset_minutes = 0;
    return true;
  }
  const bool west = s.rest.starts_with('-');
  if (!s.take('+') && !s.take('-')) return false;
  const auto hours = s.digits(2);
  if (!hours || !s.take(':')) return false;
  const auto minutes = s.digits(2);
  if (!minutes || *minutes > 59 || *hours > 14 || (*hours == 14 && *minutes != 0)) return false;
  const int offset = static_cast<int>(*hours * 60 + *minutes);
  t.offset_minutes = static_cast<std::int16_t>(west ? -offset : offset);
  return true;
}

bool read_time(scanner& s, date_time& t) {
  const auto hour = s.digits(2);
  if (!hour || *hour > 23 || !s.take(':')) return false;
  const auto minute = s.digits(2);
  if (!minute || *minute > 59) return false;
  t.hour = static_cast<std::uint8_t>(*hour);
  t.minute = static_cast<std::uint8_t>(*minute);
  t.prec = precision::hour_minute;
  if (s.take(':')) {
    const auto second = s.digits(2);
    if (!second || *second > 60) return false;  // 60: FHIR allows leap seconds
    t.second = static_cast<std::uint8_t>(*second);
    t.prec = precision::second;
    if (s.take('.') && !read_fraction(s, t)) return false;
  }
  return s.rest.empty() || (read_offset(s, t) && s.rest.empty());
}

/// The days of the date part in its own calendar.
day_range written_days(const date_time& t) {
  const unsigned first_month = t.prec == precision::year ? 1 : t.month;
  const unsigned last_month = t.prec == precision::year ? 12 : t.month;
  if (t.prec >= precision::day) {
    const day d = make_day(t.year, t.month, t.day_of_month).value_or(earliest_day);
    return {d, d};
  }
  const day first = make_day(t.year, first_month, 1).value_or(earliest_day);
  const day last = make_day(t.year, last_month, 28).value_or(earliest_day);
  const std::chrono::year_month_day_last end{std::chrono::year{t.year},
                                             std::chrono::month_day_last{std::chrono::month{last_month}}};
  return {first, last + (static_cast<std::int32_t>(static_cast<unsigned>(end.day())) - 28)};
}

/// Instants as if its clock were UTC's.
date_time::instants written_instants(const date_time& t) {
  const day_range days = written_days(t);
  if (t.prec <= precision::day) return {days.first.number * day_ns, (days.last.number + __int128{1}) * day_ns - 1};
  __int128 first = days.first.number * day_ns + (t.hour * 60 + t.minute) * minute_ns;
  if (t.prec == precision::hour_minute) return {first, first + minute_ns - 1};
  first += t.second * second_ns + t.nanosecond;
  __int128 width = second_ns;
  for (int i = 0; i < t.fraction_digits; ++i) width /= 10;
  return {first, first + width - 1};
}

/// A pair to compare: without an offset on either side both are read off the same clock.
struct comparable {
  date_time::instants a, b;
};
comparable make_comparable(const date_time& a, const date_time& b) {
  if (!a.offset_minutes && !b.offset_minutes) return {written_instants(a), written_instants(b)};
  return {a.range(), b.range()};
}

}  // namespace

std::optional<date_time> date_time::parse(std::string_view text) {
  scanner s{text};
  date_time t;
  const auto year = s.digits(4);
  if (!year || *year == 0) return std::nullopt;
  t.year = static_cast<std::int16_t>(*year);
  t.prec = precision::year;
  if (s.rest.empty()) return t;
  if (!s.take('-')) return std::nullopt;
  const auto month = s.digits(2);
  if (!month || *month < 1 || *month > 12) return std::nullopt;
  t.month = static_cast<std::uint8_t>(*month);
  t.prec = precision::month;
  if (s.rest.empty()) return t;
  if (!s.take('-')) return std::nullopt;
  const auto day_of_month = s.digits(2);
  if (!day_of_month || !make_day(t.year, t.month, *day_of_month)) return std::nullopt;
  t.day_of_month = static_cast<std::uint8_t>(*day_of_month);
  t.prec = precision::day;
  if (s.rest.empty()) return t;
  if (!s.take('T') || !read_time(s, t)) return std::nullopt;
  return t;
}

std::string date_time::to_string() const {
  std::string out;
  append_digits(out, static_cast<unsigned>(year), 4);
  const auto part = [&](char before, unsigned value) {
    out += before;
    append_digits(out, value, 2);
  };
  if (prec >= precision::month) part('-', month);
  if (prec >= precision::day) part('-', day_of_month);
  if (prec >= precision::hour_minute) {
    part('T', hour);
    part(':', minute);
  }
  if (prec >= precision::second) part(':', second);
  if (prec == precision::fraction) {
    std::string digits;
    append_digits(digits, nanosecond, 9);
    out += '.' + digits.substr(0, fraction_digits);
  }
  if (prec >= precision::hour_minute && offset_minutes) {
    const auto minutes = static_cast<unsigned>(std::abs(*offset_minutes));
    if (minutes == 0) {
      out += 'Z';
    } else {
      part(*offset_minutes < 0 ? '-' : '+', minutes / 60);
      part(':', minutes % 60);
    }
  }
  return out;
}

day_range date_time::days(int local_offset_minutes) const {
  const day_range written = written_days(*this);
  if (prec < precision::hour_minute || !offset_minutes) return written;
  // Offsets are whole minutes, so that seconds never change the day.
  const int minutes = hour * 60 + minute - *offset_minutes + local_offset_minutes;
  const int days_later = minutes >= 0 ? minutes / 1440 : -((1439 - minutes) / 1440);
  const day local = std::clamp(written.first + days_later, earliest_day, latest_day);
  return {local, local};
}

date_time::instants date_time::range() const {
  const instants written = written_instants(*this);
  if (offset_minutes) return {written.first - *offset_minutes * minute_ns, written.last - *offset_minutes * minute_ns};
  return {written.first - most_east * minute_ns, written.last - most_west * minute_ns};
}

truth before(const date_time& a, const date_time& b) {
  const comparable pair = make_comparable(a, b);
  if (pair.a.last < pair.b.first) return truth::yes;
  return pair.a.first >= pair.b.last ? truth::no : truth::unknown;
}

truth equal(const date_time& a, const date_time& b) {
  const comparable pair = make_comparable(a, b);
  if (pair.a.last < pair.b.first || pair.b.last < pair.a.first) return truth::no;
  return pair.a.first == pair.b.first && pair.a.last == pair.b.last ? truth::yes : truth::unknown;
}

}  // namespace mainstay::fhir
