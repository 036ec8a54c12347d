#include "rules/assess/assess.hpp"

#include <algorithm>

#include "rules/assess/fault.hpp"
#include "rules/criteria/evaluate.hpp"
#include "rules/events/resource.hpp"
#include "rules/facts/evaluate.hpp"

namespace mainstay::rules {

using fhir::truth;
using fhir::json::node;

namespace {

/// Why nothing is said about a patient at all: one of the pack's `silent` states.
std::string silent_state(const fhir::chart& chart, const pack& p) {
  const node* patient = chart.patient();
  if (patient == nullptr) return {};
  const auto is = [&](std::string_view state) {
    if (state == "deceased") {
      if (const node* flag = patient->find("deceasedBoolean")) return flag->boolean();
      return patient->find("deceasedDateTime") != nullptr;
    }
    if (state == "inactive") {
      const node* active = patient->find("active");
      return active != nullptr && active->is_boolean() && !active->boolean();
    }
    if (state == "merged") {
      const node* links = patient->find("link");
      if (links == nullptr) return false;
      const auto items = links->items();
      return std::any_of(items.begin(), items.end(), [](const node& l) { return l.string("type") == "replaced-by"; });
    }
    return false;
  };
  for (const auto& state : p.silent)
    if (is(state)) return state;
  return {};
}

patient_facts read_patient(const fhir::chart& chart, const pack& p, const fhir::now& at) {
  patient_facts result;
  for (const auto& need : p.requirements) {
    if (need.query.type != "Patient") continue;
    const auto how = chart.answer_for(need.key).how;
    result.fetched = how == fhir::completeness::complete || how == fhir::completeness::null;
  }
  const node* patient = chart.patient();
  if (patient == nullptr) return result;
  result.doubt = modified(*patient);
  if (const auto born = fhir::date_time::parse(patient->string("birthDate")))
    result.birth = born->days(at.offset_minutes);
  return result;
}

class assessing {
 public:
  assessing(const pack& p, assessment& to) : pack_(p), to_(to) {
    strict_ = [this](const expression& e) { return operand_of(to_.facts[*e.fact].strict, pack_.facts[*e.fact]); };
    face_ = [this](const expression& e) { return operand_of(to_.facts[*e.fact].face, pack_.facts[*e.fact]); };
  }

  protocol_result assess(index i) const {
    const protocol& pr = pack_.protocols[i];
    protocol_result result;
    result.protocol = i;
    for (index c = 0; c < pr.criteria.size(); ++c) result.criteria.push_back(criterion_of(pr.criteria[c], c));
    for (const auto& r : pr.risk) {
      const auto is = evaluate(r.when, strict_);
      result.risk.push_back(is == truth::yes ? risk_state::present : is == truth::no ? risk_state::absent : risk_state::not_known);
    }
    for (const auto& arm : pr.arms) {
      const auto is = arm.when ? evaluate(*arm.when, strict_) : truth::yes;
      if (is != truth::no) result.arms.push_back(arm.id);
      if (is == truth::yes) break;
    }
    result.is = verdict_of(pr, result);
    if (result.is == verdict::cannot_assess) find_missing(pr, result);
    return result;
  }

 private:
  criterion_result criterion_of(const criterion& c, index i) const {
    criterion_result result;
    result.criterion = i;
    if (!c.when) return result;  // always asked
    result.strict = evaluate(*c.when, strict_);
    result.face = evaluate(*c.when, face_);
    std::vector<const expression*> names;
    all_names(*c.when, names);
    for (const auto* n : names)
      if (std::find(result.facts.begin(), result.facts.end(), *n->fact) == result.facts.end()) result.facts.push_back(*n->fact);
    // A hint is a row that, at face value, speaks against the item or leaves it open.
    if (result.face != truth::yes)
      result.hint = std::any_of(result.facts.begin(), result.facts.end(),
                                [&](index f) { return !to_.facts[f].face.sources.empty(); });
    return result;
  }

  verdict verdict_of(const protocol& pr, protocol_result& result) const {
    truth applies = truth::yes;
    for (index f : pr.applies) applies = and_(applies, to_.facts[f].on_record);
    if (applies == truth::no) return verdict::not_applicable;
    if (applies == truth::unknown) {
      result.search_failed = true;
      return verdict::cannot_assess;
    }
    const auto all = [&](auto&& test) { return std::all_of(result.criteria.begin(), result.criteria.end(), test); };
    if (!all([](const criterion_result& c) { return c.strict != truth::no; })) return verdict::not_eligible;
    if (all([](const criterion_result& c) { return c.strict == truth::yes; })) return verdict::eligible;
    const bool required = all([&](const criterion_result& c) {
      return pr.criteria[c.criterion].type != criterion_class::require || c.face == truth::yes;
    });
    return required ? verdict::to_confirm : verdict::cannot_assess;
  }

  /// The facts that keep required criteria from being yes; what hangs on an unknown event is listed as that event.
  void find_missing(const protocol& pr, protocol_result& result) const {
    if (result.search_failed) {
      for (index f : pr.applies)
        if (to_.facts[f].on_record == truth::unknown) add_missing(result.missing, f);
      return;
    }
    for (const auto& c : result.criteria) {
      const auto& criterion = pr.criteria[c.criterion];
      if (criterion.type != criterion_class::require || c.face == truth::yes || !criterion.when) continue;
      std::vector<const expression*> open;
      open_names(*criterion.when, face_, open);
      for (const auto* n : open) add_missing(result.missing, root_of(*n->fact));
    }
  }

  index root_of(index f) const {
    for (const auto& why : to_.facts[f].face.reasons)
      if (why.kind == reason_kind::anchor)
        if (const auto root = pack_.find_fact(why.detail)) return *root;
    return f;
  }

  static void add_missing(std::vector<index>& to, index f) {
    if (std::find(to.begin(), to.end(), f) == to.end()) to.push_back(f);
  }

  const pack& pack_;
  assessment& to_;
  resolve strict_, face_;
};

bool has_doubt(const std::vector<event_rows>& rows) {
  return std::any_of(rows.begin(), rows.end(), [](const event_rows& e) {
    return std::any_of(e.rows.begin(), e.rows.end(), [](const row& r) { return !r.doubts.empty(); }) ||
           std::any_of(e.counted.begin(), e.counted.end(), [](const counted_row& r) { return !r.doubts.empty(); });
  });
}

}  // namespace

assessment assess(const fhir::chart& chart, const pack& p, const fhir::now& at, const assess_limits& limit) {
  assessment result;
  result.at = at;
  result.patient_id = chart.patient_id();
  result.silent = silent_state(chart, p);
  for (const auto& a : chart.answers())
    if (a.how == fhir::completeness::failed || a.how == fhir::completeness::partial)
      result.failed_searches.push_back(a.key + ": " + (a.reason.empty() ? std::string(to_text(a.how)) : a.reason));
  std::sort(result.failed_searches.begin(), result.failed_searches.end());

  const auto kept = std::make_shared<const rows_of_chart>(read_rows(chart, p, at, {limit.rows_per_event}));
  const auto& rows = kept->events;
  result.texts = kept;
  const auto patient = read_patient(chart, p, at);
  auto face = evaluate_facts(p, rows, patient, at, reading_of_doubt::face, limit);
  // Without a doubtful row both readings are the same.
  auto strict = has_doubt(rows) || !patient.doubt.empty() ? evaluate_facts(p, rows, patient, at, reading_of_doubt::strict, limit) : face;
  result.facts.reserve(p.facts.size());
  for (index i = 0; i < p.facts.size(); ++i)
    result.facts.push_back({i, std::move(strict[i].what), std::move(face[i].what), face[i].on_record});

  decide(p, result);
  return result;
}

void decide(const pack& p, assessment& a) {
  const assessing each(p, a);
  decide(p, a, [&each](index i) { return each.assess(i); });
}

void decide(const pack& p, assessment& a, const std::function<protocol_result(index)>& one) {
  a.protocols.clear();
  for (index i = 0; i < p.protocols.size(); ++i) {
    protocol_result result;
    std::string fault = fault_of([&] { result = one(i); });
    if (!fault.empty()) {
      result = {};
      result.protocol = i;
      result.is = verdict::cannot_assess;
      result.fault = std::move(fault);
    }
    a.protocols.push_back(std::move(result));
  }
}

}  // namespace mainstay::rules
