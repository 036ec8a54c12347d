#include <algorithm>
#include <set>
#include <tuple>

#include "rules/analysis/findings.hpp"
#include "rules/criteria/evaluate.hpp"

namespace mainstay::rules {

namespace {

/// Everything that something refers to.
class references {
 public:
  explicit references(const pack& p) : pack_(p) {
    for (const auto& e : p.events) event_(e);
    for (const auto& f : p.facts) fact_(f);
    for (const auto& pr : p.protocols) protocol_(pr);
    for (const auto& paper : p.papers)
      for (const auto& g : paper.groups)
        if (g.like) names(*g.like);
  }

  std::set<index> facts, events, terms, settings;

 private:
  static void add(std::set<index>& to, const std::optional<index>& i) {
    if (i) to.insert(*i);
  }
  void span(const std::optional<span_of_days>& s) {
    if (s) add(settings, s->from);
  }
  void names(const expression& e) {
    std::vector<const expression*> all;
    all_names(e, all);
    for (const auto* n : all) add(facts, n->fact ? n->fact : pack_.find_fact(n->name));
  }
  void readers(const std::vector<particular>& list) {
    for (const auto& one : list)
      for (const auto& r : one.readers)
        for (const auto& c : r.coded) terms.insert(c.term);
  }
  void source(const event_source& s) {
    if (s.from_event)
      events.insert(*s.from_event);
    else
      terms.insert(s.term);
    add(terms, s.specimen);
    readers(s.own);
  }
  void event_(const event& e) {
    for (const auto& s : e.sources) source(s);
    if (e.counted) source(*e.counted);
    if (e.parted_by) events.insert(e.parted_by->event);
    readers(e.has);
    span(e.one);
  }
  void fact_(const fact& f) {
    events.insert(f.events.begin(), f.events.end());
    for (const auto& other : {f.anchor, f.after, f.before, f.since, f.until}) add(facts, other);
    span(f.within);
    span(f.max_age);
    if (f.is) names(*f.is);
    add(terms, f.obtain);
  }
  void text(const rich_text& parts) {
    for (const auto& part : parts)
      if (part.type == text_part::kind::fact) facts.insert(part.fact);
  }
  void protocol_(const protocol& p) {
    facts.insert(p.applies.begin(), p.applies.end());
    facts.insert(p.facts_shown.begin(), p.facts_shown.end());
    add(facts, p.timing_since);
    for (const auto& c : p.criteria) {
      if (c.when) names(*c.when);
      add(terms, c.ask);
    }
    for (const auto& r : p.risk) names(r.when);
    for (const auto& a : p.arms)
      if (a.when) names(*a.when);
    text(p.summary);
    text(p.text);
  }

  const pack& pack_;
};

template <typename T>
void unused(const std::vector<T>& all, const std::set<index>& used, const std::string& kind, const std::string& help,
            std::vector<diagnostic>& to) {
  for (index i = 0; i < all.size(); ++i)
    if (used.count(i) == 0)
      to.push_back({"unused-" + kind, severity::warning, "nothing uses the " + kind + " `" + all[i].id + "`", help,
                    all[i].at, static_cast<unsigned>(all[i].id.size())});
}

}  // namespace

std::vector<diagnostic> unused_definitions(const pack& p) {
  const references used(p);
  std::vector<diagnostic> out;
  unused(p.terms, used.terms, "term", "read it in an event, or leave it out", out);
  unused(p.events, used.events, "event", "ask for it in a fact, or leave it out", out);
  unused(p.facts, used.facts, "fact", "ask it in a criterion, show it, or leave it out", out);
  unused(p.settings, used.settings, "setting", "name it in an event or a fact, or leave it out", out);
  return out;
}

std::vector<diagnostic> findings(const pack& p) {
  auto out = unused_definitions(p);
  for (auto& d : decided_questions(p)) out.push_back(std::move(d));
  std::stable_sort(out.begin(), out.end(), [](const diagnostic& a, const diagnostic& b) {
    return std::tie(a.at.file, a.at.line, a.at.column) < std::tie(b.at.file, b.at.line, b.at.column);
  });
  return out;
}

}  // namespace mainstay::rules
