// Measurements in the unit that a reader asks for: Quantity and Range, converted exactly by UCUM. Used by rules/events
// and by whoever compares results of laboratories. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fhir/types/quantity.hpp"
#include "fhir/ucum/unit.hpp"

namespace mainstay::fhir {

/// "0.8", "0.5 to 1", "< 0.5", ">= 1"; empty where nothing bounds it. Of two ends it does not tell open ones.
std::string to_string(const interval& values);

/// Every value of the interval in another unit; no value where the two do not measure the same or it does not fit. An
/// end that no decimal is (a third of a unit) becomes an open one a little further out, so that nothing possible is
/// lost. Between scales on which more of the one is less of the other (pH and mol/L): no value.
std::optional<interval> convert(const interval& values, const ucum::unit& from, const ucum::unit& to);

/// A Quantity as numbers of `in`. Its UCUM `code` decides, never its `unit` beside one; without a UCUM code `allowed`
/// says whether the unit's text is read. `unknown_unit`: not understood, or it measures something else.
measurement_result read_measurement(const json::node& quantity_element, const ucum::unit& in, spellings allowed);
/// A Range, its ends read so (R4 2.24.0.10): SimpleQuantity, an absent one unbounded.
measurement_result read_measurement_range(const json::node& range_element, const ucum::unit& in, spellings allowed);
/// Numbers of a UCUM unit, "" for none, as numbers of `in`.
measurement_result measurement_of(const interval& values, std::string_view code, const ucum::unit& in,
                                  std::string shown);

}  // namespace mainstay::fhir
