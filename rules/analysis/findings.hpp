// What a pack that loads says needlessly or in vain: for `rules check`, as warnings at their place.
#pragma once

#include <vector>

#include "rules/pack/diagnostic.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::rules {

struct analysis_limits {
  std::size_t worlds = 200000;  ///< combinations of facts' values tried for one question; past it the question is left
};

/// Terms, events, facts and settings that nothing in the pack refers to.
std::vector<diagnostic> unused_definitions(const pack& p);

/// Criteria and risk factors that are true, or not true, whatever their facts are; risk factors that `require` rules
/// out, and `require`s that exclude each other. Over all combinations of the facts' values, known each: a fact that
/// never has a value that its type allows makes no finding, so none is false.
std::vector<diagnostic> decided_questions(const pack& p, const analysis_limits& limit = {});

/// Both, in the order of file and line.
std::vector<diagnostic> findings(const pack& p);

}  // namespace mainstay::rules
