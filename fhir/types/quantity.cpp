// FHIR Quantity.
#include "fhir/types/quantity.hpp"

namespace mainstay::fhir {
namespace {

constexpr json::key value_key = "value";
constexpr json::key comparator_key = "comparator";
constexpr json::key unit_key = "unit";
constexpr json::key system_key = "system";
constexpr json::key code_key = "code";

// FHIR R4, value set quantity-comparator.
bool is_comparator(std::string_view text) { return text == "<" || text == "<=" || text == ">=" || text == ">"; }

}  // namespace

interval quantity::values() const {
  if (comparator == "<" || comparator == "<=") return {.high = value, .high_open = comparator == "<"};
  if (comparator == ">" || comparator == ">=") return {.low = value, .low_open = comparator == ">"};
  return {.low = value, .high = value};
}

std::string quantity::to_string() const {
  std::string out(comparator);
  if (!out.empty()) out += ' ';
  out += value.to_string();
  const auto shown_unit = unit.empty() ? code : unit;
  if (!shown_unit.empty() && shown_unit != "1") out.append(" ").append(shown_unit);
  return out;
}

std::optional<quantity> read_quantity(const json::node& element) {
  const json::node* number = element.find(value_key);
  if (number == nullptr || !number->is_number()) return std::nullopt;
  const auto value = decimal::parse(number->text());
  if (!value) return std::nullopt;
  // A comparator that is not understood changes what the value means: it is not readable then.
  const json::node* comparator = element.find(comparator_key);
  if (comparator != nullptr && !is_comparator(comparator->text())) return std::nullopt;
  const json::node *system = element.find(system_key), *code = element.find(code_key);
  const auto text = [](const json::node* n) { return n == nullptr ? std::string_view() : n->text(); };
  // What should decide the unit is there, and nobody can read it.
  for (const json::node* n : {system, code})
    if (n != nullptr && !n->is_string()) return std::nullopt;
  return quantity{*value, text(comparator), element.string(unit_key), text(system), text(code)};
}

}  // namespace mainstay::fhir
