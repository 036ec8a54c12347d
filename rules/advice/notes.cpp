#include "rules/advice/notes.hpp"

#include <algorithm>

namespace mainstay::rules {

namespace {

std::string with_n(const writing& w, const group& g) {
  return w.words(g.title) + (g.n ? " (n " + std::to_string(*g.n) + ")" : "");
}

std::string unit_after(const writing& w, const std::string& unit) {
  if (unit.empty()) return {};
  return " " + (unit == "d" ? "days" : unit == "a" ? "years" : unit == "mo" ? "months" : w.words(unit));
}

}  // namespace

std::string notes::mark(std::string text) {
  auto at = std::find(texts_.begin(), texts_.end(), text);
  if (at == texts_.end()) at = texts_.insert(texts_.end(), std::move(text));
  return " [" + std::to_string(at - texts_.begin() + 1) + "]";
}

std::string notes::paper_note(index paper) {
  const auto& p = w_.rules.papers[paper];
  const bool stated = !p.certainty_as_stated.empty() && p.certainty_as_stated != "none";
  std::string text =
      w_.words(p.citation) + ". Design: " + w_.words(p.design) + ". Certainty: " + w_.words(p.certainty_assessed);
  if (!p.certainty_by.empty()) text += " (" + w_.words(p.certainty_by) + ")";
  text += stated ? "; the paper states " + w_.words(p.certainty_as_stated) : "; the paper states none";
  return mark(text);
}

std::string notes::statement_note(std::string_view paper_id, std::string_view statement_id) {
  for (const auto& p : w_.rules.papers) {
    if (p.id != paper_id) continue;
    for (const auto& s : p.statements)
      if (s.id == statement_id) return mark(w_.words(p.label.empty() ? p.id : p.label) + ": " + w_.words(s.place));
  }
  return {};
}

std::string notes::figure_note(index paper, index figure) {
  const auto& p = w_.rules.papers[paper];
  const auto& f = p.figures[figure];
  shown s{paper, f.place, f.what, {}};
  for (const auto& [name, value] : f.values) s.numbers.push_back(value);
  for (const auto& pair : {f.interval, f.range})
    if (pair) s.numbers.insert(s.numbers.end(), {pair->first, pair->second});
  shown_.push_back(std::move(s));
  std::string text = w_.words(f.what) + (f.when.empty() ? "" : " at " + w_.words(f.when));
  if (f.group) text += "; " + with_n(w_, p.groups[*f.group]);
  return mark(text + "; " + w_.words(p.label.empty() ? p.id : p.label) + ", " + w_.words(f.place));
}

std::string notes::table_note(index paper, index table, const std::vector<index>& columns,
                              const std::vector<index>& rows) {
  const auto& p = w_.rules.papers[paper];
  const auto& t = p.tables[table];
  shown s{paper, t.place, {}, {}};
  std::string what, whom;
  for (const auto c : columns) {
    what += (what.empty() ? "" : ", ") + w_.words(t.columns[c].what) +
            (t.columns[c].at.empty() ? "" : " at " + w_.words(t.columns[c].at));
    s.what += " " + t.columns[c].what;
    for (const auto r : rows) s.numbers.push_back(t.rows[r].values[c]);
  }
  for (const auto r : rows) whom += (whom.empty() ? "" : ", ") + with_n(w_, p.groups[t.rows[r].group]);
  shown_.push_back(std::move(s));
  return mark(what + (t.unit.empty() ? "" : ", in" + unit_after(w_, t.unit)) + "; " + whom + "; " +
              w_.words(p.label.empty() ? p.id : p.label) + ", " + w_.words(t.place));
}

std::string notes::list() const {
  std::string out;
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    if (i != 0) out += "\n\n";  // paragraphs: single line ends would run the notes together
    out += "[" + std::to_string(i + 1) + "] " + texts_[i];
  }
  return out;
}

std::string figure_value(const writing& w, const figure& f) {
  std::string main, p_value;
  for (const auto& [name, value] : f.values) {
    if (name == "p")
      p_value = "p " + w.words(value);
    else if (main.empty())
      main = (name == "median" ? "median " : "") + w.words(value) + unit_after(w, f.unit);
  }
  if (f.interval) main += " (CI " + w.words(f.interval->first) + " to " + w.words(f.interval->second) + ")";
  if (f.range) main += " (range " + w.words(f.range->first) + " to " + w.words(f.range->second) + ")";
  return main + (main.empty() || p_value.empty() ? "" : ", ") + p_value;
}

}  // namespace mainstay::rules
