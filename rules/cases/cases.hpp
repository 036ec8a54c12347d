// A pack's tests: example patients with what is right for them. Short forms become FHIR JSON text, go into the store
// and come back through the pack's own queries, so that a case tests the queries too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fhir/chart/chart.hpp"
#include "rules/pack/load.hpp"

namespace mainstay::rules {

struct case_outcome {
  std::string file, name;  ///< name: "day 67" or "day 67 / below 0.1 %"
  bool passed = false;
  std::vector<std::string> failures;  ///< sentences: expected and got, with the criterion's or fact's tree
  position at;
};
/// How often a criterion was strictly yes, no and unknown in the cases of a run.
struct criterion_count {
  index protocol, criterion;  ///< criterion: in its protocol
  std::size_t yes = 0, no = 0, unknown = 0;
};
/// "haplo... / age: 12 yes, 3 no, 4 unknown"
std::string to_text(const criterion_count& c, const pack& p);

struct case_report {
  std::vector<case_outcome> outcomes;
  std::vector<diagnostic> diagnostics;  ///< mistakes in case files; any is a failure of the run
  std::vector<criterion_count> counts;  ///< of each criterion, in the pack's order
  std::size_t passed() const;
  std::size_t failed() const;
};

/// Runs every case of `files` (those under cases/) against the pack.
case_report run_cases(const pack& p, const std::vector<pack_file>& files);

/// The patient of one case as FHIR R4 resources, one JSON text each, Patient first: for fixtures and `sandbox load`.
struct example_patient {
  std::string id, title, today;
  std::vector<std::string> resources;
};
std::vector<example_patient> compile_examples(const pack& p, const std::vector<pack_file>& files,
                                              std::vector<diagnostic>& problems);

/// The chart of resources, found by the pack's own queries in a store.
std::optional<fhir::chart> chart_from_resources(const pack& p, const std::string& patient_id,
                                                const std::vector<std::string>& resources, std::string& error);

}  // namespace mainstay::rules
