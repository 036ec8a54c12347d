// Parts of the text form that cases use too: a fact's value in one plain word, one protocol's tree.
#pragma once

#include <string>

#include "rules/assess/assessment.hpp"

namespace mainstay::rules {

/// "negative", "negative or positive", "67 days", "1 or more", "true", "on record", "none", "unknown".
std::string plain_value(const fact& def, const finding& f);

/// The tree of one protocol: verdict, criteria, the facts they ask, risk, what is missing.
std::string explain_protocol(const pack& p, const assessment& a, const protocol_result& r);

}  // namespace mainstay::rules
