#include "rules/advice/option.hpp"

#include <algorithm>

#include "rules/advice/evidence.hpp"
#include "rules/advice/notes.hpp"
#include "rules/advice/text.hpp"

namespace mainstay::rules {

namespace {

/// What the chart has to say about a criterion: in full, with doubts and dates, and in brief.
struct chart_words {
  std::string full, brief;
};

/// A line of the checklist, and what the chart has to say about it.
struct check {
  std::string text;
  chart_words said;
  bool hint = false;
};

/// How much of it a line tells.
enum class telling { nothing, brief, full };

std::string with_said(const check& c, telling how) {
  if (c.said.full.empty()) return c.text;
  const auto& said = how == telling::full ? c.said.full : how == telling::brief ? c.said.brief : "chart: see below";
  return c.text + " (" + said + ")";
}

/// ", hangs on CD19 CAR-T" for what is sure but for the event that it counts from.
std::string hangs_on(const writing& w, const finding& f) {
  for (const auto& r : f.reasons)
    if (r.kind == reason_kind::anchor)
      if (const auto anchor = w.rules.find_fact(r.detail)) return ", hangs on " + w.words(w.definition(*anchor).title);
  return {};
}

/// What the chart says about a criterion that is not surely met: "chart: infection active, 2026-01-30, 30 days ago".
chart_words chart_says(const writing& w, const criterion_result& c) {
  chart_words out;
  for (const auto f : c.facts) {
    const auto& r = w.result(f);
    const auto& shown = shown_finding(r);
    const auto doubts = doubts_in_words(w, f);
    const bool nothing = shown.sources.empty() && !shown.date && doubts.empty();
    if (nothing) continue;
    std::string said = (out.full.empty() ? "chart: " : "; ") + w.words(w.definition(f).title) + " ";
    const bool open = shown.is == finding::state::unknown && shown.yes == fhir::truth::unknown;
    const auto why = unread_in_words(w, f, shown);
    // A row is there, whatever may be unknown about it: never "not on record".
    // What the rows found say is a hint, also where it is not known whether they still hold.
    if (open && !shown.codes.empty())
      said += codes_in_words(w, f, shown);
    else
      said += open ? (why.empty() ? "on record" : why) : value_in_words(w, f, shown);
    const auto root = doubts.empty() ? hangs_on(w, w.result(f).strict) : std::string();
    out.brief += said + (doubts.empty() ? root : ", doubtful");
    said += doubts.empty() ? root : ", " + doubts;
    if (shown.date) said += ", " + dated(*shown.date, w.about.at.local_date);
    out.full += said;
  }
  return out;
}

/// Every criterion that is not strictly met: those with a hint in the chart first, then the doubtful, then the silent.
std::vector<check> checklist(const writing& w, const protocol& p, const protocol_result& r) {
  std::vector<check> out;
  for (const auto& c : r.criteria) {
    if (c.strict == fhir::truth::yes) continue;
    out.push_back({w.words(p.criteria[c.criterion].text), chart_says(w, c), c.hint});
  }
  std::stable_sort(out.begin(), out.end(), [](const check& a, const check& b) {
    const auto rank = [](const check& c) { return c.hint ? 0 : c.said.full.empty() ? 2 : 1; };
    return rank(a) < rank(b);
  });
  return out;
}

/// A row of the patient's table: title, value, when recorded.
std::string fact_row(const writing& w, index f) {
  const auto& shown = shown_finding(w.result(f));
  auto value = value_in_words(w, f, shown);
  const bool is_day = value.starts_with("day ") && w.definition(f).type == fact_type::event;
  if (const auto doubts = doubts_in_words(w, f); !doubts.empty())
    value += ", " + doubts;
  else if (value == "not known")
    if (const auto why = reasons_in_words(w, f, shown); !why.empty()) value += ": " + why;
  // The day after an event says its age already; a computed number has no date of its own.
  const auto when = !shown.date || w.definition(f).type == fact_type::number ? std::string()
                    : is_day                                                 ? fhir::to_string(*shown.date)
                             : dated(*shown.date, w.about.at.local_date);
  return "| " + w.words(w.definition(f).title) + " | " + value + " | " + when + " |\n";
}

std::string fact_table(const writing& w, const std::vector<index>& facts) {
  std::string out = "| this patient | | recorded |\n| --- | --- | --- |\n";
  for (const auto f : facts) out += fact_row(w, f);
  return out;
}

std::string first_line(const writing& w, const protocol& p, std::size_t to_confirm, notes& n) {
  const auto& paper = w.rules.papers[p.evidence];
  std::string out = "**Fits this chart on " + fhir::to_string(w.about.at.local_date);
  if (to_confirm != 0) out += "; " + counted(static_cast<long long>(to_confirm), "point") + " to confirm";
  out += ".** Evidence: " + w.words(paper.design) + n.paper_note(p.evidence) + "; certainty " +
         w.words(paper.certainty_assessed) + ", by our assessment.";
  if (p.status == protocol_status::research) out += " Research rule: for discussion, not for routine use.";
  return out;
}

/// How much of the head is told there; the rest follows in full below.
struct head_size {
  std::size_t facts, checks;
  telling reasons;
};

std::string confirm_line(const std::vector<check>& checks, const head_size& size) {
  if (checks.empty()) return {};
  std::string out = "**To confirm**";
  for (std::size_t i = 0; i < size.checks; ++i) out += " [ ] " + with_said(checks[i], size.reasons);
  if (size.checks < checks.size()) out += " and " + std::to_string(checks.size() - size.checks) + " more, listed below";
  return out + "\n\n";
}

std::string body(const writing& w, const protocol& p, const protocol_result& r, const std::vector<check>& checks,
                 const head_size& size) {
  notes n(w);
  std::string out = first_line(w, p, checks.size(), n) + "\n\n";
  const auto cut = p.facts_shown.begin() + static_cast<std::ptrdiff_t>(size.facts);
  if (size.facts != 0) out += fact_table(w, {p.facts_shown.begin(), cut}) + "\n";
  out += confirm_line(checks, size) + figure_sections(w, p, r, n);
  if (cut != p.facts_shown.end()) out += fact_table(w, {cut, p.facts_shown.end()}) + "\n";
  if (size.checks < checks.size() || size.reasons != telling::full) {
    out += "**All to confirm**\n\n";
    for (const auto& c : checks) out += "- [ ] " + with_said(c, telling::full) + "\n";
    out += "\n";
  }
  return out + evidence_sections(w, p, r, n) + n.list() + "\n\n" + version_line(w);
}

std::string summary_of(const writing& w, const protocol& p, std::size_t to_confirm) {
  const std::string suffix = to_confirm == 0 ? "" : "; " + std::to_string(to_confirm) + " to confirm";
  return clean(rich(w, p.summary, nullptr), w.limit.summary - suffix.size()) + suffix;
}

}  // namespace

card_content option_card(const writing& w, const protocol_result& r) {
  const auto& p = w.rules.protocols[r.protocol];
  const auto& paper = w.rules.papers[p.evidence];
  card_content card;
  card.topic = p.id;
  card.protocols = {p.id};
  card.source_label = clean(paper.label.empty() ? paper.citation : paper.label, 200);
  card.source_url = paper.url;

  // Six rows leave the checklist inside the first twelve lines; then shorten until the head is short enough: four points
  // with what the chart says tell more than eight without. At last the texts of the chart.
  constexpr std::size_t most_rows = 6, least_rows = 3, least_checks = 4, least_text = 10;
  for (advice_limits limit = w.limit;; limit.chart_text /= 2) {
    const writing shorter{w.rules, w.about, limit};
    const auto checks = checklist(shorter, p, r);
    card.summary = summary_of(shorter, p, checks.size());
    head_size size{std::min(p.facts_shown.size(), most_rows), checks.size(), telling::full};
    for (;;) {
      card.detail = body(shorter, p, r, checks, size);
      if (head_fits(card.detail, w.limit.head)) return card;
      if (size.facts > least_rows)
        --size.facts;
      else if (size.reasons == telling::full)
        size.reasons = telling::brief;
      else if (size.checks > least_checks)
        --size.checks;
      else if (size.reasons == telling::brief)
        size.reasons = telling::nothing;
      else if (size.checks > 1)
        --size.checks;
      else if (size.facts > 0)
        --size.facts;
      else
        break;
    }
    if (limit.chart_text <= least_text) return card;
  }
}

bool head_fits(const std::string& detail, std::size_t limit) {
  constexpr int head_lines = 12;
  std::size_t end = 0;
  for (int line = 0; line < head_lines && end != std::string::npos; ++line)
    end = detail.find('\n', line == 0 ? 0 : end + 1);
  return code_points(std::string_view(detail).substr(0, end)) <= limit;
}

std::string version_line(const writing& w) {
  constexpr std::size_t shown_of_hash = 12;
  const auto& p = w.rules;
  std::string out = w.words(p.id) + " " + w.words(p.version) + " (" + w.words(p.hash.substr(0, shown_of_hash)) + ")";
  if (!p.reviewed.empty()) out += ", rules reviewed " + w.words(p.reviewed);
  return out;
}

}  // namespace mainstay::rules
