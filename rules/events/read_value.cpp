#include "rules/events/read_value.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "rules/events/read_measured.hpp"
#include "rules/events/resource.hpp"

namespace mainstay::rules {

using fhir::json::key;
using fhir::json::node;
using fhir::truth;

namespace {

constexpr key code_key = "code", used_code_key = "usedCode", value_concept_key = "valueCodeableConcept",
              value_quantity_key = "valueQuantity", value_ratio_key = "valueRatio", value_string_key = "valueString",
              data_absent_key = "dataAbsentReason";

std::uint64_t mask_of(const particular_space& space, const std::vector<std::string>& values) {
  std::uint64_t mask = 0;
  for (const auto& v : values) mask |= mask_of(space, v);
  return mask;
}

const reader* find_reader(const particular& what, reader::kind how) {
  const auto at = std::find_if(what.readers.begin(), what.readers.end(), [&](const reader& r) { return r.how == how; });
  return at == what.readers.end() ? nullptr : &*at;
}

bool upper(fhir::comparison op) { return op == fhir::comparison::less || op == fhir::comparison::less_or_equal; }

/// "Not detected" is 0 to the sensitivity, "detected" above it; without a sensitivity the row is doubtful and stands at
/// face value (rule language, idea 3).
std::uint64_t by_sensitivity(const particular_space& space, const reader& bounds, const std::string& value,
                             const std::optional<fhir::proportion>& sensitivity, std::vector<reason>& doubts) {
  const auto bound = std::find_if(bounds.proportion.begin(), bounds.proportion.end(),
                                  [&](const auto& row) { return row.value == value; });
  if (bound == bounds.proportion.end()) return mask_of(space, value);
  if (!sensitivity || !sensitivity->values.high) {
    doubts.push_back({reason_kind::doubtful, "sensitivity not stated", {}});
    return mask_of(space, value);
  }
  return mask_of(space, bounds, by_detection(!upper(bound->op), *sensitivity->values.high));
}

/// The elements that a coded reader looks at: an Observation's value, a Procedure's code and usedCode.
template <typename F>
void each_coded(const node& resource, resource_type type, F&& use) {
  if (type == resource_type::observation) {
    use(resource.find(value_concept_key));
  } else {
    use(resource.find(code_key));
    if (const node* used = resource.find(used_code_key))
      for (const auto& u : used->items()) use(&u);
  }
}

bool has_value(const node& resource) {
  constexpr std::array<key, 7> names{value_concept_key, value_quantity_key, value_ratio_key, value_string_key,
                                     "valueInteger",    "valueBoolean",     "valueRange"};
  return std::any_of(names.begin(), names.end(), [&](const key& n) { return resource.find(n) != nullptr; });
}

std::string_view clinical_status(const node& condition) {
  const node* status = condition.find("clinicalStatus");
  const node* codings = status == nullptr ? nullptr : status->find("coding");
  if (codings == nullptr) return {};
  for (const auto& c : codings->items())
    if (const auto code = c.string("code"); !code.empty()) return code;
  return {};
}

std::optional<value_set> read_coded(const node& resource, resource_type type, const particular& what, const reader& how,
                                    const particular_space& space, const pack& p,
                                    const std::optional<fhir::proportion>& sensitivity, std::vector<reason>& doubts) {
  const reader* bounds = find_reader(what, reader::kind::proportion);
  std::optional<value_set> result;
  each_coded(resource, type, [&](const node* element) {
    const coded_element codings(element, p);
    for (const auto& row : how.coded) {
      const auto match = codings.match(row.term);
      if (match == code_match::none) continue;
      value_set one;
      one.said = true;
      one.codes = bounds ? by_sensitivity(space, *bounds, row.value, sensitivity, doubts) : mask_of(space, row.value);
      if (match == code_match::may) doubts.push_back({reason_kind::doubtful, "the value's code may not mean it", {}});
      // Two codings of one value that disagree are a conflict, not first-wins.
      if (result)
        narrow(*result, std::move(one));
      else
        result = std::move(one);
    }
  });
  return result;
}

std::optional<value_set> read_condition_state(const node& condition, const reader& how, const particular_space& space) {
  const auto status = clinical_status(condition);
  value_set result;
  result.said = true;
  if (status == "active" || status == "recurrence" || status == "relapse") {
    result.codes = mask_of(space, how.active);
  } else if (status == "inactive" || status == "remission" || status == "resolved") {
    result.codes = mask_of(space, how.resolved);
  } else {
    // Most real Conditions have no clinicalStatus: then either may be so.
    result.codes = mask_of(space, how.active) | mask_of(space, how.resolved);
  }
  return result;
}

}  // namespace

bool is_conflict(const value_set& v) { return !v.reasons.empty() && v.reasons.back().kind == reason_kind::conflict; }

void narrow(value_set& to, const value_set& by) {
  // What contradicts itself is not settled by a third that agrees with a part of it.
  if (is_conflict(to)) return;
  if (is_conflict(by) || (!to.said && (by.said || to.reasons.empty()))) {
    to = by;
    return;
  }
  if (!to.said || !by.said) return;
  to.codes &= by.codes;
  const auto numbers = fhir::intersect(to.numbers, by.numbers);
  if (to.codes == 0 || !numbers) {
    to.codes = value_set::anything;
    to.numbers = {};
    to.reasons.push_back({reason_kind::conflict, {}, {}});
    return;
  }
  to.numbers = *numbers;
  if (to.shown.empty() && to.how_read.empty()) {
    to.shown = by.shown;
    to.how_read = by.how_read;
  }
}

void narrow(value_set& to, value_set&& by) {
  if (!to.said && to.reasons.empty())
    to = std::move(by);
  else
    narrow(to, std::as_const(by));
}

value_set read_particular(const node& resource, resource_type type, const particular& what, const particular_space& space,
                          const pack& p, const std::optional<fhir::proportion>& sensitivity, std::vector<reason>& doubts) {
  value_set result;
  bool value_reader = false;
  for (const auto& how : what.readers) {
    std::optional<value_set> one;
    switch (how.how) {
      case reader::kind::coded:
        value_reader = value_reader || type == resource_type::observation;
        one = read_coded(resource, type, what, how, space, p, sensitivity, doubts);
        break;
      case reader::kind::proportion:
        value_reader = true;
        one = read_proportion(resource, how, space, sensitivity, doubts);
        break;
      case reader::kind::quantity:
        value_reader = true;
        one = read_quantity(resource, how);
        break;
      case reader::kind::condition_state: one = read_condition_state(resource, how, space); break;
      case reader::kind::constant:
        one.emplace();
        one->said = true;
        one->codes = mask_of(space, how.constant);
        break;
      case reader::kind::count: break;
    }
    if (one) narrow(result, std::move(*one));
  }
  // R4 obs-6: the reason why there is no value stands only where there is none.
  if (result.said && value_reader && type == resource_type::observation && resource.find(data_absent_key) != nullptr)
    doubts.push_back({reason_kind::doubtful, "a value, and a reason why there is none", {}});
  // A value is there, but no reader understands it: text, another code. Never read as if it were absent.
  if (!result.said && result.reasons.empty() && value_reader && type == resource_type::observation) {
    auto text = quoted_text(resource.string(value_string_key));
    if (text.empty()) text = has_value(resource) ? "value not understood" : "no value";
    result.reasons.push_back({reason_kind::unreadable, std::move(text), {}});
  }
  return result;
}

std::optional<fhir::interval> read_count(const node& observation) {
  const auto whole = [](fhir::interval i) -> std::optional<fhir::interval> {
    if ((i.low && i.low->is_negative()) || (i.high && i.high->is_negative())) return std::nullopt;
    return i;
  };
  if (const node* number = observation.find("valueInteger"))
    if (const auto n = fhir::decimal::parse(number->text())) return whole({n, n, false, false});
  if (const node* element = observation.find("valueQuantity"))
    if (const auto q = fhir::read_quantity(*element)) return whole(q->values());
  return std::nullopt;
}

}  // namespace mainstay::rules
