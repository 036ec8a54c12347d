#include "rules/pack/asked.hpp"

#include <algorithm>
#include <functional>

#include "rules/criteria/expression.hpp"

namespace mainstay::rules {

namespace {

void ask(const pack& p, index fact_index, std::set<index>& asked) {
  if (!asked.insert(fact_index).second) return;
  const fact& f = p.facts[fact_index];
  for (const std::optional<index>& a : {f.anchor, f.after, f.before, f.since, f.until}) {
    if (a) ask(p, *a, asked);
  }
  if (f.is) {
    for (const std::string& name : names_in(*f.is)) {
      if (const auto i = p.find_fact(name)) ask(p, *i, asked);
    }
  }
}
}  // namespace

void ask(const pack& p, const expression& e, std::set<index>& asked) {
  if (e.fact) ask(p, *e.fact, asked);
  for (const expression& c : e.children) ask(p, c, asked);
}

bool reads(const pack& p, const std::set<index>& facts, index term) {
  std::set<index> seen;
  const std::function<bool(index)> event_reads = [&](index e) {
    if (!seen.insert(e).second) return false;
    return std::any_of(p.events[e].sources.begin(), p.events[e].sources.end(), [&](const event_source& s) {
      return s.from_event ? event_reads(*s.from_event) : s.term == term;
    });
  };
  return std::any_of(facts.begin(), facts.end(), [&](index f) {
    return std::any_of(p.facts[f].events.begin(), p.facts[f].events.end(), event_reads);
  });
}

}  // namespace mainstay::rules
