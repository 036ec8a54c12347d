#include "rules/events/occurrences.hpp"

#include <algorithm>

#include "rules/events/read_value.hpp"

namespace mainstay::rules {

namespace {

void add_row(occurrence& to, const row& r) {
  to.doubts.insert(to.doubts.end(), r.doubts.begin(), r.doubts.end());
  to.sources.push_back(r.source);
}

/// Nothing that all the rows say can be so: in the world where all are there, nothing is known.
bool contradict(const std::vector<const row*>& rows, std::size_t particular) {
  std::uint64_t codes = value_set::anything;
  fhir::interval numbers;
  for (const row* r : rows) {
    const auto& v = r->values[particular];
    if (is_conflict(v)) return true;
    if (!v.said) continue;
    codes &= v.codes;
    const auto narrowed = fhir::intersect(numbers, v.numbers);
    if (codes == 0 || !narrowed) return true;
    numbers = *narrowed;
  }
  return false;
}

value_set conflict() {
  value_set result;
  result.said = true;
  result.reasons.push_back({reason_kind::conflict, {}, {}});
  return result;
}

/// What either of two rows leaves possible, where one may be there without the other.
value_set either(const value_set& a, const value_set& b) {
  if (!a.said || !b.said) return a.said ? b : a;
  value_set result = a;
  result.codes |= b.codes;
  result.numbers = fhir::hull(a.numbers, b.numbers);
  if (a.shown != b.shown || a.how_read != b.how_read) {
    result.shown.clear();
    result.how_read.clear();
  }
  return result;
}

/// What the rows of one happening leave possible: sure ones narrow each other, of doubtful ones each may be there alone.
std::vector<value_set> join_values(const std::vector<const row*>& rows, reading_of_doubt how) {
  std::vector<value_set> sure, doubtful;
  for (const row* r : rows) {
    const bool is_sure = how == reading_of_doubt::face || r->doubts.empty();
    auto& to = is_sure ? sure : doubtful;
    if (to.empty()) {
      to = r->values;
    } else {
      for (std::size_t i = 0; i < to.size(); ++i) {
        if (is_sure)
          narrow(to[i], r->values[i]);
        else
          to[i] = either(to[i], r->values[i]);
      }
    }
  }
  auto& result = sure.empty() ? doubtful : sure;
  // Where all narrowed each other, what contradicts was found on the way.
  const bool all_narrowed = !sure.empty() && doubtful.empty();
  for (std::size_t i = 0; i < result.size(); ++i)
    if (all_narrowed ? is_conflict(result[i]) : contradict(rows, i)) result[i] = conflict();
  return result;
}

occurrence make(const std::vector<const row*>& rows, index event, reading_of_doubt how) {
  occurrence o;
  o.event = event;
  o.first = rows.front()->when;
  o.last = rows.back()->when;
  o.sources.reserve(rows.size());
  for (const row* r : rows) {
    add_row(o, *r);
    o.sure = o.sure || how == reading_of_doubt::face || r->doubts.empty();
  }
  o.rows = rows;
  if (rows.size() == 1) return o;
  o.own = join_values(rows, how);
  // Which sources a conflict is between is what a reader wants to know.
  for (auto& v : o.own)
    for (auto& why : v.reasons)
      if (why.kind == reason_kind::conflict && why.source.empty())
        for (const auto s : o.sources) why.source.append(why.source.empty() ? "" : " and ").append(s);
  return o;
}

bool can_join(const occurrence& a, const occurrence& b, int one_days) {
  return a.first.first <= b.last.last + one_days && a.last.last >= b.first.first - one_days;
}

/// `o` may have `by` among its rows: its first and last day may be the other's, and what they say must agree.
void widen(occurrence& o, const occurrence& by) {
  o.first.first = std::min(o.first.first, by.first.first);
  o.last.last = std::max(o.last.last, by.last.last);
  o.rows.insert(o.rows.end(), by.rows.begin(), by.rows.end());
  for (std::size_t i = 0; i < o.values().size(); ++i) {
    if (!contradict(o.rows, i)) continue;
    if (o.own.empty()) o.own = o.values();
    o.own[i] = conflict();
  }
}

std::vector<occurrence> chain(const std::vector<const row*>& rows, index event, int one_days, reading_of_doubt how) {
  std::vector<occurrence> joined;
  for (std::size_t i = 0; i < rows.size();) {
    std::size_t end = i + 1;
    while (end < rows.size() && rows[end]->when.first - rows[end - 1]->when.first <= one_days) ++end;
    joined.push_back(make({rows.begin() + static_cast<std::ptrdiff_t>(i), rows.begin() + static_cast<std::ptrdiff_t>(end)}, event, how));
    i = end;
  }
  return joined;
}

/// Rows of single days, each of which may be there or not where it is doubtful.
std::vector<occurrence> strict_chain(const std::vector<const row*>& rows, index event, int one_days) {
  constexpr auto strict = reading_of_doubt::strict;
  std::vector<const row*> sure_rows;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(sure_rows), [](const row* r) { return r->doubts.empty(); });
  auto with = chain(rows, event, one_days, strict);
  const auto without = chain(sure_rows, event, one_days, strict);
  std::vector<occurrence> apart;
  for (auto& o : with) {
    std::vector<const occurrence*> inside;
    for (const auto& w : without)
      if (o.first.first <= w.first.first && w.last.first <= o.last.first) inside.push_back(&w);
    if (o.sources.size() > 1 && !o.doubts.empty()) o.at_most = o.sources.size();
    if (inside.size() == 1) {
      // The same happening; its first and last day may be a doubtful row's.
      o.first.last = inside.front()->first.first;
      o.last.first = inside.front()->last.first;
    } else if (inside.empty()) {
      o.first.last = o.last.last;
      o.last.first = o.first.first;
    } else {
      // Doubtful rows may join what is apart without them: none of it is sure to be a happening of its own.
      o.sure = false;
      for (const auto* w : inside) {
        apart.push_back(*w);
        apart.back().sure = false;
        apart.back().doubts.insert(apart.back().doubts.end(), o.doubts.begin(), o.doubts.end());
      }
    }
  }
  with.insert(with.end(), apart.begin(), apart.end());
  return with;
}

/// Adds a row with a partial date: it may belong to a happening that is there already, or be another one.
void add_partial(std::vector<occurrence>& to, occurrence o, int one_days) {
  std::size_t sure_near = 0;
  for (const auto& other : to) sure_near += other.sure && can_join(o, other, one_days);
  const occurrence alone = o;
  for (auto& other : to) {
    if (!can_join(alone, other, one_days)) continue;
    const occurrence before = other;
    widen(other, alone);
    widen(o, before);
    // It may join two that are apart without it.
    if (before.sure && sure_near > 1) {
      other.sure = false;
      other.doubts.push_back({reason_kind::imprecise_date, {}, std::string(alone.sources.front())});
    }
  }
  if (sure_near > 0) {
    o.sure = false;
    o.doubts.push_back({reason_kind::imprecise_date, {}, std::string(o.sources.front())});
  }
  to.push_back(std::move(o));
}

}  // namespace

std::vector<occurrence> find_occurrences(const std::vector<row>& rows, index event, int one_days, reading_of_doubt how) {
  std::vector<const row*> single, partial, undated;
  for (const auto& r : rows) (r.undated ? undated : r.when.single() ? single : partial).push_back(&r);
  const auto earlier = [](const row* a, const row* b) {
    return std::tie(a->when.first, a->when.last, a->place, a->source) < std::tie(b->when.first, b->when.last, b->place, b->source);
  };
  for (auto* list : {&single, &partial, &undated}) std::sort(list->begin(), list->end(), earlier);

  auto result = how == reading_of_doubt::face ? chain(single, event, one_days, how) : strict_chain(single, event, one_days);
  for (const row* r : partial) add_partial(result, make({r}, event, how), one_days);
  bool undated_before = false;
  for (const row* r : undated) {
    const bool explained = !r->statement && std::any_of(result.begin(), result.end(),
                                       [&](const occurrence& o) { return o.sure && o.first.last <= r->when.last; });
    if (explained) continue;
    auto o = make({r}, event, how);
    o.sure = o.sure && (r->statement || !undated_before);
    undated_before = undated_before || o.sure;
    result.push_back(std::move(o));
  }
  std::sort(result.begin(), result.end(), [](const occurrence& a, const occurrence& b) {
    return std::tie(a.first.first, a.first.last, a.sources) < std::tie(b.first.first, b.first.last, b.sources);
  });
  return result;
}

}  // namespace mainstay::rules
