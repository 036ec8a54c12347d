#include "rules/facts/evaluate.hpp"

#include <algorithm>
#include <map>

#include "rules/criteria/evaluate.hpp"
#include "rules/facts/count.hpp"
#include "rules/facts/members.hpp"
#include "rules/facts/possible.hpp"

namespace mainstay::rules {

using fhir::truth;

namespace {

bool names_event(const fact& f) { return f.type == fact_type::event; }

class evaluation {
 public:
  evaluation(const pack& p, const std::vector<event_rows>& rows, const patient_facts& patient, const fhir::now& at,
             reading_of_doubt how, const assess_limits& limit)
      : pack_(p), rows_(rows), patient_(patient), at_(at), how_(how), limit_(limit) {
    occurrences_.reserve(p.events.size());
    for (index e = 0; e < p.events.size(); ++e)
      occurrences_.push_back(find_occurrences(rows[e].rows, e, p.events[e].one ? p.events[e].one->days : 0, how));
    anchors_.resize(p.facts.size());
    current_.resize(p.facts.size());
    joined_.resize(p.facts.size());
    on_record_.resize(p.facts.size(), truth::no);
  }

  std::vector<fact_finding> run() {
    scenario(0);
    if (!several_) joined_ = std::move(current_);
    std::vector<fact_finding> result(pack_.facts.size());
    for (index i = 0; i < pack_.facts.size(); ++i) {
      if (too_complex_) {
        joined_[i].anything = true;
        joined_[i].add_reason(reason_kind::too_complex);
      }
      result[i].what = to_finding(std::move(joined_[i]), pack_.facts[i]);
      result[i].on_record = on_record_[i];
    }
    return result;
  }

 private:
  /// Facts from `i` on, under what the anchors before it are; the answers are joined at the end of each scenario.
  void scenario(index i) {
    for (; i < pack_.facts.size(); ++i) {
      const fact& f = pack_.facts[i];
      if (!names_event(f)) {
        current_[i] = evaluate_plain(f, i);
        continue;
      }
      const auto found = find(f, i);
      const auto candidates = choose(f, found);
      std::vector<anchor> options;
      for (const auto* c : candidates.can_be) options.push_back({c, {}});
      if (!candidates.surely) options.push_back({nullptr, candidates.why_none});
      if (options.size() == 1) {
        set_anchor(f, i, options.front());
        continue;
      }
      several_ = true;
      for (const auto& option : options) {
        if (scenarios_ >= limit_.scenarios) {
          too_complex_ = true;
          return;
        }
        set_anchor(f, i, option);
        scenario(i + 1);
      }
      return;
    }
    ++scenarios_;
    if (several_)
      for (index k = 0; k < current_.size(); ++k) joined_[k].join(current_[k]);
  }

  void set_anchor(const fact& f, index i, const anchor& a) {
    anchors_[i] = a;
    possible p;
    if (a.is != nullptr) {
      p.yes = true;
      p.add_date(a.is->first);
      p.add_sources(a.is->sources);
      p.add_reasons(a.is->doubts);
    } else if (!f.complete.empty() && a.why.size() == 1 && a.why.front().kind == reason_kind::not_recorded &&
               reach_of(f).closed) {
      p.no = true;
    } else {
      p.anything = true;
      p.add_reasons(a.why);
    }
    current_[i] = std::move(p);
  }

  reach reach_of(const fact& f) const {
    reach whole;
    for (index e : f.events) narrow(whole, rows_[e].searched);
    return whole;
  }

  members find(const fact& f, index i) {
    auto found = find_members(f, pack_, occurrences_, anchors_, at_);
    if (!found.list.empty()) {
      on_record_[i] = truth::yes;
    } else if (on_record_[i] == truth::no && !reach_of(f).all) {
      on_record_[i] = truth::unknown;
    }
    return found;
  }

  struct chosen {
    std::vector<const occurrence*> can_be;
    bool surely = false;            ///< one of them is it, in every world
    std::vector<reason> why_none;
  };

  /// The rows that can be the first or last one: those that no sure one surely comes after (before).
  chosen choose(const fact& f, const members& found) const {
    chosen result;
    const auto searched = reach_of(f);
    const bool last = f.how == verb::last;
    bool newest = searched.newest && (last || searched.all);
    for (const auto& m : found.list) {
      const bool passed = std::any_of(found.list.begin(), found.list.end(), [&](const member_of& other) {
        if (!other.o->sure || other.is != truth::yes) return false;
        return last ? other.o->first.first > m.o->last.last : other.o->last.last < m.o->first.first;
      });
      if (!passed) result.can_be.push_back(m.o);
      result.surely = result.surely || (m.o->sure && m.is == truth::yes);
    }
    // Older pages that were not fetched matter unless what was found is as new as what was fetched whole.
    if (newest && !searched.all)
      newest = result.surely && std::all_of(result.can_be.begin(), result.can_be.end(),
                                            [&](const occurrence* o) { return o->first.first >= searched.down_to; });
    if (!newest) {
      result.surely = false;
      result.can_be.clear();
      result.why_none = {{reason_kind::not_fetched, searched.why, {}}};
    } else if (!result.surely) {
      result.why_none = found.why_open;
    }
    return result;
  }

  possible evaluate_plain(const fact& f, index i) {
    switch (f.how) {
      case verb::first:
      case verb::last: return value_of_chosen(f, i);
      case verb::any: return any(f, i);
      case verb::count: return count(f, i);
      case verb::age: return age(f);
      case verb::days_since: return days_since(f);
      case verb::value: return value(f);
      case verb::is: return is(f);
    }
    return {};
  }

  void add_value(possible& to, const fact& f, const occurrence& o) const {
    const auto& space = pack_.events[o.event].space;
    const auto at = std::find_if(space.begin(), space.end(), [&](const auto& s) { return s.name == f.particular; });
    to.add_sources(o.sources);
    to.add_reasons(o.doubts);
    to.add_date(o.first);
    if (at == space.end()) {
      to.anything = true;
      to.add_reason(reason_kind::not_recorded);
      return;
    }
    const auto& v = o.values()[static_cast<std::size_t>(at - space.begin())];
    if (!v.said || is_conflict(v)) {
      to.anything = true;
      if (v.reasons.empty()) to.add_reason(reason_kind::not_recorded, {}, std::string(o.sources.front()));
    }
    to.add_reasons(v.reasons);
    if (!v.said) return;
    to.add_shown(v.shown, v.how_read);
    if (f.type == fact_type::number) {
      to.add_numbers(v.numbers);
      return;
    }
    for (std::size_t i = 0; i < at->values.size(); ++i) {
      if ((v.codes >> i & 1) == 0) continue;
      const auto named = std::find(f.values.begin(), f.values.end(), at->values[i]);
      if (named != f.values.end()) to.codes |= std::uint64_t{1} << (named - f.values.begin());
    }
  }

  possible value_of_chosen(const fact& f, index i) {
    const auto chosen = choose(f, find(f, i));
    possible result;
    // Rows of one day, whose order nobody knows, must agree: else it is a conflict and not a choice.
    bool first = true;
    std::uint64_t common = 0;
    std::optional<fhir::interval> common_numbers = fhir::interval{};
    const occurrence* day_of = nullptr;
    for (const auto* o : chosen.can_be) {
      possible one;
      add_value(one, f, *o);
      const bool same_day = day_of != nullptr && o->sure && day_of->sure && o->first == day_of->first && o->first.single();
      if (common_numbers && one.numbers) common_numbers = fhir::intersect(*common_numbers, *one.numbers);
      const bool disagree = f.type == fact_type::code ? (common & one.codes) == 0 : !common_numbers;
      if (same_day && !one.anything && disagree) {
        result.anything = true;
        std::string both(day_of->sources.front());
        result.add_reason(reason_kind::conflict, {}, both.append(" and ").append(o->sources.front()));
      }
      common = first ? one.codes : common & one.codes;
      first = false;
      day_of = o;
      result.join(one);
    }
    if (same_single_day(chosen.can_be) && !result.anything && f.type == fact_type::code && common != 0) result.codes = common;
    if (same_single_day(chosen.can_be) && !result.anything && f.type == fact_type::number && common_numbers) result.numbers = common_numbers;
    if (!chosen.surely) {
      result.anything = true;
      result.add_reasons(chosen.why_none);
    }
    return result;
  }

  static bool same_single_day(const std::vector<const occurrence*>& list) {
    return list.size() > 1 && std::all_of(list.begin(), list.end(), [&](const occurrence* o) {
      return o->sure && o->first.single() && o->first == list.front()->first;
    });
  }

  possible any(const fact& f, index i) {
    const auto found = find(f, i);
    const auto searched = reach_of(f);
    possible result;
    for (const auto& m : found.list) {
      result.yes = result.yes || (m.o->sure && m.is == truth::yes);
      result.add_sources(m.o->sources);
      result.add_date(m.o->first);
    }
    if (result.yes) {
      // Only what makes it sure: doubts of other rows do not matter then.
      for (const auto& m : found.list)
        if (m.o->sure && m.is == truth::yes) result.add_reasons(how_ == reading_of_doubt::face ? m.o->doubts : std::vector<reason>{});
      return result;
    }
    for (const auto& m : found.list) result.add_reasons(m.o->doubts);
    if (found.anchor_unknown || !found.list.empty() || !searched.all || !searched.closed || f.complete.empty()) {
      result.anything = true;
      result.add_reasons(found.why_open);
      if (!searched.all) result.add_reason(reason_kind::not_fetched, searched.why);
      return result;
    }
    result.no = true;
    return result;
  }

  possible count(const fact& f, index i) {
    const auto found = find(f, i);
    const auto searched = reach_of(f);
    counting what{f, pack_, occurrences_, rows_, anchors_, how_};
    return count_members(what, found, searched);
  }

  const anchor& anchor_of(const fact& f) const { return anchors_[*f.anchor]; }

  /// Unknown because of the event it hangs on; the root is named, so that it is listed once.
  void hangs_on(possible& to, index anchor_fact) const {
    to.anything = true;
    const auto& why = anchors_[anchor_fact].why;
    const auto root = std::find_if(why.begin(), why.end(), [](const reason& r) { return r.kind == reason_kind::anchor; });
    to.add_reason(reason_kind::anchor, root == why.end() ? pack_.facts[anchor_fact].id : root->detail);
  }

  possible age(const fact& f) const {
    possible result;
    const auto& a = anchor_of(f);
    if (a.is == nullptr) {
      hangs_on(result, *f.anchor);
      return result;
    }
    if (!patient_.birth) {
      result.anything = true;
      if (patient_.fetched)
        result.add_reason(reason_kind::not_recorded, "date of birth");
      else
        result.add_reason(reason_kind::not_fetched, "patient");
      return result;
    }
    result.add_date(a.is->first);
    result.add_sources(a.is->sources);
    result.add_reasons(a.is->doubts);
    if (!patient_.doubt.empty()) {
      result.add_reason(reason_kind::doubtful, patient_.doubt, "Patient");
      if (how_ == reading_of_doubt::strict) result.anything = true;
    }
    const auto years = fhir::completed_years(*patient_.birth, a.is->first);
    if (!years) {
      result.anything = true;
      result.add_reason(reason_kind::conflict, "event before birth");
      return result;
    }
    result.add_numbers({fhir::decimal(years->low), fhir::decimal(years->high), false, false});
    if (years->low != years->high) result.add_reason(reason_kind::imprecise_date);
    return result;
  }

  possible days_since(const fact& f) const {
    possible result;
    const auto& a = anchor_of(f);
    if (a.is == nullptr) {
      hangs_on(result, *f.anchor);
      return result;
    }
    result.add_date(a.is->first);
    result.add_sources(a.is->sources);
    result.add_reasons(a.is->doubts);
    fhir::interval days;
    days.low = fhir::decimal(at_.local_date - a.is->first.last);
    if (a.is->first.first != fhir::earliest_day) days.high = fhir::decimal(at_.local_date - a.is->first.first);
    result.add_numbers(days);
    if (!a.is->first.single()) result.add_reason(reason_kind::imprecise_date);
    return result;
  }

  possible value(const fact& f) const {
    possible result;
    const auto& a = anchor_of(f);
    if (a.is == nullptr) {
      hangs_on(result, *f.anchor);
    } else {
      add_value(result, f, *a.is);
    }
    return result;
  }

  possible is(const fact& f) const {
    possible result;
    const auto answer = evaluate(*f.is, [&](const expression& e) {
      const index i = *e.fact;
      const auto& now = current_[i];
      operand o;
      o.type = pack_.facts[i].type;
      o.anything = now.anything || (o.type == fact_type::code && now.codes == 0);
      o.codes = now.codes;
      o.values = &pack_.facts[i].values;
      if (now.numbers) o.numbers = *now.numbers;
      o.anything = o.anything || (o.type == fact_type::number && !now.numbers);
      o.yes = now.yes == now.no ? truth::unknown : fhir::to_truth(now.yes);
      return o;
    });
    std::vector<const expression*> names;
    all_names(*f.is, names);
    for (const auto* n : names) {
      const auto& now = current_[*n->fact];
      result.add_sources(now.sources);
      if (now.date) result.add_date(*now.date);
      if (answer == truth::unknown || how_ == reading_of_doubt::face) result.add_reasons(now.reasons);
    }
    result.yes = answer == truth::yes;
    result.no = answer == truth::no;
    result.anything = answer == truth::unknown;
    return result;
  }

  const pack& pack_;
  const std::vector<event_rows>& rows_;
  const patient_facts& patient_;
  const fhir::now& at_;
  reading_of_doubt how_;
  const assess_limits& limit_;
  std::vector<std::vector<occurrence>> occurrences_;
  std::vector<anchor> anchors_;
  std::vector<possible> current_, joined_;
  std::vector<truth> on_record_;
  std::size_t scenarios_ = 0;
  bool several_ = false;  ///< else the only scenario's answers are the result
  bool too_complex_ = false;
};

}  // namespace

std::vector<fact_finding> evaluate_facts(const pack& p, const std::vector<event_rows>& rows, const patient_facts& patient,
                                         const fhir::now& at, reading_of_doubt how, const assess_limits& limit) {
  return evaluation(p, rows, patient, at, how, limit).run();
}

}  // namespace mainstay::rules
