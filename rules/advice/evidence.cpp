#include "rules/advice/evidence.hpp"

#include <algorithm>

#include "rules/advice/option.hpp"
#include "rules/advice/text.hpp"

namespace mainstay::rules {

namespace {

std::string section(std::string_view title, const std::string& text) {
  return text.empty() ? std::string() : "**" + std::string(title) + "** " + text + "\n\n";
}

std::string bullets(std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string out = "**" + std::string(title) + "**\n\n";
  for (const auto& l : lines) out += "- " + l + "\n";
  return out + "\n";
}

std::string statement_of(const std::string& paper, const std::string& statement, notes& n) {
  return paper.empty() ? std::string() : n.statement_note(paper, statement);
}

/// Each arm not ruled out, in the order in which the paper would try them.
std::string arms(const writing& w, const protocol& p, const protocol_result& r, notes& n) {
  std::vector<std::string> lines;
  for (const auto& a : p.arms)
    if (std::find(r.arms.begin(), r.arms.end(), a.id) != r.arms.end())
      lines.push_back(w.words(a.text) + statement_of(a.from_paper, a.from_statement, n));
  return bullets(lines.size() > 1 ? "Ways, the first that fits" : "Way", lines);
}

std::string table_section(const writing& w, const protocol::shown_table& s, notes& n) {
  const auto& paper = w.rules.papers[s.paper];
  const auto& t = paper.tables[s.table];
  std::string at = s.columns.empty() ? std::string() : t.columns[s.columns.front()].at;
  for (const auto c : s.columns)
    if (t.columns[c].at != at) at.clear();
  const auto unit = t.unit.empty() ? std::string() : " " + w.words(t.unit);

  auto title_text = t.title.empty() ? std::string("what was seen") : w.words(t.title);
  if (title_text.front() >= 'a' && title_text.front() <= 'z')
    title_text.front() = static_cast<char>(title_text.front() - 'a' + 'A');
  std::string out = "**" + title_text + (at.empty() ? "" : " at " + w.words(at)) + "**" +
                    n.table_note(s.paper, s.table, s.columns, s.rows) + "\n\n| |";
  std::string rule = "\n| --- |";
  for (const auto c : s.columns) {
    const auto& column = t.columns[c];
    out += " " + w.words(column.what) + (at.empty() && !column.at.empty() ? " at " + w.words(column.at) : "") + " |";
    rule += " --- |";
  }
  out += rule + "\n";
  for (const auto i : s.rows) {
    const auto& row = t.rows[i];
    const auto& g = paper.groups[row.group];
    const auto like = g.like ? answer(*g.like, w, false) : fhir::truth::no;
    const bool doubtful = g.like && like == fhir::truth::unknown && answer(*g.like, w, true) == fhir::truth::yes;
    auto title = w.words(g.title) + (g.n ? " (n " + std::to_string(*g.n) + ")" : "");
    if (like == fhir::truth::yes)
      title = "**" + title + ": like this patient today**";
    else if (doubtful)
      title = "**" + title + ": like this patient, if the doubtful result holds**";
    out += "| " + title + " |";
    for (const auto c : s.columns) out += " " + w.words(row.values[c]) + unit + " |";
    out += "\n";
  }
  return out + "\n";
}

std::string risk_section(const writing& w, const protocol& p, const protocol_result& r, notes& n) {
  if (p.risk.empty()) return {};
  std::string out =
      "**Risk factors in the study** side by side; their ratios are not to be multiplied\n\n"
      "| | this patient | in the study |\n| --- | --- | --- |\n";
  for (std::size_t i = 0; i < p.risk.size() && i < r.risk.size(); ++i) {
    const auto& factor = p.risk[i];
    std::vector<index> facts;
    facts_of(factor.when, facts);
    std::string state(to_text(r.risk[i])), values;
    for (const auto f : facts) {
      const auto value = value_in_words(w, f, w.result(f).strict);
      if (value != "not known") values += (values.empty() ? ": " : ", ") + value;
      if (const auto doubts = doubts_in_words(w, f); !doubts.empty()) values += (values.empty() ? ": " : ", ") + doubts;
    }
    out += "| " + w.words(factor.text) + " | " + state + values + " | ";
    for (std::size_t k = 0; k < factor.figures.size(); ++k) {
      const auto [paper, figure] = factor.figures[k];
      const auto& f = w.rules.papers[paper].figures[figure];
      const bool ratio =
          std::any_of(f.values.begin(), f.values.end(), [](const auto& v) { return v.first == "hazard_ratio"; });
      out += (k == 0 ? "" : "; ") + w.words(f.what) + (ratio ? ": hazard ratio " : ": ") + figure_value(w, f) +
             n.figure_note(paper, figure);
    }
    out += " |\n";
  }
  return out + "\n";
}

/// Where the patient stands against what the study did; never a criterion.
std::string timing_section(const writing& w, const protocol& p, notes& n) {
  if (!p.timing_since || !p.timing_study) return {};
  const auto& since = shown_finding(w.result(*p.timing_since));
  const auto [paper, figure] = *p.timing_study;
  const auto& f = w.rules.papers[paper].figures[figure];
  if (!since.date || since.date->first == fhir::earliest_day) return {};
  const int low = w.about.at.local_date - since.date->last, high = w.about.at.local_date - since.date->first;
  std::string out =
      low == high ? "day " + std::to_string(low) : "day " + std::to_string(low) + " to " + std::to_string(high);
  out += " after " + w.words(w.definition(*p.timing_since).title) + "; in the study, " + w.words(f.what) + ": " +
         figure_value(w, f);
  out += n.figure_note(paper, figure);
  if (f.range) {
    const auto first = fhir::decimal::parse(f.range->first), last = fhir::decimal::parse(f.range->second);
    if (first && last) {
      const fhir::decimal a(low), b(high);
      if (b < *first)
        out += "; this is earlier than in any of its patients";
      else if (a > *last)
        out += "; this is later than in any of its patients";
      else if (a >= *first && b <= *last)
        out += "; this is within that range";
    }
  }
  return section("Timing", out + ".");
}

/// What the chart settles, with the place in the paper.
std::string met_section(const writing& w, const protocol& p, const protocol_result& r, notes& n) {
  std::string out;
  for (const auto& c : r.criteria) {
    const auto& def = p.criteria[c.criterion];
    if (c.strict != fhir::truth::yes) continue;
    out += (out.empty() ? "" : "; ") + w.words(def.text) + statement_of(def.from_paper, def.from_statement, n);
  }
  return section("Settled by the chart", out);
}

/// Facts that the card rests on: all but those of confirm items on which the chart is silent.
std::vector<index> facts_used(const writing& w, const protocol& p, const protocol_result& r) {
  std::vector<index> roots = p.facts_shown;
  for (const auto& c : r.criteria)
    for (const auto f : c.facts)
      if (p.criteria[c.criterion].type == criterion_class::require || !shown_finding(w.result(f)).sources.empty())
        roots.push_back(f);
  for (const auto& factor : p.risk) facts_of(factor.when, roots);
  if (p.timing_since) roots.push_back(*p.timing_since);
  return with_anchors(w.rules, roots);
}

/// Numbers and choices that no paper made.
std::string ours_section(const writing& w, const protocol& p, const std::vector<index>& used) {
  std::vector<std::string> lines;
  for (const auto& c : p.criteria)
    if (!c.ours.empty()) lines.push_back(w.words(c.text) + ": ours, " + w.words(c.ours));
  std::vector<index> settings;
  const auto add = [&](const std::optional<span_of_days>& s) {
    if (s && s->from && std::find(settings.begin(), settings.end(), *s->from) == settings.end())
      settings.push_back(*s->from);
  };
  for (const auto f : used) {
    const auto& def = w.definition(f);
    add(def.max_age);
    add(def.within);
    for (const auto e : def.events) add(w.rules.events[e].one);
  }
  for (const auto s : settings) {
    const auto& set = w.rules.settings[s];
    lines.push_back(w.words(set.text) + (set.title.empty() ? "" : " (" + w.words(set.title) + ")") + ": ours, " +
                    w.words(set.because));
  }
  return bullets("Ours, not the paper's", lines);
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

/// The paper's contradictions where they touch a figure shown: the same printed number, or the same table and subject.
std::string contradictions(const writing& w, const notes& n) {
  std::vector<std::string> lines;
  const auto has_number = [](const std::string& text, const std::string& number) {
    if (number.size() < 2) return false;  // a bare digit says nothing
    for (auto at = text.find(number); at != std::string::npos; at = text.find(number, at + 1)) {
      const auto part = [&](std::size_t i) { return i < text.size() && ((text[i] >= '0' && text[i] <= '9')); };
      const bool starts = at == 0 || (!part(at - 1) && text[at - 1] != '.');
      const bool ends = !part(at + number.size()) && !(at + number.size() < text.size() &&
                                                       text[at + number.size()] == '.' && part(at + number.size() + 1));
      if (starts && ends) return true;
    }
    return false;
  };
  for (const auto& shown : n.evidence()) {
    for (const auto& [text, place] : w.rules.papers[shown.paper].contradictions) {
      const bool touched = (shown.place.starts_with("Table") && place.find(shown.place) != std::string::npos &&
                            share_word(shown.what, text)) ||
                           std::any_of(shown.numbers.begin(), shown.numbers.end(),
                                       [&, &t = text](const auto& x) { return has_number(t, x); });
      auto line = w.words(text) + (place.empty() ? "" : " (" + w.words(place) + ")");
      if (touched && std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
    }
  }
  return bullets("The paper contradicts itself here", lines);
}

/// Which resources the facts come from, each resource once.
std::string sources_section(const writing& w, const std::vector<index>& used) {
  std::vector<std::pair<std::string, std::string>> titles;  // source, titles of facts
  for (const auto f : used) {
    const auto& def = w.definition(f);
    if (def.anchor) continue;  // an age or a day rests on the event, which is told
    for (const auto& source : shown_finding(w.result(f)).sources) {
      auto at = std::find_if(titles.begin(), titles.end(), [&](const auto& t) { return t.first == source; });
      if (at == titles.end()) at = titles.insert(titles.end(), {source, {}});
      at->second += (at->second.empty() ? "" : "; ") + w.words(def.title);
    }
  }
  constexpr std::size_t most = 12;
  std::string out;
  for (std::size_t i = 0; i < titles.size() && i < most; ++i)
    out += (i == 0 ? "" : ", ") + w.chart_words(titles[i].first) + " (" + titles[i].second + ")";
  if (titles.size() > most) out += " and " + std::to_string(titles.size() - most) + " more";
  return section("Where from", out);
}

}  // namespace

std::string rich(const writing& w, const rich_text& text, notes* n) {
  std::string out;
  for (const auto& part : text) {
    switch (part.type) {
      case text_part::kind::text: {
        // clean() would take the blanks at both ends, which part the text from what is filled in.
        if (!n)
          out += part.text;
        else {
          const auto first = part.text.find_first_not_of(" \n"), last = part.text.find_last_not_of(" \n");
          if (first == std::string::npos) {
            out += part.text.empty() ? "" : " ";
            break;
          }
          out += (first != 0 ? " " : "") + w.words(std::string_view(part.text).substr(first, last - first + 1)) +
                 (last + 1 != part.text.size() ? " " : "");
        }
        break;
      }
      case text_part::kind::fact: {
        auto value = value_in_words(w, part.fact, shown_finding(w.result(part.fact)));
        // The author writes "day {day}" and "{age} years": only the number is wanted.
        if (w.definition(part.fact).type == fact_type::number) {
          if (value.starts_with("day ")) value.erase(0, 4);
          const auto& unit = w.definition(part.fact).unit;
          const auto singular = unit.empty() ? unit : unit.substr(0, unit.size() - 1);
          for (const auto& u : {" " + unit, " " + singular})
            if (u.size() > 1 && value.ends_with(u)) value.erase(value.size() - u.size());
        }
        out += value;
        break;
      }
      case text_part::kind::figure: {
        const auto& f = w.rules.papers[part.paper].figures[part.figure];
        out += figure_value(w, f) + (n ? n->figure_note(part.paper, part.figure) : "");
        break;
      }
      case text_part::kind::cell: {
        const auto& t = w.rules.papers[part.paper].tables[part.table];
        out += t.rows[part.row].values[part.column] + (t.unit.empty() ? "" : " " + w.words(t.unit));
        if (n) out += n->table_note(part.paper, part.table, {part.column}, {part.row});
        break;
      }
    }
  }
  return out;
}

std::string figure_sections(const writing& w, const protocol& p, const protocol_result& r, notes& n) {
  std::string out = arms(w, p, r, n);
  for (const auto& t : p.tables) out += table_section(w, t, n);
  return out;
}

std::string evidence_sections(const writing& w, const protocol& p, const protocol_result& r, notes& n) {
  std::string out;
  if (!p.text.empty()) out += rich(w, p.text, &n) + "\n\n";
  out += risk_section(w, p, r, n);
  out += timing_section(w, p, n);
  out += met_section(w, p, r, n);
  std::string not_assessed;
  for (const auto& text : p.not_assessed) not_assessed += (not_assessed.empty() ? "" : "; ") + w.words(text);
  out += section("Not assessed here", not_assessed);
  const auto used = facts_used(w, p, r);
  out += contradictions(w, n);
  out += ours_section(w, p, used);
  return out + sources_section(w, used);
}

}  // namespace mainstay::rules
