#include "fhir/lab_text/words.hpp"

#include <array>
#include <utility>

namespace mainstay::fhir::lab_text {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// Longer texts come first where one starts with another. "ND" is left out: not detected, or not done.
constexpr std::array label_table = std::to_array<std::string_view>({"mrd result", "mrd", "result", "value"});
constexpr std::array negative_table = std::to_array<std::string_view>({"no evidence of residual disease",
                                                                       "no evidence of mrd",
                                                                       "no residual disease detected",
                                                                       "no residual disease",
                                                                       "no mrd detected",
                                                                       "no mrd",
                                                                       "none detected",
                                                                       "not detectable",
                                                                       "not detected",
                                                                       "not present",
                                                                       "undetectable",
                                                                       "undetected",
                                                                       "mrd-negative",
                                                                       "negative",
                                                                       "neg.",
                                                                       "neg",
                                                                       "absent",
                                                                       "below limit of detection",
                                                                       "below the limit of detection",
                                                                       "below detection limit",
                                                                       "below the detection limit",
                                                                       "below lod"});
constexpr std::array positive_table =
    std::to_array<std::string_view>({"weakly positive", "weak positive", "low positive", "mrd-positive", "positive",
                                     "pos.", "pos", "detectable", "detected", "present"});
constexpr std::array sensitivity_table = std::to_array<std::string_view>(
    {"with a sensitivity of", "at a sensitivity of", "with sensitivity", "at sensitivity", "sensitivity", "sens.",
     "sens", "lower limit of detection", "limit of detection", "level of detection", "detection limit", "lod"});
constexpr std::array of_table = std::to_array<std::string_view>(
    {"of nucleated cells", "of all nucleated cells", "of mononuclear cells", "of leukocytes", "of leucocytes", "of wbc",
     "of mnc", "of total cells", "of all cells", "of cells", "of events"});
constexpr std::array counted_table =
    std::to_array<std::string_view>({"nucleated cells", "mononuclear cells", "cells", "events"});

/// UTF-8 signs and what they stand for; `^` marks a superscript.
constexpr std::array signs = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"\xC2\xA0", " "},      {"\xE2\x80\x89", " "},  {"\xE2\x80\xAF", " "},  {"\t", " "},
    {"\xE2\x80\x93", "-"},  {"\xE2\x80\x90", "-"},  {"\xE2\x80\x91", "-"},  {"\xE2\x88\x92", "-"},
    {"\xE2\x89\xA4", "<="}, {"\xE2\x89\xA5", ">="}, {"\xC3\x97", "x"},      {"\xC2\xB7", "x"},
    {"\xE2\x8B\x85", "x"},  {"\xC2\xB5", "u"},      {"\xCE\xBC", "u"},      {"\xE2\x80\xB0", "[ppth]"},
    {"&lt;", "<"},          {"&gt;", ">"},          {"\xC2\xB9", "^1"},     {"\xC2\xB2", "^2"},
    {"\xC2\xB3", "^3"},     {"\xE2\x81\xBB", "^-"}, {"\xE2\x81\xB0", "^0"}, {"\xE2\x81\xB4", "^4"},
    {"\xE2\x81\xB5", "^5"}, {"\xE2\x81\xB6", "^6"}, {"\xE2\x81\xB7", "^7"}, {"\xE2\x81\xB8", "^8"},
    {"\xE2\x81\xB9", "^9"},
});

}  // namespace

std::optional<std::string> plain(std::string_view text) {
  std::string out;
  bool raised = false;  // in a run of superscripts
  for (std::size_t i = 0; i < text.size();) {
    std::string_view put = text.substr(i, 1);
    std::size_t length = 1;
    for (const auto& [from, to] : signs)
      if (text.substr(i).starts_with(from)) {
        put = to;
        length = from.size();
        break;
      }
    if (put.front() < ' ' || put.front() > '~') return std::nullopt;
    const bool superscript = length > 1 && put.front() == '^';
    if (superscript) {
      put.remove_prefix(1);
      // 10 to the power of 9 needs its sign; mm to the power of 3 is mm3.
      if (!raised && !out.empty() && out.back() >= '0' && out.back() <= '9') out += '^';
    }
    raised = superscript;
    if (put != " " || (!out.empty() && out.back() != ' ')) out += put;
    i += length;
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool cursor::word(std::string_view word) {
  const std::string_view here = rest();
  if (here.size() < word.size()) return false;
  for (std::size_t k = 0; k < word.size(); ++k)
    if (lower(here[k]) != word[k]) return false;
  if (here.size() > word.size() && is_letter_or_digit(here[word.size()]) && is_letter_or_digit(word.back()))
    return false;
  i_ += word.size();
  blanks();
  return true;
}

bool cursor::any_of(std::span<const std::string_view> words) {
  for (const std::string_view w : words)
    if (word(w)) return true;
  return false;
}

std::span<const std::string_view> labels() {
  return label_table;
}
std::span<const std::string_view> negative_words() {
  return negative_table;
}
std::span<const std::string_view> positive_words() {
  return positive_table;
}
std::span<const std::string_view> sensitivity_words() {
  return sensitivity_table;
}
std::span<const std::string_view> of_what() {
  return of_table;
}
std::span<const std::string_view> counted() {
  return counted_table;
}

}  // namespace mainstay::fhir::lab_text
