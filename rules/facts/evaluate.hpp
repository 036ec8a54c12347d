// Facts: one question about the patient each, answered by what the rows leave possible. Used by rules/assess alone.
#pragma once

#include <optional>
#include <vector>

#include "rules/assess/assess.hpp"
#include "rules/events/occurrences.hpp"
#include "rules/events/rows.hpp"

namespace mainstay::rules {

/// What the Patient resource says that facts need.
struct patient_facts {
  std::optional<fhir::day_range> birth;
  bool fetched = true;  ///< the patient search came back
  std::string doubt;    ///< why the resource may not mean what it says; empty: it does
};

struct fact_finding {
  finding what;
  fhir::truth on_record = fhir::truth::unknown;
};

/// Every fact of the pack under one reading of doubtful rows. Where an event that facts hang on can be one of several, each
/// is tried and the answers are joined, so that the answer holds in every one of them.
std::vector<fact_finding> evaluate_facts(const pack& p, const std::vector<event_rows>& rows, const patient_facts& patient,
                                         const fhir::now& at, reading_of_doubt how, const assess_limits& limit);

}  // namespace mainstay::rules
