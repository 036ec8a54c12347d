#include "rules/events/read_measured.hpp"

#include <algorithm>
#include <utility>

#include "fhir/json/unicode.hpp"
#include "fhir/lab_text/lab_text.hpp"
#include "fhir/types/measurement.hpp"
#include "rules/events/read_value.hpp"

namespace mainstay::rules {

using fhir::truth;
using fhir::json::key;
using fhir::json::node;

namespace {

constexpr key value_quantity_key = "valueQuantity", value_range_key = "valueRange", value_ratio_key = "valueRatio",
              value_string_key = "valueString";
constexpr std::size_t shown_of_text = 40;  // bytes

value_set not_understood(reason_kind why, std::string detail) {
  value_set result;
  result.reasons.push_back({why, std::move(detail), {}});
  return result;
}

/// "unit `percent` read as %", where a laboratory's spelling stood.
std::string read_as(std::string_view spelling, std::string_view shown) {
  if (spelling.empty()) return {};
  const auto blank = shown.rfind(' ');
  return "unit \"" + std::string(fhir::json::cut(spelling, shown_of_text)) + "\" read as " +
         std::string(blank == std::string_view::npos ? shown : shown.substr(blank + 1));
}

value_set of_measurement(const fhir::measurement_result& read) {
  using fhir::measurement_error;
  if (!read.value) {
    const bool unit = read.error == measurement_error::no_unit || read.error == measurement_error::unknown_unit;
    return not_understood(unit ? reason_kind::unit : reason_kind::unreadable, std::string(fhir::json::cut(read.unit, shown_of_text)));
  }
  value_set result;
  result.said = true;
  result.shown = read.value->shown;
  result.how_read = read_as(read.value->spelling, read.value->shown);
  result.numbers = read.value->values;
  return result;
}

value_set of_proportion(const fhir::proportion_result& read, const reader& how, const particular_space& space) {
  auto result = of_measurement(read);
  if (result.said) result.codes = mask_of(space, how, result.numbers);
  return result;
}

/// "0.01 %", "< 0.01 %", "12 to 15 %": a ratio as its percentage, empty where that has no end.
std::string amount_text(const fhir::lab_text::result& r) {
  if (r.unit != "1") return fhir::to_string(r.values) + ' ' + r.unit;
  auto percent = r.values;
  if (percent.low && percent.high && *percent.low != *percent.high) return {};
  for (auto* end : {&percent.low, &percent.high}) {
    if (!*end) continue;
    *end = (*end)->shifted(2);
    if (!*end) return {};
    *end = (*end)->normalized();
  }
  return fhir::to_string(percent) + " %";
}

std::string from_text(std::string_view text, const fhir::lab_text::result& r) {
  auto out = "from the text " + quoted_text(text);
  if (r.spelling != nullptr) out += ", " + read_as(r.spelling->spelling, r.spelling->code);
  return out;
}

/// "Not detected" and "detected" as the coded reader has them. Without a sensitivity the row is doubtful; at face value
/// it is what nothing would be, or what nothing cannot be.
value_set of_detection(bool detected, const std::optional<fhir::decimal>& sensitivity, const reader& how,
                       const particular_space& space, std::vector<reason>& doubts) {
  value_set result;
  result.said = true;
  if (sensitivity) {
    result.codes = mask_of(space, how, by_detection(detected, *sensitivity));
    return result;
  }
  doubts.push_back({reason_kind::doubtful, "sensitivity not stated", {}});
  const fhir::decimal zero(0);
  const auto nothing = mask_of(space, how, {.low = zero, .high = zero});
  const auto something = mask_of(space, how, by_detection(true, zero));
  result.codes = !detected ? nothing : (something & ~nothing) != 0 ? something & ~nothing : something;
  return result;
}

value_set proportion_of_text(std::string_view text, const reader& how, const particular_space& space,
                             const std::optional<fhir::proportion>& sensitivity, std::vector<reason>& doubts) {
  using fhir::lab_text::kind;
  const auto r = fhir::lab_text::read(text, {.lab_spellings = how.spelling == fhir::spellings::laboratory});
  value_set result;
  switch (r.kind) {
    case kind::unreadable:
      return not_understood(reason_kind::unreadable, quoted_text(text));
    case kind::detected:
    case kind::not_detected: {
      auto limit = r.sensitivity;
      if (!limit && sensitivity) limit = sensitivity->values.high;
      result = of_detection(r.kind == kind::detected, limit, how, space, doubts);
      break;
    }
    case kind::value:
    case kind::range:
      // Whose unit is missing is told by its whole text.
      if (r.unit.empty()) return not_understood(reason_kind::unit, quoted_text(text));
      result = of_proportion(fhir::proportion_of(r.values, r.unit, amount_text(r)), how, space);
      if (!result.said) return result;
      break;
  }
  result.how_read = from_text(text, r);
  return result;
}

value_set quantity_of_text(std::string_view text, const reader& how) {
  using fhir::lab_text::kind;
  const auto r = fhir::lab_text::read(text, {.lab_spellings = how.spelling == fhir::spellings::laboratory});
  // "Not detected" says how much there is only where there is nothing but parts of a whole.
  if (r.kind != kind::value && r.kind != kind::range) return not_understood(reason_kind::unreadable, quoted_text(text));
  if (r.unit.empty()) return not_understood(reason_kind::unit, quoted_text(text));
  auto result = of_measurement(fhir::measurement_of(r.values, r.unit, how.in, amount_text(r)));
  if (result.said) result.how_read = from_text(text, r);
  return result;
}

/// What several elements leave possible together: R4 allows one, and where a sender has more, they must agree.
void add_value(std::optional<value_set>& to, value_set one) {
  if (to)
    narrow(*to, std::move(one));
  else
    to = std::move(one);
}

}  // namespace

std::uint64_t mask_of(const particular_space& space, std::string_view value) {
  const auto at = std::find(space.values.begin(), space.values.end(), value);
  return at == space.values.end() ? 0 : std::uint64_t{1} << (at - space.values.begin());
}

std::uint64_t mask_of(const particular_space& space, const reader& bounds, const fhir::interval& values) {
  std::uint64_t mask = 0;
  for (const auto& row : bounds.proportion)
    if (fhir::compare(values, row.op, row.bound) != truth::no) mask |= mask_of(space, row.value);
  return mask;
}

fhir::interval by_detection(bool detected, const fhir::decimal& sensitivity) {
  if (detected) return {.low = sensitivity, .high = {}, .low_open = true};
  return {.low = fhir::decimal(0), .high = sensitivity};
}

std::string quoted_text(std::string_view text) {
  return text.empty() ? std::string() : "\"" + std::string(fhir::json::cut(text, shown_of_text)) + "\"";
}

std::optional<value_set> read_proportion(const node& resource, const reader& how, const particular_space& space,
                                         const std::optional<fhir::proportion>& sensitivity,
                                         std::vector<reason>& doubts) {
  std::optional<value_set> result;
  if (const node* quantity = resource.find(value_quantity_key))
    add_value(result, of_proportion(fhir::read_proportion_quantity(*quantity, how.spelling), how, space));
  if (const node* range = resource.find(value_range_key))
    add_value(result, of_proportion(fhir::read_proportion_range(*range, how.spelling), how, space));
  if (const node* ratio = resource.find(value_ratio_key))
    add_value(result, of_proportion(fhir::read_proportion_ratio(*ratio), how, space));
  if (const auto text = resource.string(value_string_key); !text.empty())
    add_value(result, proportion_of_text(text, how, space, sensitivity, doubts));
  return result;
}

std::optional<value_set> read_quantity(const node& resource, const reader& how) {
  std::optional<value_set> result;
  if (const node* quantity = resource.find(value_quantity_key))
    add_value(result, of_measurement(fhir::read_measurement(*quantity, how.in, how.spelling)));
  if (const node* range = resource.find(value_range_key))
    add_value(result, of_measurement(fhir::read_measurement_range(*range, how.in, how.spelling)));
  if (const auto text = resource.string(value_string_key); !text.empty())
    add_value(result, quantity_of_text(text, how));
  return result;
}

}  // namespace mainstay::rules
