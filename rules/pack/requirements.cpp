#include "rules/pack/requirements.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "rules/criteria/expression.hpp"

namespace mainstay::rules {

namespace {

struct search_row {
  resource_type type;
  std::string_view key, sort;
};
// `date` is not a search parameter of Condition (R4, Condition "Search Parameters").
constexpr std::array<search_row, 3> searches{{{resource_type::observation, "observations", "-date"},
                                              {resource_type::procedure, "procedures", "-date"},
                                              {resource_type::condition, "conditions", "-recorded-date"}}};

/// Terms searched for, by resource type.
using terms_by_type = std::array<std::set<index>, 3>;

void rests_on(const pack& p, index event, std::set<index>& seen, terms_by_type& terms) {
  if (!seen.insert(event).second) return;
  const auto add = [&](const event_source& s) {
    if (s.from_event)
      rests_on(p, *s.from_event, seen, terms);
    else
      terms[static_cast<std::size_t>(s.find)].insert(s.term);
  };
  for (const event_source& s : p.events[event].sources) add(s);
  if (p.events[event].counted) add(*p.events[event].counted);
  if (p.events[event].parted_by) rests_on(p, p.events[event].parted_by->event, seen, terms);
}

/// Two URIs of ICD-10-PCS are in use (HL7's and that of CMS), and a server compares them as text: its codes, of seven
/// characters, are asked for in any system. What comes back is matched by system and code.
fhir::search::token as_token(const fhir::coding& c) {
  if (c.system == fhir::canonical_system("http://hl7.org/fhir/sid/icd-10-pcs")) return {std::nullopt, c.code};
  return {c.system, c.code};
}

}  // namespace

void compute_requirements(pack& p) {
  p.requirements.clear();
  requirement patient;
  patient.key = "patient";
  patient.query.type = "Patient";
  patient.query.read_id = std::string();  // filled with the patient of the request
  p.requirements.push_back(std::move(patient));

  std::vector<terms_by_type> of_fact(p.facts.size());
  std::vector<bool> reads_patient(p.facts.size(), false);
  terms_by_type all;
  for (index f = 0; f < p.facts.size(); ++f) {
    const fact& x = p.facts[f];
    std::set<index> seen;
    for (const index e : x.events) rests_on(p, e, seen, of_fact[f]);
    reads_patient[f] = x.how == verb::age;
    std::vector<std::optional<index>> on{x.anchor, x.after, x.before, x.since, x.until};
    if (x.is) {
      for (const std::string& name : names_in(*x.is)) on.push_back(p.find_fact(name));
    }
    for (const std::optional<index>& other : on) {  // facts stand after those they refer to
      if (!other) continue;
      for (std::size_t t = 0; t < all.size(); ++t)
        of_fact[f][t].insert(of_fact[*other][t].begin(), of_fact[*other][t].end());
      reads_patient[f] = reads_patient[f] || reads_patient[*other];
    }
    for (std::size_t t = 0; t < all.size(); ++t) all[t].insert(of_fact[f][t].begin(), of_fact[f][t].end());
  }

  for (index f = 0; f < p.facts.size(); ++f) {
    p.facts[f].needs.clear();
    if (!reads_patient[f]) continue;
    p.facts[f].needs.push_back(0);
    p.requirements[0].facts.push_back(f);
  }
  for (const search_row& s : searches) {
    const auto t = static_cast<std::size_t>(s.type);
    if (all[t].empty()) continue;
    requirement r;
    r.key = std::string(s.key);
    r.query.type = std::string(to_text(s.type));
    std::set<fhir::coding> codes;
    for (const index term : all[t]) {
      codes.insert(p.terms[term].codes.begin(), p.terms[term].codes.end());
      codes.insert(p.terms[term].may.begin(), p.terms[term].may.end());
    }
    std::vector<fhir::search::token> tokens;
    for (const fhir::coding& c : codes) tokens.push_back(as_token(c));
    r.query.codes.push_back(std::move(tokens));
    r.query.count = page_size;
    r.query.sort = {std::string(s.sort)};
    for (index f = 0; f < p.facts.size(); ++f) {
      if (of_fact[f][t].empty()) continue;
      r.facts.push_back(f);
      p.facts[f].needs.push_back(p.requirements.size());
    }
    p.requirements.push_back(std::move(r));
  }
}

}  // namespace mainstay::rules
