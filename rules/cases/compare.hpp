// What a case expects against what the pack made of it. Private to rules/cases.
#pragma once

#include <string>
#include <vector>

#include "rules/advice/advice.hpp"
#include "rules/assess/assessment.hpp"
#include "rules/cases/read.hpp"

namespace mainstay::rules::case_files {

/// One sentence for each expectation that does not hold, with the tree of its protocol.
std::vector<std::string> compare(const pack& p, const expectations& expect, const assessment& a,
                                 const std::vector<card_content>& cards);

/// Each fact in turn made unknown: an eligible protocol never becomes not eligible, nor the other way round.
std::vector<std::string> unknown_never_decides(const pack& p, const assessment& a);

}  // namespace mainstay::rules::case_files
