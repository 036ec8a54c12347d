#include "fhir/types/measurement.hpp"

#include <algorithm>
#include <utility>

#include "fhir/types/range.hpp"
#include "fhir/ucum/aliases.hpp"

namespace mainstay::fhir {
namespace {

measurement_result fail(measurement_error error, std::string_view unit = {}) {
  return {std::nullopt, error, std::string(unit)};
}

/// Less is less on both scales, as far as one step from a number shows it.
bool same_direction(const decimal& at, const ucum::unit& from, const ucum::unit& to) {
  const auto next = at.add(decimal(1));
  if (!next) return false;
  const auto a = ucum::convert(at, from, to), b = ucum::convert(*next, from, to);
  return a && b && a->value < b->value;
}

/// An end in another unit, further out by `outwards` steps where it had to be rounded.
bool convert_end(std::optional<decimal>& end, bool& open, int outwards, const ucum::unit& from, const ucum::unit& to) {
  if (!end) return true;
  if (from.special != to.special && !same_direction(*end, from, to)) return false;
  const auto n = ucum::convert(*end, from, to);
  if (!n) return false;
  end = n->value;
  if (n->exact) return true;
  // Three digits of the result are more than any of its roundings.
  constexpr int most_places = 20, digits_in_doubt = 3;
  const auto step = decimal::make(outwards, std::clamp(n->value.scale() - digits_in_doubt, 0, most_places));
  end = step ? n->value.add(*step) : std::nullopt;
  open = true;
  return end.has_value();
}

/// The unit of a Quantity: its code, or its text where that is allowed.
struct stated_unit {
  std::optional<ucum::unit> is;
  std::string_view code;  ///< the UCUM code; of the alias where the text is a laboratory's spelling
  bool spelled = false;
};
stated_unit unit_of(const quantity& q, spellings allowed) {
  stated_unit out;
  out.code = q.code;
  if (q.system != ucum::system_uri || q.code.empty()) {
    if (allowed != spellings::laboratory) return out;
    const auto* alias = ucum::find_alias(q.unit);
    out.code = alias != nullptr ? alias->code : q.unit;
    out.spelled = alias != nullptr;
  }
  if (const auto parsed = ucum::parse(out.code); parsed && !out.code.empty()) out.is = *parsed;
  return out;
}

}  // namespace

std::string to_string(const interval& values) {
  const auto& [low, high, low_open, high_open] = values;
  if (low && high) return *low == *high ? low->to_string() : low->to_string() + " to " + high->to_string();
  if (high) return (high_open ? "< " : "<= ") + high->to_string();
  if (low) return (low_open ? "> " : ">= ") + low->to_string();
  return {};
}

std::optional<interval> convert(const interval& values, const ucum::unit& from, const ucum::unit& to) {
  if (!ucum::commensurable(from, to)) return std::nullopt;
  interval out = values;
  if (from == to) return out;
  if (!convert_end(out.low, out.low_open, -1, from, to)) return std::nullopt;
  if (!convert_end(out.high, out.high_open, 1, from, to)) return std::nullopt;
  return out;
}

measurement_result read_measurement(const json::node& quantity_element, const ucum::unit& in, spellings allowed) {
  auto q = read_quantity(quantity_element);
  if (!q) return fail(measurement_error::no_value);
  const auto stated = unit_of(*q, allowed);
  const std::string_view written = q->unit.empty() ? q->code : q->unit;
  if (written.empty()) return fail(measurement_error::no_unit);
  // A code that says something else than its text is what is not understood.
  const auto told = q->system == ucum::system_uri && !q->code.empty() ? q->code : written;
  if (!stated.is || !ucum::commensurable(*stated.is, in)) return fail(measurement_error::unknown_unit, told);
  auto values = convert(q->values(), *stated.is, in);
  if (!values) return fail(measurement_error::not_finite);
  const auto spelling = stated.spelled ? std::exchange(q->unit, stated.code) : std::string_view();
  return {measurement{std::move(*values), q->to_string(), std::string(spelling)}, {}, {}};
}

measurement_result read_measurement_range(const json::node& range_element, const ucum::unit& in, spellings allowed) {
  return read_range(range_element, [&](const json::node& end) { return read_measurement(end, in, allowed); });
}

measurement_result measurement_of(const interval& values, std::string_view code, const ucum::unit& in,
                                  std::string shown) {
  if (code.empty()) return fail(measurement_error::no_unit);
  const auto unit = ucum::parse(code);
  if (!unit || !ucum::commensurable(*unit, in)) return fail(measurement_error::unknown_unit, code);
  auto converted = convert(values, *unit, in);
  if (!converted) return fail(measurement_error::not_finite);
  return {measurement{std::move(*converted), std::move(shown), {}}, {}, {}};
}

}  // namespace mainstay::fhir
