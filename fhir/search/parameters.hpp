// The search parameters of each resource type that this project asks or answers, beside `_id`, `_tag`, `_count` and `_sort`.
// Used by fhir/search, and by the demo server to say in its CapabilityStatement what it answers.
#pragma once

#include <span>
#include <string_view>

#include "fhir/json/document.hpp"

namespace mainstay::fhir::search {

struct type_parameters {
  std::string_view type;
  bool subject;                ///< has `subject` beside `patient`
  std::string_view code_name;  ///< `code`, `vaccine-code`; empty: none
  const json::key* code_element;
  std::string_view status_system;  ///< of the required binding; empty where there is no `status`
  std::string_view date_name;      ///< `date`, `recorded-date`; empty: none
  std::span<const json::key> date_elements;
};

/// The row of a type, or nullptr: then only `_id`, `_tag`, `_count` and `_sort` are known.
const type_parameters* parameters_of(std::string_view type);
/// All rows, by type.
std::span<const type_parameters> all_parameters();

}  // namespace mainstay::fhir::search
