// What a pack asks of a FHIR server: the patient, and one search for each resource type. Known before any request
// comes.
#pragma once

#include "rules/pack/model.hpp"

namespace mainstay::rules {

/// How many rows one page should have; more come by `next` links.
inline constexpr unsigned page_size = 100;

/// Fills `requirements`, and `needs` of every fact. All facts of the pack count, for all are answered: a fact whose
/// codes were not asked for would take silence for absence.
void compute_requirements(pack& p);

}  // namespace mainstay::rules
