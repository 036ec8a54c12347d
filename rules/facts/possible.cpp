#include "rules/facts/possible.hpp"

#include <algorithm>
#include <bit>

namespace mainstay::rules {

void possible::add_reason(reason_kind kind, std::string detail, std::string source) {
  reason r{kind, std::move(detail), std::move(source)};
  if (std::find(reasons.begin(), reasons.end(), r) == reasons.end()) reasons.push_back(std::move(r));
}

void possible::add_reasons(const std::vector<reason>& more) {
  for (const auto& r : more) add_reason(r.kind, r.detail, r.source);
}

void possible::add_sources(const std::vector<std::string_view>& more) {
  for (const auto s : more) {
    // Most come in order.
    if (sources.empty() || sources.back() < s) {
      sources.push_back(s);
      continue;
    }
    const auto at = std::lower_bound(sources.begin(), sources.end(), s);
    if (*at != s) sources.insert(at, s);
  }
}

void possible::add_date(const fhir::day_range& d) {
  if (!date) {
    date = d;
    return;
  }
  several_dates = several_dates || !(*date == d);
  date = fhir::day_range{std::min(date->first, d.first), std::max(date->last, d.last)};
}

void possible::add_shown(const std::string& text, const std::string& read) {
  if (shown.empty() && how_read.empty() && !several_shown) {
    shown = text;
    how_read = read;
  } else if (shown != text || how_read != read) {
    several_shown = true;
    shown.clear();
    how_read.clear();
  }
}

void possible::add_numbers(const fhir::interval& more) { numbers = numbers ? fhir::hull(*numbers, more) : more; }

void possible::join(const possible& other) {
  anything = anything || other.anything;
  yes = yes || other.yes;
  no = no || other.no;
  codes |= other.codes;
  if (other.numbers) add_numbers(*other.numbers);
  if (other.date) add_date(*other.date);
  several_dates = several_dates || other.several_dates;
  if (other.several_shown) {
    several_shown = true;
    shown.clear();
    how_read.clear();
  } else if (!other.shown.empty() || !other.how_read.empty()) {
    add_shown(other.shown, other.how_read);
  }
  add_sources(other.sources);
  add_reasons(other.reasons);
}

finding to_finding(possible&& what, const fact& f) {
  finding result;
  result.type = f.type;
  result.date = what.date;
  result.shown = std::move(what.shown);
  result.how_read = std::move(what.how_read);
  result.sources = std::move(what.sources);
  result.reasons = std::move(what.reasons);
  using state = finding::state;
  switch (f.type) {
    case fact_type::event:
      if (what.anything || (what.yes && what.no)) {
        result.is = state::unknown;
      } else if (what.yes) {
        result.yes = fhir::truth::yes;
        result.is = what.several_dates || (what.date && !what.date->single()) ? state::possible : state::known;
      } else {
        result.yes = fhir::truth::no;
        result.is = state::known;
      }
      break;
    case fact_type::truth:
      if (!what.anything && what.yes != what.no) {
        result.yes = fhir::to_truth(what.yes);
        result.is = state::known;
      }
      break;
    case fact_type::code:
      for (std::size_t i = 0; i < f.values.size() && i < 64; ++i)
        if (what.codes >> i & 1) result.codes.push_back(f.values[i]);
      if (!what.anything && !result.codes.empty()) result.is = result.codes.size() == 1 ? state::known : state::possible;
      break;
    case fact_type::number:
      if (what.anything || !what.numbers) break;
      result.numbers = *what.numbers;
      result.is = result.numbers.low && result.numbers.high && *result.numbers.low == *result.numbers.high ? state::known
                                                                                                           : state::possible;
      break;
  }
  if (result.is == state::possible && result.reasons.empty()) result.reasons.push_back({reason_kind::several, {}, {}});
  if (result.is == state::unknown && result.reasons.empty()) result.reasons.push_back({reason_kind::not_recorded, {}, {}});
  return result;
}

}  // namespace mainstay::rules
