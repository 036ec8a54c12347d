#include "rules/pack/model.hpp"

#include <algorithm>
#include <string_view>

namespace mainstay::rules {

namespace {
template <typename T>
std::optional<index> find_id(const std::vector<T>& in, std::string_view id) {
  const auto at = std::find_if(in.begin(), in.end(), [&](const T& x) { return x.id == id; });
  if (at == in.end()) return std::nullopt;
  return static_cast<index>(at - in.begin());
}

bool holds(const std::vector<fhir::coding>& sorted, std::string_view system, std::string_view code) {
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), std::pair{system, code}, [](const fhir::coding& a, const auto& b) {
    return std::pair<std::string_view, std::string_view>(a.system, a.code) < b;
  });
  return at != sorted.end() && at->system == system && at->code == code;
}
}  // namespace

std::string_view to_text(resource_type t) {
  switch (t) {
    case resource_type::observation: return "Observation";
    case resource_type::procedure: return "Procedure";
    case resource_type::condition: return "Condition";
  }
  return "Observation";
}

std::optional<index> pack::find_fact(std::string_view name) const { return find_id(facts, name); }
std::optional<index> pack::find_term(std::string_view name) const { return find_id(terms, name); }
std::optional<index> pack::find_event(std::string_view name) const { return find_id(events, name); }
std::optional<index> pack::find_protocol(std::string_view name) const { return find_id(protocols, name); }

code_match pack::match(index term, std::string_view system, std::string_view code) const {
  const auto canonical = fhir::canonical_system(system);
  const auto& t = terms[term];
  if (holds(t.none, canonical, code)) return code_match::none;
  if (holds(t.codes, canonical, code)) return code_match::yes;
  if (holds(t.may, canonical, code)) return code_match::may;
  return code_match::none;
}

}  // namespace mainstay::rules
