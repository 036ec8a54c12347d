#include "rules/advice/notes.hpp"

#include <algorithm>

namespace mainstay::rules {

void notes::refer(std::string& to, note_id note) {
  if (number_[note] == 0) {
    order_.push_back(note);
    number_[note] = order_.size();
  }
  to.append(" [").append(std::to_string(number_[note])).push_back(']');
}

void notes::cite(std::string& to, const cited_text& what) {
  to += what.text;
  refer(to, what.note);
  for (const auto c : what.contradictions)
    if (std::find(contradictions_.begin(), contradictions_.end(), c) == contradictions_.end()) contradictions_.push_back(c);
}

void notes::list(std::string& to) const {
  for (std::size_t i = 0; i < order_.size(); ++i) {
    if (i != 0) to += "\n\n";  // paragraphs: single line ends would run the notes together
    to.append("[").append(std::to_string(i + 1)).append("] ").append(text_.notes[order_[i]]);
  }
}

}  // namespace mainstay::rules
