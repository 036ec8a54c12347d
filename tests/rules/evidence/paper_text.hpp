// The text of a paper in a normal form in which quotes can be looked for: lines joined, a hyphen at a line's end of the
// word or of the setting, and U+FFFD for a lost ligature.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "../pack/files.hpp"

namespace mainstay::rules::test {

// Marks of the normal form, where the printed text leaves a choice; neither occurs in a text.
inline constexpr char line_hyphen = '\x01';  // a hyphen at a line's end: of the word or of the setting
inline constexpr char lost_ligature = '\x02';

/// Lines joined; a hyphen at a line's end and U+FFFD become marks; no blank after a dash at a line's end.
inline std::string normal(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (text.substr(i).starts_with("\xEF\xBF\xBD")) {
      out += lost_ligature;
      i += 2;
    } else if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
      const bool line_end = c == '\n';
      if (line_end && !out.empty() && out.back() == '-')
        out.back() = line_hyphen;
      else if (line_end && out.ends_with("\xE2\x80\x93"))
        continue;
      else if (!out.empty() && out.back() != ' ' && out.back() != line_hyphen)
        out += ' ';
    } else {
      out += c;
    }
  }
  return out;
}

/// How much of the normal text, from its begin, the quote is; no value where it does not stand there.
inline std::optional<std::size_t> length_at(std::string_view text, std::string_view quote) {
  static constexpr std::array<std::string_view, 5> ligatures{"ffi", "ffl", "fi", "fl", "ff"};
  const auto size = text.size();
  while (!quote.empty()) {
    if (text.empty()) return std::nullopt;
    if (text.front() == lost_ligature) {
      for (const auto l : ligatures) {
        if (!quote.starts_with(l)) continue;
        if (const auto rest = length_at(text.substr(1), quote.substr(l.size()))) return size - text.size() + 1 + *rest;
      }
      return std::nullopt;
    }
    if (text.front() == line_hyphen) {
      text.remove_prefix(1);
      if (quote.front() == '-') quote.remove_prefix(1);
      continue;
    }
    if (text.front() != quote.front()) return std::nullopt;
    text.remove_prefix(1);
    quote.remove_prefix(1);
  }
  return size - text.size();
}

struct place {
  std::size_t at, length;
};
inline std::optional<place> find_quote(std::string_view normal_text, std::string_view quote) {
  for (std::size_t at = 0; at < normal_text.size(); ++at) {
    if (normal_text[at] != lost_ligature && normal_text[at] != quote.front()) continue;
    if (const auto length = length_at(normal_text.substr(at), quote)) return place{at, *length};
  }
  return std::nullopt;
}
inline bool has_quote(std::string_view normal_text, std::string_view quote) {
  return find_quote(normal_text, quote).has_value();
}

/// The folder of the papers' texts, or empty where they are not here.
inline std::filesystem::path papers_folder() {
  const auto folder = shared_folder() / "papers";
  return std::filesystem::is_directory(folder) ? folder : std::filesystem::path();
}

}  // namespace mainstay::rules::test
