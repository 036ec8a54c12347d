// What happened to the patient, row by row: the mess of a chart ends here. Read by rules/facts; made from a chart and the
// pack's events. Lifetime: rows live no longer than the rows_of_chart that they are of. Threads: reentrant.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/chart/chart.hpp"
#include "fhir/types/date.hpp"
#include "fhir/types/quantity.hpp"
#include "rules/assess/assessment.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::rules {

/// What is possible for one particular: a subset of its codes (bit i is value i of its space) or an interval of numbers.
struct value_set {
  static constexpr std::uint64_t anything = ~std::uint64_t{0};
  bool said = false;                 ///< the row says something that was understood
  std::uint64_t codes = anything;
  fhir::interval numbers;            ///< of a quantity in its space's unit
  std::string shown;                 ///< as recorded
  std::string how_read;              ///< as finding::how_read
  std::vector<reason> reasons;       ///< why it is not understood
};

/// Do the rows or codings behind it contradict each other?
bool is_conflict(const value_set& v);

/// One resource read as one happening.
struct row {
  fhir::day_range when;              ///< the days it can have happened on; never after today
  bool undated = false;              ///< no day of its own: some day until `when.last`
  bool statement = false;            ///< says how things stood ("infection active"): no other row can stand for it
  std::vector<reason> doubts;        ///< empty: surely there
  std::vector<value_set> values;     ///< as the event's space
  std::string_view source;           ///< "Observation/1"
  std::size_t place = 0;             ///< of its resource in the chart: by type, then as the chart has them
  std::size_t from = 0;              ///< which of the event's sources
};

/// "n until then".
struct counted_row {
  fhir::day_range when;
  fhir::interval number;
  std::vector<reason> doubts;
  std::string_view source;
};

/// How far the searches behind an event answer.
struct reach {
  bool all = true;                   ///< every row there is
  bool newest = true;                ///< every row of `down_to` and later
  bool closed = true;                ///< good ground for `complete:`; a prefetch `null` is not
  fhir::day down_to = fhir::earliest_day;
  std::string why;                   ///< "timeout"
};

/// Both must answer: what holds of several searches together.
void narrow(reach& whole, const reach& part);

struct event_rows {
  std::vector<row> rows;
  std::vector<counted_row> counted;
  reach searched;
};

/// Limits of reading, with their reason.
struct row_limits {
  std::size_t rows = 5000;           ///< of one event; a chart of decades has hundreds. More: the rest is as if not fetched
};

/// The rows of every event of the pack, in the pack's order.
struct rows_of_chart {
  std::vector<event_rows> events;
  std::unique_ptr<char[]> names;     ///< the text of the rows' sources
};

/// Each row is in the chart's order of resources, which does not depend on the order they came in.
rows_of_chart read_rows(const fhir::chart& chart, const pack& p, const fhir::now& at, const row_limits& limit = {});

}  // namespace mainstay::rules
