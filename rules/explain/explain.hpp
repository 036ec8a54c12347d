// An assessment as a tree, for `mainstay explain`, failed cases and tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/advice/advice.hpp"
#include "rules/assess/assessment.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::rules {

/// {"now", "pack": {"id","version","hash"}, "facts": {NAME: {"state","value","unit","possible","date","sources",
/// "reasons"}}, "verdicts": {PROTOCOL: {"verdict","fault","criteria": [{"id","class","strict","face","facts"}],"risk"}},
/// "cards": [...]}; facts are strict; `value` only when known; numbers keep their digits; `now` is `now_text`.
std::string explain_json(const pack& p, const assessment& a, const std::vector<card_content>& cards,
                         std::string_view now_text);

/// For people: each protocol's verdict, each criterion with strict and face value, each fact with value, date, source
/// and reasons; ASCII, at most 120 columns.
std::string explain_text(const pack& p, const assessment& a);

}  // namespace mainstay::rules
