// The numbered notes of a card: `[1]` where something is said, its source at the end, each source once.
#pragma once

#include <string>
#include <vector>

#include "rules/advice/printed.hpp"

namespace mainstay::rules {

/// Numbers the notes of one card in the order in which they are first referred to.
class notes {
 public:
  explicit notes(const printed& text) : text_(text), number_(text.notes.size(), 0) {}

  /// Appends " [1]": the number of that note, given at the first call.
  void refer(std::string& to, note_id note);
  /// Appends a text and its note; what contradicts it in its paper is kept for contradictions().
  void cite(std::string& to, const cited_text& what);

  /// Appends the list at the end of the card: "[1] ...", a paragraph each.
  void list(std::string& to) const;

  /// What touches the texts cited, each once, in the order of the texts.
  const std::vector<contradiction_id>& contradictions() const { return contradictions_; }

 private:
  const printed& text_;
  std::vector<std::size_t> number_;  // by note; 0: not referred to
  std::vector<note_id> order_;
  std::vector<contradiction_id> contradictions_;
};

}  // namespace mainstay::rules
