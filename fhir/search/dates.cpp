#include "fhir/search/dates.hpp"

#include "fhir/search/parameters.hpp"

namespace mainstay::fhir::search {
namespace {

constexpr instant second = 1'000'000'000;
constexpr instant minute = 60 * second;
constexpr instant day_length = 24 * 60 * minute;
// From the first zone that a date begins in (+14:00) to the last (-12:00).
constexpr instant all_zones = 26 * 60 * minute;

instant day_start(int year, unsigned month, unsigned day_of_month) {
  return instant{make_day(year, month, day_of_month)->number} * day_length;
}

instant local_first(const date_time& d) {
  using p = date_time::precision;
  instant at = day_start(d.year, d.prec >= p::month ? d.month : 1u, d.prec >= p::day ? d.day_of_month : 1u);
  if (d.prec >= p::hour_minute) at += (instant{d.hour} * 60 + d.minute) * minute;
  if (d.prec >= p::second) at += instant{d.second} * second;
  if (d.prec == p::fraction) at += d.nanosecond;
  return at;
}

instant local_last(const date_time& d) {
  using p = date_time::precision;
  switch (d.prec) {
    case p::year:
      return day_start(d.year, 12, 31) + day_length - 1;
    case p::month:
      return (d.month == 12 ? day_start(d.year, 12, 31) + day_length : day_start(d.year, d.month + 1u, 1)) - 1;
    case p::day:
      return local_first(d) + day_length - 1;
    case p::hour_minute:
      return local_first(d) + minute - 1;
    case p::second:
      return local_first(d) + second - 1;
    case p::fraction:
      break;
  }
  instant step = second;
  for (int i = 0; i < d.fraction_digits; ++i) step /= 10;
  return local_first(d) + step - 1;
}

constexpr json::key start_key = "start", end_key = "end", event_key = "event", repeat_key = "repeat",
                    bounds_key = "boundsPeriod", type_key = "resourceType";

std::optional<time_span> read_period(const json::node& period) {
  time_span out{date_time::parse(period.string(start_key)), date_time::parse(period.string(end_key))};
  if (!out.start && !out.end) return std::nullopt;
  return out;
}

// Only a Timing's outer limits matter (R4 3.1.1.4.1).
std::optional<time_span> read_timing(const json::node& timing) {
  std::optional<time_span> out;
  if (const json::node* events = timing.find(event_key)) {
    for (const json::node& event : events->items()) {
      const auto at = date_time::parse(event.text());
      if (!at) continue;
      if (!out) out = time_span{at, at};
      if (first_instant(*at, 0) < first_instant(*out->start, 0)) out->start = at;
      if (last_instant(*at, 0) > last_instant(*out->end, 0)) out->end = at;
    }
  }
  if (out) return out;
  const json::node* repeat = timing.find(repeat_key);
  const json::node* bounds = repeat == nullptr ? nullptr : repeat->find(bounds_key);
  return bounds == nullptr ? std::nullopt : read_period(*bounds);
}

}  // namespace

instant first_instant(const date_time& d, int otherwise) {
  return local_first(d) - instant{d.offset_minutes.value_or(static_cast<std::int16_t>(otherwise))} * minute;
}

instant last_instant(const date_time& d, int otherwise) {
  return local_last(d) - instant{d.offset_minutes.value_or(static_cast<std::int16_t>(otherwise))} * minute;
}

std::optional<time_span> read_time_span(const json::node& element) {
  if (element.is_string()) {
    const auto at = date_time::parse(element.text());
    return at ? std::optional(time_span{at, at}) : std::nullopt;
  }
  if (element.find(event_key) != nullptr || element.find(repeat_key) != nullptr) return read_timing(element);
  return read_period(element);
}

std::optional<time_span> time_span_of(const json::node& resource) {
  const type_parameters* row = parameters_of(resource.string(type_key));
  if (row == nullptr) return std::nullopt;
  for (const json::key& name : row->date_elements)
    if (const json::node* element = resource.find(name))
      if (auto span = read_time_span(*element)) return span;
  return std::nullopt;
}

bool matches(const date_bound& bound, const time_span& value, date_edges edges) {
  const auto offset_of = [](const std::optional<date_time>& d) { return d ? d->offset_minutes : std::nullopt; };
  const auto start_offset = offset_of(value.start) ? offset_of(value.start) : offset_of(value.end);
  const auto end_offset = offset_of(value.end) ? offset_of(value.end) : offset_of(value.start);
  const int own = bound.value.offset_minutes.value_or(0);
  const instant bound_first = first_instant(bound.value, start_offset.value_or(0));
  const instant bound_last = last_instant(bound.value, end_offset.value_or(0));
  const bool one_zone = bound.value.offset_minutes && start_offset && end_offset;
  const instant slack = edges == date_edges::any_zone && !one_zone ? all_zones : 0;

  const auto contained = [&](instant by) {
    return value.start && value.end && bound_first - by <= first_instant(*value.start, own) &&
           last_instant(*value.end, own) <= bound_last + by;
  };
  const bool above = !value.end || last_instant(*value.end, own) > bound_last - slack;
  const bool below = !value.start || first_instant(*value.start, own) < bound_first + slack;
  switch (bound.prefix) {
    case date_prefix::eq:
      return contained(slack);
    case date_prefix::ne:
      return !contained(-slack);
    case date_prefix::gt:
      return above;
    case date_prefix::lt:
      return below;
    case date_prefix::ge:
      return above || contained(slack);
    case date_prefix::le:
      return below || contained(slack);
  }
  return false;
}

}  // namespace mainstay::fhir::search
