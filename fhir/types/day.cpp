// Calendar days: numbers to dates and back.
#include <chrono>
#include <cstdlib>

#include "fhir/types/date.hpp"
#include "fhir/types/digits.hpp"

namespace mainstay::fhir {
namespace {

std::chrono::year_month_day civil(day d) {
  return std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{d.number}}};
}

bool is_first_of_month(day d) { return civil(d).day() == std::chrono::day{1}; }
bool is_last_of_month(day d) { return is_first_of_month(d + 1); }

}  // namespace

std::optional<day> make_day(int year, unsigned month, unsigned day_of_month) {
  if (year < 1 || year > 9999) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day_of_month}};
  if (month > 12 || day_of_month > 31 || !date.ok()) return std::nullopt;
  return day{static_cast<std::int32_t>(std::chrono::sys_days{date}.time_since_epoch().count())};
}

std::string to_string(day d) {
  const auto date = civil(d);
  std::string result;
  append_digits(result, static_cast<unsigned>(std::abs(static_cast<int>(date.year()))), 4);
  result += '-';
  append_digits(result, static_cast<unsigned>(date.month()), 2);
  result += '-';
  append_digits(result, static_cast<unsigned>(date.day()), 2);
  return result;
}

std::string to_string(const day_range& r) {
  const std::string first = to_string(r.first);
  const std::string last = to_string(r.last);
  if (r.single()) return first;
  if (r.first == earliest_day) return "until " + last;
  if (is_first_of_month(r.first) && is_last_of_month(r.last)) {
    if (first.substr(0, 7) == last.substr(0, 7)) return first.substr(0, 7);
    if (first.substr(0, 4) == last.substr(0, 4) && first.substr(5, 2) == "01" && last.substr(5, 2) == "12")
      return first.substr(0, 4);
  }
  return first + " to " + last;
}

std::optional<day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = read_digits(text.substr(0, 4));
  const auto month = read_digits(text.substr(5, 2));
  const auto day_of_month = read_digits(text.substr(8, 2));
  if (!year || !month || !day_of_month) return std::nullopt;
  return make_day(static_cast<int>(*year), *month, *day_of_month);
}

}  // namespace mainstay::fhir
