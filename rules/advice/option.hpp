// The card of one option: eligible or to confirm. The measured head, then everything it rests on.
#pragma once

#include "rules/advice/advice.hpp"
#include "rules/advice/phrase.hpp"

namespace mainstay::rules {

/// The card of a protocol whose verdict is eligible or to confirm.
card_content option_card(const writing& w, const protocol_result& r);

/// The card for all that cannot be assessed, for failed searches and for faults of ours, which the log has under `log_id`;
/// `waiting` has at least one element.
card_content missing_card(const writing& w, const std::vector<const protocol_result*>& waiting,
                          const std::function<std::string()>& log_id);

/// The first twelve lines, which a reader sees first; all of a shorter text.
std::string_view head_of(std::string_view detail);
/// Are they short enough?
bool head_fits(std::string_view detail, std::size_t limit);

/// Answers an expression over the assessment's facts, at face value or strictly.
fhir::truth answer(const expression& e, const writing& w, bool face);

}  // namespace mainstay::rules
