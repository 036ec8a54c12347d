// The chart of a case, found by the pack's own queries in a store. Private to rules/cases and its tests.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fhir/chart/chart.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::rules::case_files {

/// The chart of resources as the pack's queries find them; a search in `failed` finds nothing, with that reason.
std::optional<fhir::chart> make_chart(const pack& p, const std::string& patient_id,
                                      const std::vector<std::string>& resources,
                                      const std::map<std::string, std::string>& failed, std::string& error);

}  // namespace mainstay::rules::case_files
