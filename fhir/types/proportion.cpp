// Proportions: MRD and the like, from Quantity, Ratio, and a pack's text.
#include <algorithm>
#include <array>
#include <utility>

#include "fhir/types/quotient.hpp"
#include "fhir/types/range.hpp"
#include "fhir/ucum/aliases.hpp"
#include "fhir/ucum/unit.hpp"

namespace mainstay::fhir {
namespace {

constexpr json::key value_key = "value";
constexpr json::key numerator_key = "numerator";
constexpr json::key denominator_key = "denominator";

proportion_result fail(proportion_error error, std::string_view unit = {}) {
  return {std::nullopt, error, std::string(unit)};
}

/// The power of ten that a UCUM code stands for, where it is a pure number at most one: `%`, `1`, `10*-4`, `[ppm]`. An
/// annotation (`{copies}`) or a named unit (`[HPF]`) counts something, though UCUM has the dimension one for it.
std::optional<int> power_of(std::string_view code) {
  if (code == "%") return -2;  // what nearly all have
  const bool parts = code == "[ppth]" || code == "[ppm]" || code == "[ppb]" || code == "[pptr]";
  if (!parts && code.find_first_not_of("0123456789*^+-./()%") != std::string_view::npos) return std::nullopt;
  const auto unit = ucum::parse(code);
  if (!unit || unit->out_of_range || !unit->scale.plain()) return std::nullopt;
  const int power = unit->scale.twos;
  return power == unit->scale.fives && power <= 0 && power >= -60 ? std::optional(power) : std::nullopt;
}

/// Each end x 10^power; no value where it does not fit.
std::optional<interval> shifted(interval values, int power) {
  for (std::optional<decimal>* end : {&values.low, &values.high}) {
    if (!end->has_value()) continue;
    *end = (*end)->shifted(power);
    if (!end->has_value()) return std::nullopt;
  }
  return values;
}

/// A proportion counts parts of a whole: below zero it is no proportion.
bool is_negative(const interval& values) {
  return values.high && (values.high->is_negative() || (values.high->is_zero() && values.high_open));
}

proportion_result finish(std::optional<interval> values, std::string shown, std::string_view spelling = {}) {
  if (!values || is_negative(*values)) return fail(proportion_error::not_finite);
  return {proportion{std::move(*values), std::move(shown), std::string(spelling)}, {}, {}};
}

/// Why a Quantity could not be read: its number is one that no decimal holds, or there is none that can be used.
proportion_error value_error(const json::node& element) {
  const json::node* number = element.find(value_key);
  const bool unfit = number != nullptr && number->is_number() && !decimal::parse(number->text());
  return unfit ? proportion_error::not_finite : proportion_error::no_value;
}

std::string_view unit_text(const quantity& q) { return q.unit.empty() ? q.code : q.unit; }

/// `1` is no unit.
bool is_plain(const quantity& q) {
  return (q.code.empty() && q.unit.empty()) || (q.system == ucum::system_uri && q.code == "1");
}

bool same_unit(const quantity& a, const quantity& b) {
  if (is_plain(a) && is_plain(b)) return true;
  if (a.system == ucum::system_uri && b.system == ucum::system_uri && !a.code.empty()) return a.code == b.code;
  return a.system == b.system && a.code == b.code && a.unit == b.unit;
}

std::string_view mirrored(std::string_view comparator) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> pairs{
      {{"<", ">"}, {"<=", ">="}, {">=", "<="}, {">", "<"}}};
  for (const auto& [from, to] : pairs)
    if (from == comparator) return to;
  return {};
}

interval with_comparator(const interval& values, std::string_view comparator) {
  interval result = values;
  if (comparator == "<" || comparator == "<=") {
    result.low.reset();
    result.low_open = false;
    result.high_open = values.high_open || comparator == "<";
  } else if (comparator == ">" || comparator == ">=") {
    result.high.reset();
    result.high_open = false;
    result.low_open = values.low_open || comparator == ">";
  }
  return result;
}

}  // namespace

std::optional<interval> quotient(const decimal& numerator, const decimal& denominator) {
  constexpr int digits = 20;
  const auto nearest = numerator.divide(denominator, digits);
  if (!nearest) return std::nullopt;
  const decimal q = nearest->normalized();
  const auto product = q.multiply(denominator);
  if (product && *product == numerator) return interval{.low = q, .high = q};
  const decimal step = *decimal::make(1, digits);
  const auto low = nearest->subtract(step);
  const auto high = nearest->add(step);
  if (!low || !high) return std::nullopt;
  return interval{.low = low, .high = high, .low_open = true, .high_open = true};
}

proportion_result read_proportion_quantity(const json::node& quantity_element, spellings allowed) {
  auto q = read_quantity(quantity_element);
  if (!q) return fail(value_error(quantity_element));
  if (q->unit.empty() && q->code.empty()) return fail(proportion_error::no_unit);
  if (q->system == ucum::system_uri && !q->code.empty()) {
    const auto power = power_of(q->code);
    if (!power) return fail(proportion_error::unknown_unit, q->code);
    return finish(shifted(q->values(), *power), q->to_string());
  }
  // No code, so the text decides; where it is a laboratory's spelling, the reader sees what was put in for it.
  const bool any = allowed == spellings::laboratory;
  const auto* alias = any ? ucum::find_alias(q->unit) : nullptr;
  const auto power = alias != nullptr ? power_of(alias->code) : any || q->unit == "%" ? power_of(q->unit) : std::nullopt;
  if (!power) return fail(proportion_error::unknown_unit, unit_text(*q));
  if (alias == nullptr) return finish(shifted(q->values(), *power), q->to_string());
  const auto spelling = std::exchange(q->unit, alias->code);
  return finish(shifted(q->values(), *power), q->to_string(), spelling);
}

proportion_result read_proportion_range(const json::node& range_element, spellings allowed) {
  auto out = read_range(range_element, [&](const json::node& end) { return read_proportion_quantity(end, allowed); });
  if (out.value && is_negative(out.value->values)) return fail(proportion_error::not_finite);
  return out;
}

proportion_result proportion_of(const interval& values, std::string_view code, std::string shown) {
  if (code.empty()) return fail(proportion_error::no_unit);
  const auto power = power_of(code);
  return power ? finish(shifted(values, *power), std::move(shown)) : fail(proportion_error::unknown_unit, code);
}

proportion_result read_proportion_ratio(const json::node& ratio_element) {
  const json::node* numerator_element = ratio_element.find(numerator_key);
  const json::node* denominator_element = ratio_element.find(denominator_key);
  if (numerator_element == nullptr || denominator_element == nullptr) return fail(proportion_error::no_value);
  const auto numerator = read_quantity(*numerator_element);
  const auto denominator = read_quantity(*denominator_element);
  if (!numerator) return fail(value_error(*numerator_element));
  if (!denominator) return fail(value_error(*denominator_element));
  if (!same_unit(*numerator, *denominator))
    return fail(proportion_error::unknown_unit, unit_text(is_plain(*numerator) ? *denominator : *numerator));
  if (denominator->value.is_zero()) return fail(proportion_error::zero_denominator);
  if (numerator->value.is_negative() || denominator->value.is_negative()) return fail(proportion_error::not_finite);
  // "less than 1 in 10000" may be written at either number; at both it says nothing that can be compared.
  if (!numerator->comparator.empty() && !denominator->comparator.empty()) return fail(proportion_error::no_value);
  // None of anything is none.
  const bool mirror = !denominator->comparator.empty() && !numerator->value.is_zero();
  const auto comparator = mirror ? mirrored(denominator->comparator) : numerator->comparator;
  const auto exact = quotient(numerator->value, denominator->value);
  if (!exact) return fail(proportion_error::not_finite);
  std::string shown(comparator);
  if (!shown.empty()) shown += ' ';
  shown += numerator->value.to_string() + ':' + denominator->value.to_string();
  return finish(with_comparator(*exact, comparator), std::move(shown));
}

std::optional<proportion> parse_proportion(std::string_view text) {
  quantity q;
  std::string_view rest = text;
  for (const std::string_view comparator : {"<=", ">=", "<", ">"}) {
    if (!rest.starts_with(comparator)) continue;
    q.comparator = comparator;
    rest.remove_prefix(comparator.size());
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    break;
  }
  const std::size_t end = std::min(rest.find_first_of(" %"), rest.size());
  const auto value = decimal::parse(rest.substr(0, end));
  if (!value) return std::nullopt;
  q.value = *value;
  rest.remove_prefix(end);
  if (rest.starts_with(' ')) {
    rest.remove_prefix(1);
    if (rest.empty()) return std::nullopt;
  }
  const auto power = rest.empty() ? std::optional(0) : power_of(rest);
  if (!power) return std::nullopt;
  auto values = shifted(q.values(), *power);
  if (!values || is_negative(*values)) return std::nullopt;
  return proportion{std::move(*values), std::string(text), {}};
}

}  // namespace mainstay::fhir
