// Reads a particular that is a measurement: numbers as R4 and as laboratories' texts have them. Private to
// rules/events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/json/document.hpp"
#include "rules/events/rows.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::rules {

/// The bit of a value; 0 where the space has no such value.
std::uint64_t mask_of(const particular_space& space, std::string_view value);
/// The values whose bound holds for some of the interval.
std::uint64_t mask_of(const particular_space& space, const reader& bounds, const fhir::interval& values);

/// "Not detected" is 0 to the assay's sensitivity, "detected" is above it.
fhir::interval by_detection(bool detected, const fhir::decimal& sensitivity);

/// A text of the chart in quotes, at most 40 bytes of it and no broken character at the end; empty for none.
std::string quoted_text(std::string_view text);

/// What a `proportion` reader leaves possible by an Observation's valueQuantity, valueRange, valueRatio or valueString;
/// no value where none of them is there. `sensitivity` is the term's: that of the text itself goes before it. `doubts`
/// gets "sensitivity not stated".
std::optional<value_set> read_proportion(const fhir::json::node& resource, const reader& how,
                                         const particular_space& space,
                                         const std::optional<fhir::proportion>& sensitivity,
                                         std::vector<reason>& doubts);

/// The numbers that a `quantity` reader finds, in its unit: valueQuantity, valueRange or valueString; no value where
/// none of them is there.
std::optional<value_set> read_quantity(const fhir::json::node& resource, const reader& how);

}  // namespace mainstay::rules
