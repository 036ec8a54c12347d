#include "rules/facts/count.hpp"

#include <algorithm>

namespace mainstay::rules {

using fhir::decimal;
using fhir::interval;
using fhir::truth;

namespace {

/// Are two happenings surely two: nothing can join them, and there is what parts them (a remission between two relapses)?
bool parted(const counting& c, const event& e, const occurrence& a, const occurrence& b) {
  // A doubtful row that would join the two keeps them from being surely two.
  const auto& own = c.occurrences[a.event];
  if (std::any_of(own.begin(), own.end(), [&](const occurrence& o) {
        return !o.sure && o.first.first <= a.first.first && b.last.last <= o.last.last;
      }))
    return false;
  if (!e.parted_by) return true;
  const auto& by = c.occurrences[e.parted_by->event];
  return std::any_of(by.begin(), by.end(), [&](const occurrence& o) {
    if (!o.sure || !(a.last.last < o.first.first) || !(o.last.last < b.first.first)) return false;
    return holds_for(e.parted_by->where, c.p, o) == truth::yes;
  });
}

/// How many surely different ones there are among `list`, which is in the order of days.
long surely_different(const counting& c, const std::vector<const occurrence*>& list) {
  long n = 0;
  const occurrence* before = nullptr;
  for (const auto* o : list) {
    if (before != nullptr && (!(before->last.last < o->first.first) || !parted(c, c.p.events[o->event], *before, *o))) continue;
    ++n;
    before = o;
  }
  return n;
}

std::vector<const occurrence*> sure_ones(const std::vector<occurrence>& all, auto&& keep) {
  std::vector<const occurrence*> result;
  for (const auto& o : all)
    if (o.sure && keep(o)) result.push_back(&o);
  return result;
}

/// The latest recorded count that is sure under this reading.
const counted_row* latest_count(const counting& c, index e) {
  const counted_row* best = nullptr;
  for (const auto& r : c.rows[e].counted) {
    if (c.how == reading_of_doubt::strict && !r.doubts.empty()) continue;
    if (best == nullptr || std::tie(best->when.first, best->source) < std::tie(r.when.first, r.source)) best = &r;
  }
  return best;
}

}  // namespace

possible count_members(const counting& c, const members& found, const reach& searched) {
  possible result;
  for (const auto& m : found.list) {
    result.add_sources(m.o->sources);
    if (c.how == reading_of_doubt::face || !m.o->sure) result.add_reasons(m.o->doubts);
  }
  if (found.anchor_unknown) {
    result.anything = true;
    result.add_reasons(found.why_open);
    return result;
  }
  std::vector<const occurrence*> sure;
  for (const auto& m : found.list)
    if (m.o->sure && m.is == truth::yes) sure.push_back(m.o);
  interval number{decimal(surely_different(c, sure)), std::nullopt, false, false};
  if (!c.f.complete.empty() && searched.all && searched.closed) {
    std::int64_t most = 0;
    for (const auto& m : found.list) most += static_cast<std::int64_t>(m.o->at_most);
    number.high = decimal(most);
  }

  // A recorded "n until then" counts where the fact asks for all that happened up to a day.
  const bool up_to_a_day = !c.f.after && !c.f.since && !c.f.within && !c.f.max_age && !c.f.where && c.f.events.size() == 1;
  const counted_row* counted = up_to_a_day ? latest_count(c, c.f.events.front()) : nullptr;
  if (counted != nullptr) {
    const auto& all = c.occurrences[c.f.events.front()];
    const auto then = counted->when;
    const auto until_then = sure_ones(all, [&](const occurrence& o) { return o.first.last <= then.first; });
    result.add_sources({counted->source});
    result.add_reasons(counted->doubts);
    const decimal seen(surely_different(c, until_then));
    if (counted->number.high && *counted->number.high < seen) {
      result.anything = true;
      std::string between(counted->source);
      for (const auto* o : until_then) between.append(" and ").append(o->sources.front());
      result.add_reason(reason_kind::conflict, {}, between);
      return result;
    }
    const auto limit = c.f.before ? c.f.before : c.f.until;
    const fhir::day_range end = limit ? c.anchors[*limit].is->first : fhir::day_range{fhir::latest_day, fhir::latest_day};
    interval by_count = counted->number;
    if (then.last <= end.first) {
      // Counted before the limit: what was found between the two comes on top.
      const auto later = [&](const occurrence& o) { return o.first.first > then.last; };
      const auto more = sure_ones(all, [&](const occurrence& o) { return later(o) && within_limits(c.f, o, c.anchors) == truth::yes; });
      const auto maybe = std::count_if(found.list.begin(), found.list.end(), [&](const member_of& m) { return later(*m.o); });
      if (by_count.low) by_count.low = by_count.low->add(decimal(surely_different(c, more)));
      if (by_count.high) by_count.high = by_count.high->add(decimal(maybe));
    } else {
      // Counted after it: what lies between may be counted too, so it is only the most there can be.
      const auto between = sure_ones(all, [&](const occurrence& o) {
        return o.first.last <= then.first && within_limits(c.f, o, c.anchors) == truth::no;
      });
      by_count.low.reset();
      if (by_count.high) by_count.high = by_count.high->subtract(decimal(surely_different(c, between)));
    }
    const auto together = fhir::intersect(number, by_count);
    if (!together) {
      result.anything = true;
      result.add_reason(reason_kind::conflict, {}, std::string(counted->source));
      return result;
    }
    number = *together;
  }
  result.numbers = number;
  if (!number.high) result.add_reason(searched.all ? reason_kind::not_recorded : reason_kind::not_fetched, searched.all ? "" : searched.why);
  return result;
}

}  // namespace mainstay::rules
