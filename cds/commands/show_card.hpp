// A card for a terminal: Markdown as text, wrapped, tables in columns.
#pragma once

#include <string>
#include <string_view>

#include "fhir/json/document.hpp"

namespace mainstay::cds::commands {

struct terminal {
  std::size_t width = 100;
  bool styled = false;  ///< ANSI bold
};
/// Of standard output: its width (COLUMNS first), styled only on a terminal without NO_COLOR.
terminal standard_output();

/// Markdown as CDS Hooks cards use it (paragraphs, tables, emphasis, lists) as plain text.
std::string show_markdown(std::string_view markdown, const terminal& t);
/// A card of a response: summary, indicator, detail, source, suggestions, links.
std::string show_card(const fhir::json::node& card, const terminal& t);
/// A response: every card, or a line that says there is none.
std::string show_response(const fhir::json::node& response, const terminal& t);

}  // namespace mainstay::cds::commands
