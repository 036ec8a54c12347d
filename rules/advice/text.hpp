// Text on cards: cleaned of what a chart may smuggle in, escaped for Markdown, measured in code points.
// Pure functions; used by advice, explain and cases.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mainstay::rules {

/// Plain text of one line: control characters, bidirectional controls and zero-width characters out, white space
/// collapsed, invalid UTF-8 replaced, cut to `limit` code points with an ellipsis.
std::string clean(std::string_view text, std::size_t limit);

/// Text of the pack in Markdown: escaped like the chart's, but never cut in practice.
std::string words(std::string_view text);

/// Unicode code points of UTF-8 text; a broken sequence counts a byte each.
std::size_t code_points(std::string_view text);

/// "1 day", "2 days": the noun takes an `s` for all but one.
std::string counted(long long n, std::string_view noun);

}  // namespace mainstay::rules
