#include <algorithm>

#include "rules/advice/option.hpp"
#include "rules/advice/text.hpp"

namespace mainstay::rules {

namespace {

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

std::string summary_of(const writing& w, const std::vector<const protocol_result*>& waiting,
                       const std::vector<index>& facts) {
  std::string what = waiting.size() == 1 ? w.rules.protocols[waiting.front()->protocol].title
                                         : std::to_string(waiting.size()) + " options";
  std::string lacking;
  for (const auto f : facts) lacking += (lacking.empty() ? "" : ", ") + w.definition(f).title;
  std::string out = "Not assessed: " + what;
  if (facts.empty())
    out += "; a search of the record failed";
  else
    out += "; open: " + lacking;
  return clean(out, w.limit.summary);
}

card_content missing_card_of(const writing& w, const std::vector<const protocol_result*>& waiting) {
  const auto facts = missing_facts(waiting);
  card_content card;
  card.topic = "cannot-assess";
  card.summary = summary_of(w, waiting, facts);
  card.source_label = clean(w.rules.title.empty() ? w.rules.id : w.rules.title, 200);
  std::string options;
  for (const auto* r : waiting) {
    const auto& p = w.rules.protocols[r->protocol];
    card.protocols.push_back(p.id);
    options += (options.empty() ? "" : "; ") + words(p.title.empty() ? p.id : p.title);
  }
  card.detail = "**Not assessed on " + fhir::to_string(w.about.at.local_date) + ": " + options +
                ".** The record leaves open what this rests on; that is neither a yes nor a no.\n\n";
  if (!facts.empty()) {
    card.detail += "| open | on record | would settle it |\n| --- | --- | --- |\n";
    for (const auto f : facts)
      card.detail +=
          "| " + w.print.facts[f] + " | " + what_is_there(w, f) + " | " + how_to_get(w, f) + " |\n";
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

card_content missing_card(const writing& w, const std::vector<const protocol_result*>& waiting) {
  constexpr std::size_t least_text = 10;
  for (advice_limits limit = w.limit;; limit.chart_text /= 2) {
    auto card = missing_card_of({w.rules, w.print, w.about, limit}, waiting);
    if (head_fits(card.detail, w.limit.head) || limit.chart_text <= least_text) return card;
  }
}

}  // namespace mainstay::rules
