#include "rules/advice/evidence.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>

#include "rules/advice/option.hpp"
#include "rules/advice/text.hpp"

namespace mainstay::rules {

namespace {

const printed_protocol& printed_of(const writing& w, const protocol_result& r) { return w.print.protocols[r.protocol]; }

void add_bullets(std::string& to, std::string_view title, const std::vector<std::string_view>& lines) {
  if (lines.empty()) return;
  to.append("**").append(title).append("**\n\n");
  for (const auto l : lines) to.append("- ").append(l).append("\n");
  to += "\n";
}

void add_line(std::string& to, const printed_line& line, notes& n) {
  to += line.text;
  if (line.from) n.refer(to, *line.from);
}

/// Each arm not ruled out, in the order in which the paper would try them.
void add_arms(std::string& to, const writing& w, const protocol_result& r, notes& n) {
  if (r.arms.empty()) return;
  to += r.arms.size() > 1 ? "**Ways, the first that fits**\n\n" : "**Way**\n\n";
  const auto& arms = w.rules.protocols[r.protocol].arms;
  for (std::size_t i = 0; i < arms.size(); ++i) {
    if (std::find(r.arms.begin(), r.arms.end(), arms[i].id) == r.arms.end()) continue;
    to += "- ";
    add_line(to, printed_of(w, r).arms[i], n);
    to += "\n";
  }
  to += "\n";
}

void add_table(std::string& to, const writing& w, const printed_table& t, notes& n) {
  n.cite(to, t.title);
  to += t.head;
  for (const auto& row : t.rows) {
    const auto& like = w.rules.papers[t.paper].groups[row.group].like;
    const auto is = like ? answer(*like, w, false) : fhir::truth::no;
    const bool doubtful = like && is == fhir::truth::unknown && answer(*like, w, true) == fhir::truth::yes;
    to += is == fhir::truth::yes ? row.like : doubtful ? row.doubtful : row.plain;
    to += row.cells;
  }
  to += "\n";
}

void add_risk_section(std::string& to, const writing& w, const protocol_result& r, notes& n) {
  const auto& factors = printed_of(w, r).risk;
  if (factors.empty()) return;
  to +=
      "**Risk factors in the study** side by side; their ratios are not to be multiplied\n\n"
      "| | this patient | in the study |\n| --- | --- | --- |\n";
  for (std::size_t i = 0; i < factors.size() && i < r.risk.size(); ++i) {
    to.append("| ").append(factors[i].text).append(" | ").append(to_text(r.risk[i]));
    bool first = true;
    const auto add = [&](const std::string& value) {
      to.append(first ? ": " : ", ").append(value);
      first = false;
    };
    for (const auto f : factors[i].facts) {
      const auto value = value_in_words(w, f, w.result(f).strict);
      if (value != "not known") add(value);
      if (const auto doubts = doubts_in_words(w, f); !doubts.empty()) add(doubts);
    }
    to += " | ";
    for (std::size_t k = 0; k < factors[i].figures.size(); ++k) {
      if (k != 0) to += "; ";
      n.cite(to, factors[i].figures[k]);
    }
    to += " |\n";
  }
  to += "\n";
}

std::string day_span(int low, int high) {
  return low == high ? "day " + std::to_string(low) : "day " + std::to_string(low) + " to " + std::to_string(high);
}

/// Where the patient stands against what the study did; never a criterion.
void add_timing_section(std::string& to, const writing& w, const protocol_result& r, notes& n) {
  const auto& text = printed_of(w, r).timing;
  if (!text) return;
  const auto& p = w.rules.protocols[r.protocol];
  const auto& since = shown_finding(w.result(*p.timing_since));
  if (!since.date || since.date->first == fhir::earliest_day) return;
  const int low = w.about.at.local_date - since.date->last, high = w.about.at.local_date - since.date->first;
  to.append("**Timing** ").append(day_span(low, high));
  n.cite(to, *text);
  const auto& range = w.rules.papers[p.timing_study->first].figures[p.timing_study->second].range;
  if (range) {
    const auto first = fhir::decimal::parse(range->first), last = fhir::decimal::parse(range->second);
    if (first && last) {
      const fhir::decimal a(low), b(high);
      if (b < *first)
        to += "; this is earlier than in any of its patients";
      else if (a > *last)
        to += "; this is later than in any of its patients";
      else if (a >= *first && b <= *last)
        to += "; this is within that range";
    }
  }
  to += ".\n\n";
}

/// What the chart settles, with the place in the paper.
void add_met_section(std::string& to, const writing& w, const protocol_result& r, notes& n) {
  bool first = true;
  for (const auto& c : r.criteria) {
    if (c.strict != fhir::truth::yes) continue;
    to += first ? "**Settled by the chart** " : "; ";
    first = false;
    add_line(to, printed_of(w, r).criteria[c.criterion], n);
  }
  if (!first) to += "\n\n";
}

/// Facts that the card rests on: all but those of confirm items on which the chart is silent. By fact.
std::vector<bool> facts_used(const writing& w, const protocol_result& r) {
  const auto& p = w.rules.protocols[r.protocol];
  std::vector<bool> used(w.rules.facts.size(), false);
  const auto use = [&](index f) {
    for (const auto under : w.print.rests_on[f]) used[under] = true;
  };
  for (const auto f : p.facts_shown) use(f);
  for (const auto& c : r.criteria)
    for (const auto f : c.facts)
      if (p.criteria[c.criterion].type == criterion_class::require || !shown_finding(w.result(f)).sources.empty()) use(f);
  for (const auto& factor : printed_of(w, r).risk)
    for (const auto f : factor.facts) use(f);
  if (p.timing_since) use(*p.timing_since);
  return used;
}

/// Numbers and choices that no paper made.
void add_ours_section(std::string& to, const writing& w, const protocol_result& r, const std::vector<bool>& used) {
  std::vector<std::string_view> lines;
  for (const auto& c : printed_of(w, r).criteria)
    if (!c.ours.empty()) lines.push_back(c.ours);
  std::vector<bool> told(w.rules.settings.size(), false);
  const auto add = [&](const std::optional<span_of_days>& s) {
    if (!s || !s->from || told[*s->from]) return;
    told[*s->from] = true;
    lines.push_back(w.print.settings[*s->from]);
  };
  for (index f = 0; f < used.size(); ++f) {
    if (!used[f]) continue;
    const auto& def = w.definition(f);
    add(def.max_age);
    add(def.within);
    for (const auto e : def.events) add(w.rules.events[e].one);
  }
  add_bullets(to, "Ours, not the paper's", lines);
}

void add_contradictions(std::string& to, const writing& w, const notes& n) {
  std::vector<std::string_view> lines;
  for (const auto c : n.contradictions()) lines.push_back(w.print.contradictions[c]);
  add_bullets(to, "The paper contradicts itself here", lines);
}

/// Which resources the facts come from, each resource once.
void add_sources_section(std::string& to, const writing& w, const std::vector<bool>& used) {
  constexpr std::size_t most = 12;
  struct told {
    std::string_view source;
    std::string titles;  // of facts
  };
  std::vector<told> list;
  // Names of one chart differ at their end, if in no more.
  const auto hash = [](std::string_view source) -> std::size_t {
    constexpr std::size_t wide = sizeof(std::uint64_t);
    return fhir::json::tag_of(source.substr(source.size() < wide ? 0 : source.size() - wide));
  };
  constexpr std::size_t usual = 128;
  boost::unordered_flat_map<std::string_view, std::size_t, decltype(hash)> place(usual, hash);
  for (index f = 0; f < used.size(); ++f) {
    if (!used[f] || w.definition(f).anchor) continue;  // an age or a day rests on the event, which is told
    for (const auto source : shown_finding(w.result(f)).sources) {
      const auto [at, fresh] = place.try_emplace(source, list.size());
      if (fresh) list.push_back({source, {}});
      if (at->second >= most) continue;
      auto& titles = list[at->second].titles;
      titles.append(titles.empty() ? "" : "; ").append(w.print.facts[f]);
    }
  }
  if (list.empty()) return;
  to += "**Where from** ";
  for (std::size_t i = 0; i < list.size() && i < most; ++i)
    to.append(i == 0 ? "" : ", ").append(w.chart_words(list[i].source)).append(" (").append(list[i].titles).append(")");
  if (list.size() > most) to.append(" and ").append(std::to_string(list.size() - most)).append(" more");
  to += "\n\n";
}

/// The author writes "day {day}" and "{age} years": of a number fact only the number is wanted.
std::string filled_in(const writing& w, index fact) {
  auto value = value_in_words(w, fact, shown_finding(w.result(fact)));
  const auto& def = w.definition(fact);
  if (def.type != fact_type::number || def.ucum) return value;
  if (value.starts_with("day ")) value.erase(0, 4);
  const auto singular = def.unit.empty() ? def.unit : def.unit.substr(0, def.unit.size() - 1);
  for (const auto& u : {" " + def.unit, " " + singular})
    if (u.size() > 1 && value.ends_with(u)) value.erase(value.size() - u.size());
  return value;
}

void add_text(std::string& to, const writing& w, const protocol_result& r, notes& n) {
  const auto& text = printed_of(w, r).text;
  for (const auto& part : text) {
    switch (part.type) {
      case text_part::kind::text:
        to += part.text.text;
        break;
      case text_part::kind::fact:
        to += filled_in(w, part.fact);
        break;
      case text_part::kind::figure:
      case text_part::kind::cell:
        n.cite(to, part.text);
        break;
    }
  }
  if (!text.empty()) to += "\n\n";
}

}  // namespace

std::string plain_summary(const writing& w, const rich_text& text) {
  std::string out;
  for (const auto& part : text) {
    switch (part.type) {
      case text_part::kind::text:
        out += part.text;
        break;
      case text_part::kind::fact:
        out += filled_in(w, part.fact);
        break;
      case text_part::kind::figure:
        out += w.print.figures[part.paper][part.figure];
        break;
      case text_part::kind::cell: {
        const auto& t = w.rules.papers[part.paper].tables[part.table];
        out += t.rows[part.row].values[part.column] + (t.unit.empty() ? "" : " " + words(t.unit));
        break;
      }
    }
  }
  return out;
}

void add_figure_sections(std::string& to, const writing& w, const protocol_result& r, notes& n) {
  add_arms(to, w, r, n);
  for (const auto& t : printed_of(w, r).tables) add_table(to, w, t, n);
}

void add_evidence_sections(std::string& to, const writing& w, const protocol_result& r, notes& n) {
  add_text(to, w, r, n);
  add_risk_section(to, w, r, n);
  add_timing_section(to, w, r, n);
  add_met_section(to, w, r, n);
  to += printed_of(w, r).not_assessed;
  const auto used = facts_used(w, r);
  add_contradictions(to, w, n);
  add_ours_section(to, w, r, used);
  add_sources_section(to, w, used);
}

}  // namespace mainstay::rules
