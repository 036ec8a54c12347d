// The span of time of a resource's date and of a search's bound (R4 3.1.1.4.1), in nanoseconds. Private to fhir/search.
#pragma once

#include <optional>

#include "fhir/json/document.hpp"
#include "fhir/search/query.hpp"

namespace mainstay::fhir::search {

using instant = __int128;  // nanoseconds since 1970 UTC: the years 1 to 9999 need 69 bits

/// First and last instant of a date, read at `otherwise` minutes from UTC where it has no offset of its own.
instant first_instant(const date_time& d, int otherwise);
instant last_instant(const date_time& d, int otherwise);

/// What a dateTime, instant, Period or Timing element says; an absent end is open.
struct time_span {
  std::optional<date_time> start, end;
};
std::optional<time_span> read_time_span(const json::node& element);
/// The date of a resource by its type's date parameter.
std::optional<time_span> time_span_of(const json::node& resource);

bool matches(const date_bound& bound, const time_span& value, date_edges edges);

}  // namespace mainstay::fhir::search
