#include "rules/advice/option.hpp"

#include <algorithm>
#include <span>

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
  std::string_view text;
  chart_words said;
  bool hint = false;
};

/// How much of it a line tells.
enum class telling { nothing, brief, full };

void add_with_said(std::string& to, const check& c, telling how) {
  to += c.text;
  if (c.said.full.empty()) return;
  to.append(" (");
  to.append(how == telling::full ? c.said.full : how == telling::brief ? c.said.brief : "chart: see below").append(")");
}

/// ", hangs on CD19 CAR-T" for what is sure but for the event that it counts from.
std::string hangs_on(const writing& w, const finding& f) {
  for (const auto& r : f.reasons)
    if (r.kind == reason_kind::anchor)
      if (const auto anchor = w.rules.find_fact(r.detail)) return ", hangs on " + w.print.facts[*anchor];
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
    std::string said = out.full.empty() ? "chart: " : "; ";
    said.append(w.print.facts[f]).append(" ");
    const bool open = shown.is == finding::state::unknown && shown.yes == fhir::truth::unknown;
    const auto why = unread_in_words(w, f, shown);
    // A row is there, whatever may be unknown about it: never "not on record".
    // What the rows found say is a hint, also where it is not known whether they still hold.
    if (open && !shown.codes.empty())
      said += codes_in_words(w, f, shown);
    else
      said += open ? (why.empty() ? "on record" : why) : value_in_words(w, f, shown);
    const auto root = doubts.empty() ? hangs_on(w, w.result(f).strict) : std::string();
    out.brief.append(said).append(doubts.empty() ? root : ", doubtful");
    said += doubts.empty() ? root : ", " + doubts;
    if (shown.date) said.append(", ").append(dated(*shown.date, w.about.at.local_date));
    out.full += said;
  }
  return out;
}

/// Every criterion that is not strictly met: those with a hint in the chart first, then the doubtful, then the silent.
std::vector<check> checklist(const writing& w, const protocol_result& r) {
  const auto& criteria = w.print.protocols[r.protocol].criteria;
  std::vector<check> out;
  for (const auto& c : r.criteria) {
    if (c.strict == fhir::truth::yes) continue;
    out.push_back({criteria[c.criterion].text, chart_says(w, c), c.hint});
  }
  std::stable_sort(out.begin(), out.end(), [](const check& a, const check& b) {
    const auto rank = [](const check& c) { return c.hint ? 0 : c.said.full.empty() ? 2 : 1; };
    return rank(a) < rank(b);
  });
  return out;
}

/// A row of the patient's table: title, value, when recorded.
void add_fact_row(std::string& to, const writing& w, index f) {
  const auto& shown = shown_finding(w.result(f));
  auto value = value_in_words(w, f, shown);
  const bool is_day = value.starts_with("day ") && w.definition(f).type == fact_type::event;
  if (const auto doubts = doubts_in_words(w, f); !doubts.empty())
    value.append(", ").append(doubts);
  else if (value == "not known")
    if (const auto why = reasons_in_words(w, f, shown); !why.empty()) value.append(": ").append(why);
  // The day after an event says its age already; a computed number has no date of its own.
  const auto when = !shown.date || w.definition(f).type == fact_type::number ? std::string()
                    : is_day                                                 ? fhir::to_string(*shown.date)
                             : dated(*shown.date, w.about.at.local_date);
  to.append("| ").append(w.print.facts[f]).append(" | ").append(value).append(" | ").append(when).append(" |\n");
}

void add_fact_table(std::string& to, const writing& w, std::span<const index> facts) {
  if (facts.empty()) return;
  to += "| this patient | | recorded |\n| --- | --- | --- |\n";
  for (const auto f : facts) add_fact_row(to, w, f);
  to += "\n";
}

void add_first_line(std::string& to, const writing& w, const protocol_result& r, std::size_t to_confirm, notes& n) {
  const auto& text = w.print.protocols[r.protocol];
  to.append("**Fits this chart on ").append(fhir::to_string(w.about.at.local_date));
  if (to_confirm != 0) to.append("; ").append(counted(static_cast<long long>(to_confirm), "point")).append(" to confirm");
  to += text.evidence_before;
  n.refer(to, text.paper);
  to.append(text.evidence_after).append("\n\n");
}

/// How much of the head is told there; the rest follows in full below.
struct head_size {
  std::size_t facts, checks;
  telling reasons;
};

void add_confirm_line(std::string& to, const std::vector<check>& checks, const head_size& size) {
  if (checks.empty()) return;
  to += "**To confirm**";
  for (std::size_t i = 0; i < size.checks; ++i) {
    to += " [ ] ";
    add_with_said(to, checks[i], size.reasons);
  }
  if (size.checks < checks.size())
    to.append(" and ").append(std::to_string(checks.size() - size.checks)).append(" more, listed below");
  to += "\n\n";
}

/// The card's text up to and with what was seen in the study.
std::string beginning(const writing& w, const protocol_result& r, const std::vector<check>& checks, const head_size& size,
                      notes& n) {
  constexpr std::size_t usual = 16384;
  std::string out;
  out.reserve(usual);
  add_first_line(out, w, r, checks.size(), n);
  add_fact_table(out, w, std::span(w.rules.protocols[r.protocol].facts_shown).first(size.facts));
  add_confirm_line(out, checks, size);
  add_figure_sections(out, w, r, n);
  return out;
}

/// All that follows the beginning.
void add_rest(std::string& to, const writing& w, const protocol_result& r, const std::vector<check>& checks,
              const head_size& size, notes& n) {
  add_fact_table(to, w, std::span(w.rules.protocols[r.protocol].facts_shown).subspan(size.facts));
  if (size.checks < checks.size() || size.reasons != telling::full) {
    to += "**All to confirm**\n\n";
    for (const auto& c : checks) {
      to += "- [ ] ";
      add_with_said(to, c, telling::full);
      to += "\n";
    }
    to += "\n";
  }
  add_evidence_sections(to, w, r, n);
  n.list(to);
  to.append("\n\n").append(w.print.version);
}

std::string summary_of(const writing& w, const protocol& p, std::size_t to_confirm) {
  const std::string suffix = to_confirm == 0 ? "" : "; " + std::to_string(to_confirm) + " to confirm";
  return clean(plain_summary(w, p.summary), w.limit.summary - suffix.size()) + suffix;
}

}  // namespace

card_content option_card(const writing& w, const protocol_result& r) {
  const auto& p = w.rules.protocols[r.protocol];
  card_content card;
  card.topic = p.id;
  card.protocols = {p.id};
  card.source_label = w.print.protocols[r.protocol].source_label;
  card.source_url = w.rules.papers[p.evidence].url;

  // Six rows leave the checklist inside the first twelve lines; then shorten until the head is short enough: four points
  // with what the chart says tell more than eight without. At last the texts of the chart.
  constexpr std::size_t most_rows = 6, least_rows = 3, least_checks = 4, least_text = 10;
  for (advice_limits limit = w.limit;; limit.chart_text /= 2) {
    const writing shorter{w.rules, w.print, w.about, limit};
    const auto checks = checklist(shorter, r);
    card.summary = summary_of(shorter, p, checks.size());
    head_size size{std::min(p.facts_shown.size(), most_rows), checks.size(), telling::full};
    for (;;) {
      notes n(w.print);
      card.detail = beginning(shorter, r, checks, size, n);
      // The rest is written once it is clear that the head fits; a beginning of fewer lines is not the whole head.
      const bool too_long = head_of(card.detail).size() < card.detail.size() && !head_fits(card.detail, w.limit.head);
      if (!too_long) {
        add_rest(card.detail, shorter, r, checks, size, n);
        if (head_fits(card.detail, w.limit.head)) return card;
      }
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
    if (limit.chart_text <= least_text) {
      // Nothing is left to shorten: a card whose head is long is better than none.
      notes n(w.print);
      card.detail = beginning(shorter, r, checks, size, n);
      add_rest(card.detail, shorter, r, checks, size, n);
      return card;
    }
  }
}

std::string_view head_of(std::string_view detail) {
  constexpr int head_lines = 12;
  std::size_t end = 0;
  for (int line = 0; line < head_lines && end != std::string_view::npos; ++line)
    end = detail.find('\n', line == 0 ? 0 : end + 1);
  return detail.substr(0, end);
}

bool head_fits(std::string_view detail, std::size_t limit) {
  const auto head = head_of(detail);
  return head.size() <= limit || code_points(head) <= limit;  // no code point is less than a byte
}

}  // namespace mainstay::rules
