#include <algorithm>

#include "rules/advice/option.hpp"
#include "rules/advice/text.hpp"

namespace mainstay::rules {

namespace {

std::string title_of(const writing& w, const protocol_result& r) {
  const auto& p = w.rules.protocols[r.protocol];
  return words(p.title.empty() ? p.id : p.title);
}

/// Facts that the waiting protocols lack, each once, in the pack's order. Where a failed search keeps a protocol from
/// being applied at all, one line on searches says so for all of them.
std::vector<index> missing_facts(const std::vector<const protocol_result*>& waiting) {
  std::vector<index> out;
  for (const auto* r : waiting)
    if (!r->search_failed) out.insert(out.end(), r->missing.begin(), r->missing.end());
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// What the record has instead: "0.001 %, older than 60 days (ours); last 2025-12-10, 2 months ago".
std::string what_is_there(const writing& w, index f) {
  const auto& r = w.result(f);
  const auto& shown = shown_finding(r);
  std::string out;
  if (shown.is != finding::state::unknown)
    out = value_in_words(w, f, shown);
  else if (!shown.shown.empty())
    out = w.chart_words(shown.shown);
  auto why = reasons_in_words(w, f, shown);
  if (why.empty()) why = reasons_in_words(w, f, r.strict);
  if (!why.empty()) out += (out.empty() ? "" : ": ") + why;
  if (out.empty()) out = "not on record";
  // A computed number has no date of its own.
  if (shown.date && w.definition(f).type != fact_type::number) {
    const auto when = dated(*shown.date, w.about.at.local_date);
    out += (when.starts_with("by ") ? "; recorded " : "; last ") + when;
  }
  return out;
}

std::string how_to_get(const writing& w, index f) {
  const auto& def = w.definition(f);
  if (has_reason(shown_finding(w.result(f)), reason_kind::not_fetched))
    return "try again, or look in the record itself";
  if (!def.how_to_get.empty()) return words(def.how_to_get);
  if (def.obtain) return words(w.rules.terms[*def.obtain].title);
  if (def.how == verb::age) return "record the whole dates of birth and of the event";
  return "record it with its day";
}

using waiting_list = std::vector<const protocol_result*>;
using log_id_source = std::function<std::string()>;

std::size_t faults_in(const waiting_list& waiting) {
  return static_cast<std::size_t>(
      std::count_if(waiting.begin(), waiting.end(), [](const auto* r) { return !r->fault.empty(); }));
}

std::string summary_of(const writing& w, const waiting_list& waiting, const std::vector<index>& facts) {
  std::string what = waiting.size() == 1 ? w.rules.protocols[waiting.front()->protocol].title
                                         : std::to_string(waiting.size()) + " options";
  std::string lacking;
  for (const auto f : facts) lacking += (lacking.empty() ? "" : ", ") + w.definition(f).title;
  std::string out = "Not assessed: " + what;
  const auto faults = faults_in(waiting);
  if (faults != 0)
    out += faults == waiting.size() ? "; the service failed" : "; the service failed on " + std::to_string(faults);
  if (!facts.empty())
    out += "; open: " + lacking;
  else if (faults != waiting.size())
    out += "; a search of the record failed";
  return clean(out, w.limit.summary);
}

/// What failed through a fault of ours: that it was ours, on what, and where to find it.
void add_faults(card_content& to, const writing& w, const waiting_list& waiting, const log_id_source& log_id) {
  std::string titles;
  for (const auto* r : waiting) {
    if (r->fault.empty()) continue;
    to.faults.push_back({w.rules.protocols[r->protocol].id, r->fault});
    titles += (titles.empty() ? "" : "; ") + title_of(w, *r);
  }
  if (titles.empty()) return;
  to.detail +=
      "**The service failed on:** " + titles + ". This is a fault of the service and says nothing of the patient";
  if (log_id) to.detail += "; its log has it under the id " + words(log_id());
  to.detail += ".\n\n";
}

card_content missing_card_of(const writing& w, const waiting_list& waiting, const log_id_source& log_id) {
  const auto facts = missing_facts(waiting);
  card_content card;
  card.topic = "cannot-assess";
  card.summary = summary_of(w, waiting, facts);
  card.source_label = clean(w.rules.title.empty() ? w.rules.id : w.rules.title, 200);
  std::string options;
  for (const auto* r : waiting) {
    card.protocols.push_back(w.rules.protocols[r->protocol].id);
    options += (options.empty() ? "" : "; ") + title_of(w, *r);
  }
  card.detail = "**Not assessed on " + fhir::to_string(w.about.at.local_date) + ": " + options + ".** ";
  card.detail += faults_in(waiting) == waiting.size() ? "That" : "The record leaves open what this rests on; that";
  card.detail += " is neither a yes nor a no.\n\n";
  add_faults(card, w, waiting, log_id);
  if (!facts.empty()) {
    card.detail += "| open | on record | would settle it |\n| --- | --- | --- |\n";
    for (const auto f : facts)
      card.detail += "| " + w.print.facts[f] + " | " + what_is_there(w, f) + " | " + how_to_get(w, f) + " |\n";
    card.detail += "\n";
  }
  const bool failed = std::any_of(waiting.begin(), waiting.end(), [](const auto* r) { return r->search_failed; });
  if (failed || !w.about.failed_searches.empty()) {
    std::string which;
    for (const auto& s : w.about.failed_searches) which += (which.empty() ? "" : "; ") + w.chart_words(s);
    card.detail += "**Searches without an answer** " + (which.empty() ? "of this patient's record" : which) +
                   ". Try again, or look in the record itself.\n\n";
  }
  card.detail += w.print.version;
  return card;
}

}  // namespace

card_content missing_card(const writing& w, const waiting_list& waiting, const log_id_source& log_id) {
  constexpr std::size_t least_text = 10;
  for (advice_limits limit = w.limit;; limit.chart_text /= 2) {
    auto card = missing_card_of({w.rules, w.print, w.about, limit}, waiting, log_id);
    if (head_fits(card.detail, w.limit.head) || limit.chart_text <= least_text) return card;
  }
}

}  // namespace mainstay::rules
