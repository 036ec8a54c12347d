// Quantities and codings as FHIR R4 writes them, and the interval of values that a quantity leaves possible.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fhir/json/document.hpp"
#include "fhir/types/decimal.hpp"
#include "fhir/types/truth.hpp"

namespace mainstay::fhir {

/// Coding.system and code; display never decides anything and is not kept.
struct coding {
  std::string system;
  std::string code;
  friend auto operator<=>(const coding&, const coding&) = default;
};

/// The usual aliases of a code system's URI (`urn:oid:2.16.840.1.113883.6.1` for LOINC, the two URIs of ICD-10-PCS) as
/// the canonical one, without a `|version` suffix; any other text unchanged. The view is of `uri` or of a constant.
std::string_view canonical_system(std::string_view uri);

/// An interval of decimals; an absent end is unbounded.
struct interval {
  std::optional<decimal> low, high;
  bool low_open = false;   ///< the low end itself is not possible
  bool high_open = false;
  friend bool operator==(const interval&, const interval&) = default;
};

enum class comparison { equal, not_equal, less, less_or_equal, greater, greater_or_equal };

/// Does every value of the interval compare so with `bound` (yes), none (no), or some (unknown)?
truth compare(const interval& values, comparison op, const decimal& bound);
/// The narrowest interval that holds both.
interval hull(const interval& a, const interval& b);
/// Values in both; no value where there is none.
std::optional<interval> intersect(const interval& a, const interval& b);

/// FHIR Quantity. `code` and not `unit` decides what unit it is. Its texts are views of the document it was read from.
struct quantity {
  decimal value;
  std::string_view comparator;  ///< "", "<", "<=", ">=", ">"
  std::string_view unit, system, code;
  /// The values it leaves possible, comparator counted.
  interval values() const;
  /// As a reader wants it: "< 0.1 %", "0.001 %".
  std::string to_string() const;
};

/// Reads a Quantity element; no value where it has no readable value, or a comparator that R4 does not have.
std::optional<quantity> read_quantity(const json::node& element);
/// Reads a Coding element, its system as canonical_system() has it; no value where system or code is missing.
std::optional<coding> read_coding(const json::node& element);

/// How a unit without a UCUM code is read: `ucum` not at all, save for a proportion's text `%`; `laboratory` as
/// laboratories spell it (ucum/aliases.hpp), else as a UCUM code.
enum class spellings : bool { ucum, laboratory };

/// Why a number could not be read. `unknown_unit`: its unit is not understood, or measures something else;
/// `not_finite`: no decimal holds it, or it is a proportion below zero.
enum class measurement_error { no_value, no_unit, unknown_unit, zero_denominator, not_finite };

/// A number with its unit: the values that it leaves possible in the unit that the caller asked for.
struct measurement {
  interval values;
  std::string shown;  ///< as recorded: "0.001 %", "1:10000"; the unit as UCUM has it where a laboratory's spelling stood
  std::string spelling;  ///< the laboratory's spelling that was read as another unit; else empty
};
struct measurement_result {
  std::optional<measurement> value;
  measurement_error error = measurement_error::no_value;
  std::string unit;  ///< the text that was not understood
};

/// A proportion (0.01 % is 0.0001) as an interval, from an Observation's valueQuantity, valueRange or valueRatio element.
/// Units understood: the UCUM codes `%`, `1`, `10*-n`; without a UCUM code the unit's text `%`, and a laboratory's
/// spelling of one of these where the caller asks for it; and a Ratio of two numbers without units or with the same.
/// Anything else is unknown_unit, and a value without a unit is no_unit: never a guess. A quotient without an end (1:3)
/// is the open interval of 2 x 10^-20 around it.
using proportion = measurement;
using proportion_error = measurement_error;
using proportion_result = measurement_result;
proportion_result read_proportion_quantity(const json::node& quantity_element, spellings allowed = spellings::ucum);
/// Two ends, each a Quantity without comparator; an absent one is unbounded (R4 2.24.0.10).
proportion_result read_proportion_range(const json::node& range_element, spellings allowed = spellings::ucum);
proportion_result read_proportion_ratio(const json::node& ratio_element);
/// A proportion from numbers of a UCUM unit, "" for none.
proportion_result proportion_of(const interval& values, std::string_view code, std::string shown);
/// A proportion written in a pack: "0.01 %", "< 0.1 %", "0.0001"; same units.
std::optional<proportion> parse_proportion(std::string_view text);

}  // namespace mainstay::fhir
