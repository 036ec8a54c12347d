// How a case's row is to be written: what its `as:` asks for. Private to rules/cases.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/cases/read.hpp"

namespace mainstay::rules::case_files {

/// The messier shapes in which real records say a thing; none of them: the plain one.
struct shape {
  std::string status;  ///< of the resource, or a Condition's verificationStatus; empty: final, completed, confirmed
  bool no_status = false, no_clinical_status = false;
  bool may = false;         ///< the term's first code that only may mean it
  bool text_only = false;   ///< no coding, text alone
  bool local_code = false;  ///< a coding of the hospital's own stands first
  bool no_specimen = false;
  bool period = false;        ///< the day starts a Period
  bool instant = false;       ///< the day has a time and an offset
  bool day_in_words = false;  ///< a string where R4 allows one, else none
  bool value_in_words = false, value_absent = false, unit_in_words = false;
  bool component = false;  ///< the value stands in a component of the same code
  bool panel = false;      ///< a panel refers to it by hasMember
  std::optional<resource_type> type;
  std::optional<std::size_t> number;  ///< of the source among those that read the term, from 1
};

/// What the row's `as:` says; an unknown word is a diagnostic.
std::optional<shape> read_shape(const row& r, std::vector<diagnostic>& problems);

/// Is it a code of R4's condition-clinical?
bool is_clinical_status(std::string_view word);

}  // namespace mainstay::rules::case_files
