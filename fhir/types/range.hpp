// Range (R4 2.24.0.10), whatever its ends are read as. Private to fhir/types.
#pragma once

#include <utility>

#include "fhir/types/quantity.hpp"

namespace mainstay::fhir {

/// `read_end` reads a Quantity element as a measurement_result. no_value for ends in the wrong order, with a
/// comparator, or absent both; else the first end's own error.
measurement_result read_range(const json::node& range_element, auto&& read_end) {
  interval values;
  std::string shown, spelling;
  const auto failed = [](measurement_error error) { return measurement_result{std::nullopt, error, {}}; };
  static constexpr json::key low_key = "low", high_key = "high";
  const json::node *low = range_element.find(low_key), *high = range_element.find(high_key);
  if (low == nullptr && high == nullptr) return failed(measurement_error::no_value);
  for (const json::node* element : {low, high}) {
    if (element == nullptr) continue;
    measurement_result one = read_end(*element);
    if (!one.value) return one;
    const bool quantity_has_comparator = element->find("comparator") != nullptr;
    if (quantity_has_comparator) return failed(measurement_error::no_value);
    if (element == low) {
      values.low = one.value->values.low;
      values.low_open = one.value->values.low_open;
    } else {
      values.high = one.value->values.high;
      values.high_open = one.value->values.high_open;
    }
    shown += (shown.empty() ? (low == nullptr ? "<= " : "") : " to ") + one.value->shown;
    if (!one.value->spelling.empty()) spelling = std::move(one.value->spelling);
  }
  if (high == nullptr) shown.insert(0, ">= ");
  if (values.low && values.high && *values.high < *values.low) return failed(measurement_error::no_value);
  return {measurement{std::move(values), std::move(shown), std::move(spelling)}, {}, {}};
}

}  // namespace mainstay::fhir
