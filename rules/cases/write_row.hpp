// One row of a case as FHIR R4 resources. Private to rules/cases.
#pragma once

#include <string>
#include <vector>

#include "rules/cases/shape.hpp"

namespace mainstay::rules::case_files {

/// A source of the pack that reads rows of one term.
struct source {
  const event* of;
  const event_source* is;
  bool counted;
};

/// The row as JSON texts of resources with that id: itself, and a panel where the shape wants one.
std::vector<std::string> write_row(const pack& p, const row& r, const shape& as, const source& from,
                                   const std::string& patient, const std::string& id);

}  // namespace mainstay::rules::case_files
