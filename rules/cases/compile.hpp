// A case's short forms as FHIR R4 resources: what an EHR would send for them. Private to rules/cases.
#pragma once

#include <string>
#include <vector>

#include "rules/cases/read.hpp"

namespace mainstay::rules::case_files {

/// Patient first, then the rows in their order, then what `bundle:` gives. A row that no source of the pack reads, or
/// an `as` that cannot be, is a diagnostic.
std::vector<std::string> compile(const pack& p, const chart_case& c, std::vector<diagnostic>& problems);

}  // namespace mainstay::rules::case_files
