#include "fhir/types/duration.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "fhir/ucum/unit.hpp"

namespace mainstay::fhir {
namespace {

using precision = date_time::precision;

struct unit_row {
  std::string_view word, words, code;
};
/// In the order of time_unit.
constexpr std::array<unit_row, 8> rows{{{"year", "years", "a"},
                                        {"month", "months", "mo"},
                                        {"week", "weeks", "wk"},
                                        {"day", "days", "d"},
                                        {"hour", "hours", "h"},
                                        {"minute", "minutes", "min"},
                                        {"second", "seconds", "s"},
                                        {"millisecond", "milliseconds", "ms"}}};

template <class Test>
std::optional<time_unit> find_unit(Test&& test) {
  const auto at = std::find_if(rows.begin(), rows.end(), test);
  if (at == rows.end()) return std::nullopt;
  return static_cast<time_unit>(at - rows.begin());
}

constexpr std::int64_t second_ns = 1'000'000'000, minute_ns = 60 * second_ns, day_ns = 24 * 60 * minute_ns;
constexpr std::int64_t days_a_year = 365, days_a_month = 30, months_a_year = 12;
/// In milliseconds: a definite year's 365.25 days.
constexpr std::int64_t definite_year_ms = 31'557'600'000;

/// The whole of v x 10^tens towards zero; no value beyond what a date can be moved by.
std::optional<std::int64_t> whole(const decimal& v, int tens) {
  auto number = v.mantissa();
  constexpr decimal::mantissa_type most = __int128{1} << 70;  // ten thousand years are 2^69 ns
  for (int i = v.scale() - tens; i > 0 && number != 0; --i) number /= 10;
  for (int i = v.scale() - tens; i < 0 && number != 0; ++i) {
    if (number > most || number < -most) return std::nullopt;
    number *= 10;
  }
  if (number > INT64_MAX || number < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<date_time> add_months(date_time t, std::int64_t months) {
  constexpr std::int64_t most = 10'000 * months_a_year;
  if (months > most || months < -most) return std::nullopt;
  const std::int64_t total = t.year * months_a_year + (t.month - 1) + months;
  const std::int64_t year = total / months_a_year;
  if (total < months_a_year || year > 9999) return std::nullopt;
  t.year = static_cast<std::int16_t>(year);
  t.month = static_cast<std::uint8_t>(total % months_a_year + 1);
  if (t.prec < precision::day) return t;
  const std::chrono::year_month_day_last last{std::chrono::year{t.year},
                                              std::chrono::month_day_last{std::chrono::month{t.month}}};
  t.day_of_month = std::min(t.day_of_month, static_cast<std::uint8_t>(static_cast<unsigned>(last.day())));
  return t;
}

/// Days and nanoseconds, to a date of at least a day's precision.
std::optional<date_time> add_days(date_time t, std::int64_t days, std::int64_t ns) {
  constexpr std::int64_t most = 10'000 * 366;
  if (days > most || days < -most) return std::nullopt;
  const auto from = make_day(t.year, t.month, t.day_of_month);
  if (!from) return std::nullopt;
  __int128 at = __int128{ns} + t.nanosecond + t.second * second_ns + (t.hour * 60 + t.minute) * minute_ns;
  __int128 number = __int128{from->number} + days + at / day_ns;
  at %= day_ns;
  if (at < 0) {
    at += day_ns;
    --number;
  }
  if (number < earliest_day.number || number > latest_day.number) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{static_cast<std::int32_t>(number)}}};
  t.year = static_cast<std::int16_t>(static_cast<int>(date.year()));
  t.month = static_cast<std::uint8_t>(static_cast<unsigned>(date.month()));
  t.day_of_month = static_cast<std::uint8_t>(static_cast<unsigned>(date.day()));
  const auto rest = static_cast<std::int64_t>(at);
  t.hour = static_cast<std::uint8_t>(rest / (60 * minute_ns));
  t.minute = static_cast<std::uint8_t>(rest / minute_ns % 60);
  t.second = static_cast<std::uint8_t>(rest / second_ns % 60);
  t.nanosecond = static_cast<std::uint32_t>(rest % second_ns);
  return t;
}

/// As many digits as the nanoseconds need, and as many as there were.
void show_fraction(date_time& t) {
  int needed = 9;
  for (std::uint32_t rest = t.nanosecond; needed > 0 && rest % 10 == 0; rest /= 10) --needed;
  if (needed == 0 && t.prec != precision::fraction) return;
  t.prec = precision::fraction;
  t.fraction_digits = std::max(t.fraction_digits, static_cast<std::uint8_t>(needed));
}

/// A span's length in whole days; no value where it has months.
std::optional<std::int64_t> in_days(time_unit unit, const decimal& value) {
  constexpr std::int64_t seconds_a_day = day_ns / second_ns;
  const auto number = whole(value, 0);
  if (!number) return std::nullopt;
  switch (unit) {
    case time_unit::year:
    case time_unit::month: return std::nullopt;
    case time_unit::week: return *number > INT64_MAX / 7 || *number < INT64_MIN / 7 ? std::nullopt : std::optional(*number * 7);
    case time_unit::day: return number;
    case time_unit::hour: return *number / 24;
    case time_unit::minute: return *number / (24 * 60);
    case time_unit::second: return *number / seconds_a_day;
    case time_unit::millisecond: return *number / (1000 * seconds_a_day);
  }
  return std::nullopt;
}

std::optional<date_time> add_to_time(const date_time& t, const duration& d) {
  const auto of = [&](std::int64_t ns_each) -> std::optional<date_time> {
    const auto number = whole(d.value, 0);
    if (!number) return std::nullopt;
    const __int128 ns = __int128{*number} * ns_each;
    if (ns / day_ns > INT64_MAX || ns / day_ns < INT64_MIN) return std::nullopt;
    return add_days(t, static_cast<std::int64_t>(ns / day_ns), static_cast<std::int64_t>(ns % day_ns));
  };
  if (d.unit == time_unit::hour) return of(60 * minute_ns);
  if (d.unit == time_unit::minute) return of(minute_ns);
  const bool milliseconds = d.unit == time_unit::millisecond;
  if (t.prec == precision::hour_minute) {
    const auto seconds = whole(d.value, milliseconds ? -3 : 0);
    return seconds ? add(t, duration{decimal(*seconds / 60), time_unit::minute}) : std::nullopt;
  }
  const auto ns = whole(d.value, milliseconds ? 6 : 9);
  if (!ns) return std::nullopt;
  auto result = add_days(t, *ns / day_ns, *ns % day_ns);
  if (result) show_fraction(*result);
  return result;
}

/// In milliseconds; a calendar year or month by its days.
std::optional<decimal> in_ms(const duration& d) {
  constexpr std::int64_t hour_ms = 3'600'000, day_ms = 24 * hour_ms;
  const auto each = [&]() -> std::int64_t {
    switch (d.unit) {
      case time_unit::year: return d.definite ? definite_year_ms : days_a_year * day_ms;
      case time_unit::month: return d.definite ? definite_year_ms / months_a_year : days_a_month * day_ms;
      case time_unit::week: return 7 * day_ms;
      case time_unit::day: return day_ms;
      case time_unit::hour: return hour_ms;
      case time_unit::minute: return 60'000;
      case time_unit::second: return 1000;
      case time_unit::millisecond: return 1;
    }
    return 1;
  };
  return d.value.multiply(decimal(each()));
}

bool has_months(const duration& d) { return d.unit == time_unit::year || d.unit == time_unit::month; }

std::optional<decimal> in_months(const duration& d) {
  return d.unit == time_unit::month ? d.value : d.value.multiply(decimal(months_a_year));
}

}  // namespace

std::optional<time_unit> calendar_word(std::string_view word) {
  return find_unit([&](const unit_row& r) { return r.word == word || r.words == word; });
}

std::optional<time_unit> time_code(std::string_view code) {
  return find_unit([&](const unit_row& r) { return r.code == code; });
}

std::optional<duration> to_duration(const quantity& q) {
  if (!q.comparator.empty() || q.system != ucum::system_uri) return std::nullopt;
  const auto unit = time_code(q.code);
  if (!unit) return std::nullopt;
  return duration{q.value, *unit};
}

std::optional<date_time> add(const date_time& t, const duration& d) {
  if (has_months(d)) {
    if (d.definite) return std::nullopt;
    const auto number = whole(d.value, 0);
    if (!number) return std::nullopt;
    constexpr std::int64_t most = 10'000;
    if (d.unit == time_unit::year) {
      if (*number > most || *number < -most) return std::nullopt;
      return add_months(t, *number * months_a_year);
    }
    return add_months(t, t.prec == precision::year ? *number / months_a_year * months_a_year : *number);
  }
  if (t.prec > precision::day && d.unit > time_unit::day) return add_to_time(t, d);
  const auto days = in_days(d.unit, d.value);
  if (!days) return std::nullopt;
  if (t.prec == precision::year) return add_months(t, *days / days_a_year * months_a_year);
  if (t.prec == precision::month) return add_months(t, *days / days_a_month);
  return add_days(t, *days, 0);
}

std::optional<std::strong_ordering> compare(const duration& a, const duration& b) {
  const auto order = [](const std::optional<decimal>& x, const std::optional<decimal>& y) {
    return x && y ? std::optional(*x <=> *y) : std::nullopt;
  };
  if (has_months(a) && has_months(b)) {
    if (a.definite != b.definite) return std::nullopt;
    return order(in_months(a), in_months(b));
  }
  return order(in_ms(a), in_ms(b));
}

}  // namespace mainstay::fhir
