// The card of one option: eligible or to confirm. The measured head, then everything it rests on.
#pragma once

#include "rules/advice/advice.hpp"
#include "rules/advice/phrase.hpp"

namespace mainstay::rules {

/// The card of a protocol whose verdict is eligible or to confirm.
card_content option_card(const writing& w, const protocol_result& r);

/// The card for all that cannot be assessed, and for failed searches; `waiting` has at least one element.
card_content missing_card(const writing& w, const std::vector<const protocol_result*>& waiting);

/// Are the first twelve lines, which a reader sees first, short enough?
bool head_fits(const std::string& detail, std::size_t limit);

/// "b_all_maintenance 0.1.0 (3f9c01ab23cd), rules reviewed 2026-02-01".
std::string version_line(const writing& w);

/// Answers an expression over the assessment's facts, at face value or strictly.
fhir::truth answer(const expression& e, const writing& w, bool face);

}  // namespace mainstay::rules
