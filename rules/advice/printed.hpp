// What the cards of a pack say whoever the patient is, as Markdown: made once when a pack is loaded, so that an answer
// only puts pieces together. Private to rules/advice; plain immutable data, threads may share it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "rules/pack/model.hpp"

namespace mainstay::rules {

using note_id = std::size_t;           ///< into printed::notes
using contradiction_id = std::size_t;  ///< into printed::contradictions

/// A text of a paper with its note, and the paper's contradictions that touch what it says.
struct cited_text {
  std::string text;
  note_id note = 0;
  std::vector<contradiction_id> contradictions;
};

/// A table of figures as a protocol shows it.
struct printed_table {
  cited_text title;      ///< "**Survival at 2 years**"
  std::string head;      ///< the table's head, from the line after the title on
  struct row {
    index group = 0;     ///< of the paper
    std::string plain, like, doubtful;  ///< "| title", in the three ways to stand to this patient
    std::string cells;   ///< the rest of the line
  };
  index paper = 0;
  std::vector<row> rows;
};

struct printed_risk {
  std::string text;
  std::vector<index> facts;           ///< that it asks
  std::vector<cited_text> figures;
};

/// A criterion or an arm.
struct printed_line {
  std::string text;
  std::optional<note_id> from;        ///< its place in the paper
  std::string ours;                   ///< "text: ours, because"; empty where it is the paper's
};

struct printed_part {
  text_part::kind type = text_part::kind::text;
  cited_text text;                    ///< without note for a text
  index fact = 0;
};

struct printed_protocol {
  note_id paper = 0;
  std::string source_label;
  std::string evidence_before, evidence_after;  ///< of the first line, on either side of the paper's note
  std::vector<printed_line> arms, criteria;
  std::vector<printed_table> tables;
  std::vector<printed_part> text;
  std::vector<printed_risk> risk;
  std::optional<cited_text> timing;   ///< "after CAR-T; in the study, ...: median 67 days"
  std::string not_assessed;           ///< whole section
};

struct printed {
  std::vector<std::string> notes;           ///< each text once
  std::vector<std::string> contradictions;  ///< each text once
  std::vector<std::vector<std::string>> figures;  ///< by paper and figure: the value as prose
  std::vector<std::string> facts;           ///< titles
  std::vector<std::vector<index>> rests_on; ///< by fact: itself and all it hangs on, in the pack's order
  std::vector<std::string> settings;        ///< "age of a result (60 days): ours, because"
  std::vector<printed_protocol> protocols;  ///< as the pack's
  std::string version;                      ///< the card's last line
};

/// Prints a pack, which must be prepared.
printed print(const pack& p);

/// Facts named in an expression, each once.
void facts_of(const expression& e, std::vector<index>& out);

}  // namespace mainstay::rules
