#include "rules/events/occurrences.hpp"

#include <algorithm>

#include "rules/events/read_value.hpp"

namespace mainstay::rules {

namespace {

void add_row(occurrence& to, const row& r) {
  to.doubts.insert(to.doubts.end(), r.doubts.begin(), r.doubts.end());
  to.sources.push_back(r.source);
}

/// What the rows of one happening leave possible. Sure rows must agree; a doubtful one that contradicts them would make a
/// conflict if it is there, so nothing is known then.
std::vector<value_set> join_values(const std::vector<const row*>& rows, reading_of_doubt how) {
  std::vector<value_set> sure, doubtful;
  bool any_sure = false;
  for (const row* r : rows) {
    const bool is_sure = how == reading_of_doubt::face || r->doubts.empty();
    any_sure = any_sure || is_sure;
    auto& to = is_sure ? sure : doubtful;
    if (to.empty()) {
      to = r->values;
    } else {
      for (std::size_t i = 0; i < to.size(); ++i) to[i] = both(to[i], r->values[i]);
    }
  }
  if (!any_sure) return doubtful;
  for (std::size_t i = 0; i < doubtful.size(); ++i) {
    const auto together = both(sure[i], doubtful[i]);
    if (!together.reasons.empty() && together.reasons.back().kind == reason_kind::conflict) sure[i] = together;
  }
  return sure;
}

occurrence make(const std::vector<const row*>& rows, index event, reading_of_doubt how) {
  occurrence o;
  o.event = event;
  o.first = rows.front()->when;
  o.last = rows.back()->when;
  for (const row* r : rows) {
    add_row(o, *r);
    o.sure = o.sure || how == reading_of_doubt::face || r->doubts.empty();
  }
  o.values = join_values(rows, how);
  // Which sources a conflict is between is what a reader wants to know.
  for (auto& v : o.values)
    for (auto& why : v.reasons)
      if (why.kind == reason_kind::conflict && why.source.empty())
        for (const auto& s : o.sources) why.source += (why.source.empty() ? "" : " and ") + s;
  return o;
}

bool can_be_part_of(const row& r, const occurrence& o, int one_days) {
  return r.when.first <= o.last.last + one_days && r.when.last >= o.first.first - one_days;
}

}  // namespace

std::vector<occurrence> find_occurrences(const std::vector<row>& rows, index event, int one_days, reading_of_doubt how) {
  std::vector<const row*> single, partial, undated;
  for (const auto& r : rows) (r.undated ? undated : r.when.single() ? single : partial).push_back(&r);
  const auto earlier = [](const row* a, const row* b) {
    return std::tie(a->when.first, a->when.last, a->source) < std::tie(b->when.first, b->when.last, b->source);
  };
  for (auto* list : {&single, &partial, &undated}) std::sort(list->begin(), list->end(), earlier);

  std::vector<occurrence> result;
  const auto chain = [&](const std::vector<const row*>& part) {
    std::vector<occurrence> joined;
    for (std::size_t i = 0; i < part.size();) {
      std::size_t end = i + 1;
      while (end < part.size() && part[end]->when.first - part[end - 1]->when.first <= one_days) ++end;
      joined.push_back(make({part.begin() + static_cast<std::ptrdiff_t>(i), part.begin() + static_cast<std::ptrdiff_t>(end)}, event, how));
      i = end;
    }
    return joined;
  };
  if (how == reading_of_doubt::face) {
    result = chain(single);
  } else {
    // Doubtful rows between sure ones may join what is apart without them: where both views differ, none of it is sure.
    std::vector<const row*> sure_rows;
    std::copy_if(single.begin(), single.end(), std::back_inserter(sure_rows), [](const row* r) { return r->doubts.empty(); });
    result = chain(single);
    const auto without = chain(sure_rows);
    for (auto& o : result) {
      const auto inside = std::count_if(without.begin(), without.end(), [&](const occurrence& w) {
        return o.first.first <= w.first.first && w.last.first <= o.last.first;
      });
      if (inside > 1) {
        o.sure = false;
      } else if (inside == 1) {
        // The same happening, whose first and last day may be a doubtful row's.
        const auto& w = *std::find_if(without.begin(), without.end(), [&](const occurrence& x) {
          return o.first.first <= x.first.first && x.last.first <= o.last.first;
        });
        o.first.last = w.first.first;
        o.last.first = w.last.first;
      }
    }
    for (const auto& w : without) {
      const bool shown = std::any_of(result.begin(), result.end(), [&](const occurrence& o) {
        return o.sure && o.first.first <= w.first.first && w.last.first <= o.last.last;
      });
      if (!shown) result.push_back(w);
    }
  }
  for (const row* r : partial) {
    const bool part = std::any_of(result.begin(), result.end(), [&](const occurrence& o) { return can_be_part_of(*r, o, one_days); });
    auto o = make({r}, event, how);
    o.sure = o.sure && !part;
    if (part) o.doubts.push_back({reason_kind::imprecise_date, {}, r->source});
    result.push_back(std::move(o));
  }
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
