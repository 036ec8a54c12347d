// Reads one particular of one row: what its readers leave possible. Private to rules/events.
#pragma once

#include "fhir/json/document.hpp"
#include "rules/events/rows.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::rules {

/// What all readers of `what` leave possible of the values in `space`; `sensitivity` is that of the row's assay, where it is
/// known. `doubts` gets why a row is doubtful because of its value ("sensitivity not stated").
value_set read_particular(const fhir::json::node& resource, resource_type type, const particular& what,
                          const particular_space& space, const pack& p,
                          const std::optional<fhir::proportion>& sensitivity, std::vector<reason>& doubts);

/// A whole number of an Observation's value: valueInteger, or valueQuantity with its comparator.
std::optional<fhir::interval> read_count(const fhir::json::node& observation);

/// Narrows `to`: `by` must hold as well. Nothing in both is a conflict: then anything, with that reason.
void narrow(value_set& to, const value_set& by);
void narrow(value_set& to, value_set&& by);

}  // namespace mainstay::rules
