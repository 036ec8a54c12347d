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

namespace {
void add_values(std::vector<std::string>& to, const std::vector<std::string>& more) {
  for (const auto& v : more)
    if (std::find(to.begin(), to.end(), v) == to.end()) to.push_back(v);
}

void add_particular(std::vector<particular_space>& to, const auto& of) {
  auto at = std::find_if(to.begin(), to.end(), [&](const auto& p) { return p.name == of.name; });
  if (at == to.end()) at = to.insert(to.end(), particular_space{of.name, {}, of.unit});
  add_values(at->values, of.values);
}
}  // namespace

std::size_t pack::coding_hash::operator()(const coding_view& c) const {
  // A code is told apart by itself nearly always; the system's length parts most of what is left.
  return fhir::json::tag_of(c.code) ^ c.system.size();
}

void pack::prepare() {
  by_code_.clear();
  for (index t = 0; t < terms.size(); ++t) {
    auto& term = terms[t];
    const auto enter = [&](std::vector<fhir::coding>& codes, code_match how) {
      for (auto& c : codes) c.system = fhir::canonical_system(c.system);
      std::sort(codes.begin(), codes.end());
      codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
      for (const auto& c : codes) {
        auto& row = by_code_[c];
        if (row.empty() || row.back().term != t) row.push_back({t, how});
      }
    };
    // Exclusions first, then sure codes: the first entry of a term stands.
    enter(term.none, code_match::none);
    enter(term.codes, code_match::yes);
    enter(term.may, code_match::may);
  }
  // Events refer to each other only backwards along `from`, at most as deep as there are events.
  for (std::size_t round = 0; round < events.size(); ++round) {
    bool grew = false;
    for (auto& e : events) {
      auto space = e.space;
      for (const auto& p : e.has) add_particular(space, p);
      for (const auto& s : e.sources) {
        if (s.from_event)
          for (const auto& p : events[*s.from_event].space) add_particular(space, p);
        for (const auto& p : s.own) add_particular(space, p);
      }
      std::size_t before = 0, after = 0;
      for (const auto& p : e.space) before += 1 + p.values.size();
      for (const auto& p : space) after += 1 + p.values.size();
      grew = grew || before != after;
      e.space = std::move(space);
    }
    if (!grew) break;
  }
}

const std::vector<pack::term_match>& pack::terms_of(std::string_view system, std::string_view code) const {
  static const std::vector<term_match> nothing;
  const auto at = by_code_.find(coding_view{fhir::canonical_system(system), code});
  return at == by_code_.end() ? nothing : at->second;
}

code_match pack::match(index term, std::string_view system, std::string_view code) const {
  const auto canonical = fhir::canonical_system(system);
  const auto& t = terms[term];
  if (holds(t.none, canonical, code)) return code_match::none;
  if (holds(t.codes, canonical, code)) return code_match::yes;
  if (holds(t.may, canonical, code)) return code_match::may;
  return code_match::none;
}

}  // namespace mainstay::rules
