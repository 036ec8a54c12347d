// What one fact can be in one scenario, and the join over scenarios. Private to rules/facts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/assess/assessment.hpp"

namespace mainstay::rules {

/// Lives no longer than the rows.
struct possible {
  bool anything = false;               ///< nothing is known in some world
  bool yes = false, no = false;        ///< truth facts; event facts: there is one, there is none
  std::uint64_t codes = 0;
  std::optional<fhir::interval> numbers;
  std::optional<fhir::day_range> date;
  bool several_dates = false;
  std::string shown, how_read;
  bool several_shown = false;
  std::vector<std::string_view> sources;  ///< sorted; of the rows, whose text it is
  std::vector<reason> reasons;

  void add_reason(reason_kind kind, std::string detail = {}, std::string source = {});
  void add_reasons(const std::vector<reason>& more);
  void add_sources(const std::vector<std::string_view>& more);
  void add_date(const fhir::day_range& d);
  void add_shown(const std::string& text, const std::string& read);
  void add_numbers(const fhir::interval& more);
  /// Any of both.
  void join(const possible& other);
};

/// As the assessment says it.
finding to_finding(possible&& what, const fact& f);

}  // namespace mainstay::rules
