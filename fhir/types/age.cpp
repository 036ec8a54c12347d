// Completed years.
#include <algorithm>
#include <chrono>

#include "fhir/types/date.hpp"

namespace mainstay::fhir {
namespace {

int years_between(day birth, day at) {
  const std::chrono::year_month_day from{std::chrono::sys_days{std::chrono::days{birth.number}}};
  const std::chrono::year_month_day to{std::chrono::sys_days{std::chrono::days{at.number}}};
  const int years = static_cast<int>(to.year()) - static_cast<int>(from.year());
  // 29 February is after 28 February and before 1 March, so that a common year completes on 1 March.
  const auto rank = [](const std::chrono::year_month_day& d) {
    return static_cast<unsigned>(d.month()) * 32 + static_cast<unsigned>(d.day());
  };
  return rank(to) < rank(from) ? years - 1 : years;
}

}  // namespace

std::optional<year_range> completed_years(const day_range& birth, const day_range& at) {
  if (at.last < birth.first) return std::nullopt;
  // Where some pairs of days have the birth after the day, they are not possible: a person is alive at `at`.
  return year_range{std::max(0, years_between(birth.last, at.first)), years_between(birth.first, at.last)};
}

}  // namespace mainstay::fhir
