// What an option's card says after its head: text, tables of figures, risk factors, timing, what is ours, what the
// paper contradicts, where the facts come from.
#pragma once

#include "rules/advice/notes.hpp"
#include "rules/advice/phrase.hpp"

namespace mainstay::rules {

/// What was seen in the study: arms and tables of figures. Short lines, so that it may follow the head at once.
std::string figure_sections(const writing& w, const protocol& p, const protocol_result& r, notes& n);

/// All other sections in their order, each followed by an empty line.
std::string evidence_sections(const writing& w, const protocol& p, const protocol_result& r, notes& n);

/// A text with its placeholders filled: a fact's number, a figure with unit, interval and note. `n` null: plain text
/// for a summary, nothing escaped, no notes.
std::string rich(const writing& w, const rich_text& text, notes* n);

}  // namespace mainstay::rules
