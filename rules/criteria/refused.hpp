// What FHIRPath has and a criterion must not: each form with the reason and the repair. One table, so that the manual,
// the parser and the tests speak of the same list.
#pragma once

#include <span>
#include <string_view>

namespace mainstay::rules {

struct refused_form {
  std::string_view spelling;  ///< a word or an operator
  std::string_view why;       ///< "turns an unknown into a no"
  std::string_view repair;
};

/// Words that stand where an operator or a value is expected: `not`, `contains`, `xor`...
std::span<const refused_form> refused_words();
/// Names after a dot: `exists`, `count`...
std::span<const refused_form> refused_functions();
/// Operators: `~`, `&`...
std::span<const refused_form> refused_operators();
/// The row of a table, or nullptr.
const refused_form* find_refused(std::span<const refused_form> table, std::string_view spelling);

}  // namespace mainstay::rules
