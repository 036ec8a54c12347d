// The numbered notes of a card: `[1]` where something is said, its source at the end, each source once.
#pragma once

#include <string>
#include <vector>

#include "rules/advice/phrase.hpp"

namespace mainstay::rules {

/// Collects the notes of one card in the order in which they are first referred to.
class notes {
 public:
  explicit notes(const writing& w) : w_(w) {}

  /// " [1]" for the note of that paper, statement, figure or table; made at the first call.
  std::string paper_note(index paper);
  std::string statement_note(std::string_view paper_id, std::string_view statement_id);
  std::string figure_note(index paper, index figure);
  std::string table_note(index paper, index table, const std::vector<index>& columns, const std::vector<index>& rows);

  /// The list at the end of the card: "[1] ...", a line each.
  std::string list() const;

  /// Figures and tables referred to: their places and printed numbers, for the paper's contradictions.
  struct shown {
    index paper;
    std::string place, what;
    std::vector<std::string> numbers;
  };
  const std::vector<shown>& evidence() const { return shown_; }

 private:
  std::string mark(std::string text);
  const writing& w_;
  std::vector<std::string> texts_;
  std::vector<shown> shown_;
};

/// A figure as prose: "67 d (34 to 345)", "4.706 (1.630 to 13.586), p 0.004".
std::string figure_value(const writing& w, const figure& f);

}  // namespace mainstay::rules
