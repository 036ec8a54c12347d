#include "rules/advice/printed.hpp"

#include <algorithm>

#include "rules/advice/advice.hpp"
#include "rules/advice/text.hpp"

namespace mainstay::rules {

namespace {

const std::string& label_of(const paper& p) { return p.label.empty() ? p.id : p.label; }

std::string with_n(const group& g) { return words(g.title) + (g.n ? " (n " + std::to_string(*g.n) + ")" : ""); }

std::string unit_after(const std::string& unit) {
  if (unit.empty()) return {};
  return " " + (unit == "d" ? "days" : unit == "a" ? "years" : unit == "mo" ? "months" : words(unit));
}

/// A figure as prose: "67 d (34 to 345)", "4.706 (1.630 to 13.586), p 0.004".
std::string figure_value(const figure& f) {
  std::string main, p_value;
  for (const auto& [name, value] : f.values) {
    if (name == "p")
      p_value = "p " + words(value);
    else if (main.empty())
      main = (name == "median" ? "median " : "") + words(value) + unit_after(f.unit);
  }
  if (f.interval) main += " (CI " + words(f.interval->first) + " to " + words(f.interval->second) + ")";
  if (f.range) main += " (range " + words(f.range->first) + " to " + words(f.range->second) + ")";
  return main + (main.empty() || p_value.empty() ? "" : ", ") + p_value;
}

/// A text that stands between filled-in parts: the blanks at its ends, which clean() would take, part it from them.
std::string between_parts(std::string_view text) {
  const auto first = text.find_first_not_of(" \n"), last = text.find_last_not_of(" \n");
  if (first == std::string_view::npos) return text.empty() ? "" : " ";
  return (first != 0 ? " " : "") + words(text.substr(first, last - first + 1)) + (last + 1 != text.size() ? " " : "");
}

/// Do two texts share a word of some length?
bool share_word(std::string_view a, std::string_view b) {
  constexpr std::size_t telling = 5;
  for (std::size_t from = 0; from < a.size();) {
    const auto end = std::min(a.find_first_of(" ,;:", from), a.size());
    if (end - from >= telling && b.find(a.substr(from, end - from)) != std::string_view::npos) return true;
    from = end + 1;
  }
  return false;
}

/// Does the text print that number, and not a longer one around it?
bool has_number(const std::string& text, const std::string& number) {
  if (number.size() < 2) return false;  // a bare digit says nothing
  const auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  for (auto at = text.find(number); at != std::string::npos; at = text.find(number, at + 1)) {
    const auto after = at + number.size();
    const bool starts = at == 0 || (!digit(at - 1) && text[at - 1] != '.');
    const bool ends = !digit(after) && !(after < text.size() && text[after] == '.' && digit(after + 1));
    if (starts && ends) return true;
  }
  return false;
}

/// What of a paper is shown: its place and its printed numbers.
struct shown {
  index paper;
  std::string place, what;
  std::vector<std::string> numbers;
};

class printing {
 public:
  explicit printing(const pack& p) : p_(p) {}

  printed all() {
    for (const auto& paper : p_.papers) {
      auto& values = out_.figures.emplace_back();
      for (const auto& f : paper.figures) values.push_back(figure_value(f));
    }
    for (const auto& f : p_.facts) out_.facts.push_back(words(f.title));
    for (index f = 0; f < p_.facts.size(); ++f) out_.rests_on.push_back(rests_on(f));
    for (const auto& s : p_.settings)
      out_.settings.push_back(words(s.text) + (s.title.empty() ? "" : " (" + words(s.title) + ")") + ": ours, " + words(s.because));
    for (const auto& p : p_.protocols) out_.protocols.push_back(protocol_of(p));
    constexpr std::size_t shown_of_hash = 12;
    out_.version = words(p_.id) + " " + words(p_.version) + " (" + words(p_.hash.substr(0, shown_of_hash)) + ")";
    if (!p_.reviewed.empty()) out_.version += ", rules reviewed " + words(p_.reviewed);
    return std::move(out_);
  }

 private:
  static std::size_t enter(std::vector<std::string>& into, std::string text) {
    const auto at = std::find(into.begin(), into.end(), text);
    if (at != into.end()) return static_cast<std::size_t>(at - into.begin());
    into.push_back(std::move(text));
    return into.size() - 1;
  }
  note_id note(std::string text) { return enter(out_.notes, std::move(text)); }

  note_id paper_note(const paper& p) {
    const bool stated = !p.certainty_as_stated.empty() && p.certainty_as_stated != "none";
    std::string text = words(p.citation) + ". Design: " + words(p.design) + ". Certainty: " + words(p.certainty_assessed);
    if (!p.certainty_by.empty()) text += " (" + words(p.certainty_by) + ")";
    return note(text + (stated ? "; the paper states " + words(p.certainty_as_stated) : "; the paper states none"));
  }

  std::optional<note_id> statement_note(std::string_view paper_id, std::string_view statement_id) {
    for (const auto& p : p_.papers) {
      if (p.id != paper_id) continue;
      for (const auto& s : p.statements)
        if (s.id == statement_id) return note(words(label_of(p)) + ": " + words(s.place));
    }
    return std::nullopt;
  }

  /// The paper's contradictions where they touch a figure shown: the same printed number, or the same table and subject.
  std::vector<contradiction_id> touched_by(const shown& s) {
    std::vector<contradiction_id> out;
    for (const auto& [text, place] : p_.papers[s.paper].contradictions) {
      const bool same_table =
          s.place.starts_with("Table") && place.find(s.place) != std::string::npos && share_word(s.what, text);
      const bool same_number =
          std::any_of(s.numbers.begin(), s.numbers.end(), [&t = text](const auto& x) { return has_number(t, x); });
      if (same_table || same_number)
        out.push_back(enter(out_.contradictions, words(text) + (place.empty() ? "" : " (" + words(place) + ")")));
    }
    return out;
  }

  cited_text figure_cited(index paper, index figure, std::string text) {
    const auto& p = p_.papers[paper];
    const auto& f = p.figures[figure];
    shown s{paper, f.place, f.what, {}};
    for (const auto& [name, value] : f.values) s.numbers.push_back(value);
    for (const auto& pair : {f.interval, f.range})
      if (pair) s.numbers.insert(s.numbers.end(), {pair->first, pair->second});
    std::string source = words(f.what) + (f.when.empty() ? "" : " at " + words(f.when));
    if (f.group) source += "; " + with_n(p.groups[*f.group]);
    return {std::move(text), note(source + "; " + words(label_of(p)) + ", " + words(f.place)), touched_by(s)};
  }

  cited_text table_cited(index paper, index table, const std::vector<index>& columns, const std::vector<index>& rows,
                         std::string text) {
    const auto& p = p_.papers[paper];
    const auto& t = p.tables[table];
    shown s{paper, t.place, {}, {}};
    std::string what, whom;
    for (const auto c : columns) {
      what += (what.empty() ? "" : ", ") + words(t.columns[c].what) +
              (t.columns[c].at.empty() ? "" : " at " + words(t.columns[c].at));
      s.what += " " + t.columns[c].what;
      for (const auto r : rows) s.numbers.push_back(t.rows[r].values[c]);
    }
    for (const auto r : rows) whom += (whom.empty() ? "" : ", ") + with_n(p.groups[t.rows[r].group]);
    const auto source = what + (t.unit.empty() ? "" : ", in" + unit_after(t.unit)) + "; " + whom + "; " +
                        words(label_of(p)) + ", " + words(t.place);
    return {std::move(text), note(source), touched_by(s)};
  }

  printed_table table_of(const protocol::shown_table& s) {
    const auto& paper = p_.papers[s.paper];
    const auto& t = paper.tables[s.table];
    std::string at = s.columns.empty() ? std::string() : t.columns[s.columns.front()].at;
    for (const auto c : s.columns)
      if (t.columns[c].at != at) at.clear();
    auto title = t.title.empty() ? std::string("what was seen") : words(t.title);
    if (title.front() >= 'a' && title.front() <= 'z') title.front() = static_cast<char>(title.front() - 'a' + 'A');
    printed_table out;
    out.paper = s.paper;
    out.title = table_cited(s.paper, s.table, s.columns, s.rows,
                            "**" + title + (at.empty() ? "" : " at " + words(at)) + "**");
    out.head = "\n\n| |";
    std::string rule = "\n| --- |";
    for (const auto c : s.columns) {
      const auto& column = t.columns[c];
      out.head += " " + words(column.what) + (at.empty() && !column.at.empty() ? " at " + words(column.at) : "") + " |";
      rule += " --- |";
    }
    out.head += rule + "\n";
    const auto unit = t.unit.empty() ? std::string() : " " + words(t.unit);
    for (const auto i : s.rows) {
      const auto& row = t.rows[i];
      const auto name = with_n(paper.groups[row.group]);
      printed_table::row line{row.group, "| " + name, "| **" + name + ": like this patient today**",
                              "| **" + name + ": like this patient, if the doubtful result holds**", " |"};
      for (const auto c : s.columns) line.cells += " " + words(row.values[c]) + unit + " |";
      line.cells += "\n";
      out.rows.push_back(std::move(line));
    }
    return out;
  }

  printed_risk risk_of(const risk_factor& factor) {
    printed_risk out;
    out.text = words(factor.text);
    facts_of(factor.when, out.facts);
    for (const auto& [paper, figure] : factor.figures) {
      const auto& f = p_.papers[paper].figures[figure];
      const bool ratio =
          std::any_of(f.values.begin(), f.values.end(), [](const auto& v) { return v.first == "hazard_ratio"; });
      out.figures.push_back(figure_cited(
          paper, figure, words(f.what) + (ratio ? ": hazard ratio " : ": ") + out_.figures[paper][figure]));
    }
    return out;
  }

  printed_part part_of(const text_part& part) {
    printed_part out;
    out.type = part.type;
    out.fact = part.fact;
    if (part.type == text_part::kind::text) {
      out.text.text = between_parts(part.text);
    } else if (part.type == text_part::kind::figure) {
      out.text = figure_cited(part.paper, part.figure, out_.figures[part.paper][part.figure]);
    } else if (part.type == text_part::kind::cell) {
      const auto& t = p_.papers[part.paper].tables[part.table];
      out.text = table_cited(part.paper, part.table, {part.column}, {part.row},
                             t.rows[part.row].values[part.column] + (t.unit.empty() ? "" : " " + words(t.unit)));
    }
    return out;
  }

  printed_protocol protocol_of(const protocol& p) {
    const auto& paper = p_.papers[p.evidence];
    printed_protocol out;
    out.paper = paper_note(paper);
    constexpr std::size_t label_limit = 200;
    out.source_label = clean(paper.label.empty() ? paper.citation : paper.label, label_limit);
    out.evidence_before = ".** Evidence: " + words(paper.design);
    out.evidence_after = "; certainty " + words(paper.certainty_assessed) + ", by our assessment.";
    if (p.status == protocol_status::research) out.evidence_after += " Research rule: for discussion, not for routine use.";
    for (const auto& a : p.arms) out.arms.push_back({words(a.text), from(a.from_paper, a.from_statement), {}});
    for (const auto& c : p.criteria)
      out.criteria.push_back({words(c.text), from(c.from_paper, c.from_statement),
                              c.ours.empty() ? "" : words(c.text) + ": ours, " + words(c.ours)});
    for (const auto& t : p.tables) out.tables.push_back(table_of(t));
    for (const auto& part : p.text) out.text.push_back(part_of(part));
    for (const auto& r : p.risk) out.risk.push_back(risk_of(r));
    if (p.timing_since && p.timing_study) {
      const auto [study, figure] = *p.timing_study;
      out.timing = figure_cited(study, figure,
                                " after " + words(p_.facts[*p.timing_since].title) + "; in the study, " +
                                    words(p_.papers[study].figures[figure].what) + ": " + out_.figures[study][figure]);
    }
    for (const auto& text : p.not_assessed) out.not_assessed += (out.not_assessed.empty() ? "" : "; ") + words(text);
    if (!out.not_assessed.empty()) out.not_assessed = "**Not assessed here** " + out.not_assessed + "\n\n";
    return out;
  }

  std::optional<note_id> from(const std::string& paper, const std::string& statement) {
    return paper.empty() ? std::nullopt : statement_note(paper, statement);
  }

  std::vector<index> rests_on(index fact) const {
    std::vector<bool> in(p_.facts.size(), false);
    std::vector<index> open{fact}, out;
    while (!open.empty()) {
      const auto f = open.back();
      open.pop_back();
      if (in[f]) continue;
      in[f] = true;
      const auto& def = p_.facts[f];
      for (const auto& a : {def.anchor, def.after, def.before, def.since, def.until})
        if (a) open.push_back(*a);
      if (def.is) facts_of(*def.is, open);
    }
    for (index f = 0; f < in.size(); ++f)
      if (in[f]) out.push_back(f);
    return out;
  }

  const pack& p_;
  printed out_;
};

}  // namespace

void facts_of(const expression& e, std::vector<index>& out) {
  if (e.fact && std::find(out.begin(), out.end(), *e.fact) == out.end()) out.push_back(*e.fact);
  for (const auto& c : e.children) facts_of(c, out);
}

printed print(const pack& p) { return printing(p).all(); }

}  // namespace mainstay::rules
