#include "rules/pack/diagnostic.hpp"

#include <algorithm>

#include "fhir/json/unicode.hpp"
#include "rules/pack/lines.hpp"

namespace mainstay::rules {

namespace {

/// The line's characters, each with its bytes and one column wide, so that the caret stands below its place: a terminal
/// gets nothing that steers it, hides, or is not UTF-8.
std::vector<std::string> characters(std::string_view line) {
  std::vector<std::string> out;
  while (!line.empty()) {
    const auto c = fhir::json::first_character(line);
    if (fhir::json::is_control(c.value))
      out.emplace_back(" ");
    else if (!c.well_formed || fhir::json::is_hidden(c.value))
      out.emplace_back("?");
    else
      out.emplace_back(line.substr(0, c.size));
    line.remove_prefix(c.size);
  }
  return out;
}

/// A name of the file's as a terminal may see it: escapes in YAML can spell any character.
std::string harmless(std::string_view text) {
  std::string out;
  for (const std::string& one : characters(text)) out += one;
  return out;
}

}  // namespace

std::string to_text(const diagnostic& d, const std::vector<pack_file>& files) {
  std::string out = d.level == severity::error ? "error[" : "warning[";
  out += d.code + "]: " + harmless(d.message) + "\n  --> " + harmless(d.at.file);
  const auto file = std::find_if(files.begin(), files.end(), [&](const pack_file& f) { return f.path == d.at.file; });
  if (d.at.line == 0 || file == files.end()) {
    out += "\n";
    if (!d.help.empty()) out += "   = " + harmless(d.help) + "\n";
    return out;
  }
  out += ":" + std::to_string(d.at.line);
  if (d.at.column != 0) out += ":" + std::to_string(d.at.column);
  out += "\n";

  // Long lines are shown around the caret: 40 characters before it, 100 in all.
  const std::vector<std::string> all = characters(line_of(file->text, d.at.line).value_or(text_line{}).text);
  const std::size_t caret = d.at.column == 0 ? 0 : d.at.column - 1U;
  const bool cut_left = caret > 60;
  const std::size_t first = cut_left ? caret - 40 : 0;
  const std::size_t last = std::min(all.size(), first + 100);
  std::string shown = cut_left ? "..." : "";
  for (std::size_t i = first; i < last; ++i) shown += all[i];
  if (last < all.size()) shown += "...";

  std::string number = std::to_string(d.at.line);
  if (number.size() < 4) number.insert(0, 4 - number.size(), ' ');
  out += number + " | " + shown + "\n" + std::string(number.size(), ' ') + " | ";
  out += std::string((cut_left ? 3 : 0) + caret - first, ' ');
  const std::size_t room = last > caret ? last - caret : 1;
  out += std::string(std::clamp<std::size_t>(d.width, 1, room), '^');
  if (!d.help.empty()) out += " " + harmless(d.help);
  return out + "\n";
}

}  // namespace mainstay::rules
