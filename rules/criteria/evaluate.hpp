// Answers a criterion's expression over what is possible: yes if it holds for all of it, no if for none, else unknown.
// Used for criteria, risk factors and arms over facts, and for `where` over an event's particulars. Pure; reentrant.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "fhir/types/quantity.hpp"
#include "fhir/types/truth.hpp"
#include "rules/assess/assessment.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::rules {

/// What is possible for one name of an expression.
struct operand {
  fact_type type = fact_type::truth;
  bool anything = true;                          ///< nothing is known: every comparison is unknown
  std::uint64_t codes = 0;                       ///< bit i: value i of `values` is possible
  const std::vector<std::string>* values = nullptr;
  fhir::interval numbers;
  fhir::truth yes = fhir::truth::unknown;        ///< truth and event facts
};

/// A finding as expressions see it; `values` points into `of`.
operand operand_of(const finding& f, const fact& of);

/// Looks up a name; the expression node is given so that a resolved index can be used.
using resolve = std::function<operand(const expression&)>;

fhir::truth evaluate(const expression& e, const resolve& names);

/// The names in `e` that keep it from being yes: of each part that is not yes (not no, under a negation).
void open_names(const expression& e, const resolve& names, std::vector<const expression*>& to);

/// Every name in `e`.
void all_names(const expression& e, std::vector<const expression*>& to);

}  // namespace mainstay::rules
