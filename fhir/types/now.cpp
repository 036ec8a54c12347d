// The instant and calendar of one request.
#include "fhir/types/date.hpp"

namespace mainstay::fhir {

now now_at(day date) {
  return {std::chrono::sys_days{std::chrono::days{date.number}}, date, 0};
}

std::optional<now> parse_now(std::string_view text) {
  if (const auto date = parse_day(text)) return now_at(*date);
  const auto t = date_time::parse(text);
  if (!t || t->prec < date_time::precision::second || !t->offset_minutes) return std::nullopt;
  const __int128 nanoseconds = t->range().first;
  constexpr __int128 millisecond_ns = 1'000'000;
  // Towards the past before 1970 as well.
  const __int128 down = nanoseconds >= 0 ? nanoseconds : nanoseconds - (millisecond_ns - 1);
  now result;
  result.instant = std::chrono::sys_time<std::chrono::milliseconds>{
      std::chrono::milliseconds{static_cast<std::int64_t>(down / millisecond_ns)}};
  result.offset_minutes = *t->offset_minutes;
  result.local_date = t->days(result.offset_minutes).first;
  return result;
}

}  // namespace mainstay::fhir
