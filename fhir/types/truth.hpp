// Yes, no, unknown: the three values of every question, with Kleene's operators. Used by types, rules and FHIRPath.
#pragma once

#include <cstdint>
#include <string_view>

namespace mainstay::fhir {

enum class truth : std::uint8_t { no, unknown, yes };  // in Kleene's order: and is min, or is max

constexpr truth and_(truth a, truth b) { return a < b ? a : b; }
constexpr truth or_(truth a, truth b) { return a < b ? b : a; }
constexpr truth not_(truth a) { return a == truth::yes ? truth::no : a == truth::no ? truth::yes : truth::unknown; }
constexpr truth to_truth(bool b) { return b ? truth::yes : truth::no; }
constexpr std::string_view to_text(truth t) {
  return t == truth::yes ? "yes" : t == truth::no ? "no" : "unknown";
}

}  // namespace mainstay::fhir
