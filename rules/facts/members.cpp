#include "rules/facts/members.hpp"

#include <algorithm>

#include "rules/criteria/evaluate.hpp"

namespace mainstay::rules {

using fhir::day_range;
using fhir::truth;

namespace {

/// a < b for all days that both leave possible, for none, or for some.
truth earlier(const day_range& a, const day_range& b) {
  if (a.last < b.first) return truth::yes;
  return a.first >= b.last ? truth::no : truth::unknown;
}

truth is_within(const day_range& o, const day_range& of, int days) {
  const auto apart_most = std::max(o.last - of.first, of.last - o.first);
  const auto apart_least = o.first > of.last ? o.first - of.last : of.first > o.last ? of.first - o.last : 0;
  if (apart_most <= days) return truth::yes;
  return apart_least > days ? truth::no : truth::unknown;
}

truth where_holds(const fact& f, const pack& p, const occurrence& o) {
  return f.where ? holds_for(*f.where, p, o) : truth::yes;
}

std::string first_source(const occurrence& o) { return o.sources.empty() ? std::string() : std::string(o.sources.front()); }

/// Why a `where` is open for a happening: its value could not be read, or leaves more than one answer.
void add_open_values(const fact& f, const pack& p, const occurrence& o, std::vector<reason>& to) {
  const auto add = [&](reason r) {
    if (std::find(to.begin(), to.end(), r) == to.end()) to.push_back(std::move(r));
  };
  std::vector<const expression*> names;
  all_names(*f.where, names);
  const auto& space = p.events[o.event].space;
  for (std::size_t i = 0; i < space.size(); ++i) {
    const auto asked = [&](const expression* e) { return e->name == space[i].name; };
    if (std::none_of(names.begin(), names.end(), asked)) continue;
    const auto& v = o.values()[i];
    for (const auto& why : v.reasons) add(why);
    if (v.reasons.empty()) add({v.said ? reason_kind::several : reason_kind::not_recorded, v.shown, first_source(o)});
  }
}

}  // namespace

truth holds_for(const expression& asked, const pack& p, const occurrence& o) {
  const auto& space = p.events[o.event].space;
  return evaluate(asked, [&](const expression& e) {
    operand result;
    for (std::size_t i = 0; i < space.size(); ++i) {
      if (space[i].name != e.name) continue;
      const auto& v = o.values()[i];
      result.type = space[i].unit.empty() ? fact_type::code : fact_type::number;
      result.anything = !v.said || is_conflict(v);
      result.codes = v.codes;
      result.values = &space[i].values;
      result.numbers = v.numbers;
    }
    return result;
  });
}

truth within_limits(const fact& f, const occurrence& o, const std::vector<anchor>& anchors) {
  truth result = truth::yes;
  const auto limit = [&](const std::optional<index>& name, auto&& holds) {
    if (!name) return;
    const auto* a = anchors[*name].is;
    result = and_(result, a == nullptr ? truth::unknown : holds(*a));
  };
  limit(f.after, [&](const occurrence& a) { return earlier(a.last, o.first); });
  limit(f.before, [&](const occurrence& a) { return earlier(o.first, a.first); });
  limit(f.since, [&](const occurrence& a) { return not_(earlier(o.first, a.first)); });
  limit(f.until, [&](const occurrence& a) { return not_(earlier(a.first, o.first)); });
  if (f.within) {
    const auto of = [&](const occurrence& a) { return is_within(o.first, a.first, f.within->days); };
    if (f.after || f.since) limit(f.after ? f.after : f.since, of);
    if (f.before || f.until) limit(f.before ? f.before : f.until, of);
  }
  return result;
}

members find_members(const fact& f, const pack& p, const std::vector<std::vector<occurrence>>& occurrences,
                     const std::vector<anchor>& anchors, const fhir::now& at) {
  members result;
  for (const auto& name : {f.after, f.before, f.since, f.until}) {
    if (!name || anchors[*name].is != nullptr) continue;
    result.anchor_unknown = true;
    const auto& why = anchors[*name].why;
    const auto deeper = std::find_if(why.begin(), why.end(), [](const reason& r) { return r.kind == reason_kind::anchor; });
    const auto& id = deeper == why.end() ? p.facts[*name].id : deeper->detail;
    result.why_open.push_back({reason_kind::anchor, id, {}});
  }
  const occurrence* stale = nullptr;  // the newest that max_age left out
  bool imprecise = false;
  for (index e : f.events) {
    for (const auto& o : occurrences[e]) {
      truth is = within_limits(f, o, anchors);
      if (is == truth::no) continue;
      if (is == truth::unknown && !result.anchor_unknown) imprecise = true;
      const truth where = where_holds(f, p, o);
      is = and_(is, where);
      if (is == truth::no) continue;
      if (where == truth::unknown) add_open_values(f, p, o, result.why_open);
      if (f.max_age) {
        const auto oldest = at.local_date - f.max_age->days;
        const truth fresh = o.last.first >= oldest ? truth::yes : o.last.last < oldest ? truth::no : truth::unknown;
        if (fresh != truth::yes && (stale == nullptr || o.last.last > stale->last.last)) stale = &o;
        if (fresh == truth::unknown) imprecise = true;
        is = and_(is, fresh);
        if (is == truth::no) continue;
      }
      result.list.push_back({&o, is});
    }
  }
  std::sort(result.list.begin(), result.list.end(), [](const member_of& a, const member_of& b) {
    return std::tie(a.o->first.first, a.o->first.last, a.o->sources) < std::tie(b.o->first.first, b.o->first.last, b.o->sources);
  });
  if (imprecise) result.why_open.push_back({reason_kind::imprecise_date, {}, {}});
  for (const auto& m : result.list)
    for (const auto& d : m.o->doubts)
      if (std::find(result.why_open.begin(), result.why_open.end(), d) == result.why_open.end()) result.why_open.push_back(d);
  if (result.list.empty() && stale != nullptr)
    result.why_open.push_back({reason_kind::stale, "last " + fhir::to_string(stale->last), first_source(*stale)});
  if (result.why_open.empty()) result.why_open.push_back({reason_kind::not_recorded, {}, {}});
  return result;
}

}  // namespace mainstay::rules
