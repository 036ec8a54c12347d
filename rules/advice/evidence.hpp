// What an option's card says after its head: text, tables of figures, risk factors, timing, what is ours, what the
// paper contradicts, where the facts come from.
#pragma once

#include "rules/advice/notes.hpp"
#include "rules/advice/phrase.hpp"

namespace mainstay::rules {

/// Appends what was seen in the study: arms and tables of figures. Short lines, so that it may follow the head at once.
void add_figure_sections(std::string& to, const writing& w, const protocol_result& r, notes& n);

/// Appends all other sections in their order, each followed by an empty line.
void add_evidence_sections(std::string& to, const writing& w, const protocol_result& r, notes& n);

/// A summary with its placeholders filled: a fact's number, a figure with unit and interval. Plain text, no notes.
std::string plain_summary(const writing& w, const rich_text& text);

}  // namespace mainstay::rules
