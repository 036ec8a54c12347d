// Rows that are one happening, made one: what facts ask about. Made for one reading of doubtful rows.
#pragma once

#include <string_view>
#include <vector>

#include "rules/events/rows.hpp"

namespace mainstay::rules {

/// How doubtful rows are taken: they may be there or not, or at face value they are (rule language, idea 3).
enum class reading_of_doubt { strict, face };

/// One happening. Days count from `first`, `after` it from `last`. Lives no longer than the event's rows.
struct occurrence {
  fhir::day_range first, last;
  bool sure = false;              ///< surely there, and surely not another one of the same event
  std::size_t at_most = 1;        ///< happenings it can be, where doubtful rows between fall away
  std::vector<reason> doubts;     ///< of its rows
  std::vector<std::string_view> sources;  ///< of its rows, whose text it is
  std::vector<const row*> rows;   ///< that it is made of, or may be
  index event = 0;
  /// As the event's space.
  const std::vector<value_set>& values() const { return own.empty() ? rows.front()->values : own; }
  std::vector<value_set> own;     ///< what its rows say together; empty where the first one says it all
};

/// Sorted by first day, then source. Rows of single days are joined while each is at most `one` days after the one before;
/// rows of the same day always are, and what they say must agree. A row with a partial date that can belong to a joined
/// happening may be another one. An undated row adds none where a sure earlier one can explain it, unless it is a statement:
/// an infection that is active now is not explained by one of last year.
std::vector<occurrence> find_occurrences(const std::vector<row>& rows, index event, int one_days, reading_of_doubt how);

}  // namespace mainstay::rules
