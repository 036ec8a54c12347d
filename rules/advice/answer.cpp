#include <algorithm>

#include "rules/advice/option.hpp"

namespace mainstay::rules {

namespace {

fhir::truth compare_codes(const finding& f, const std::vector<literal>& literals) {
  if (f.is == finding::state::unknown || f.codes.empty()) return fhir::truth::unknown;
  const auto in = [&](const std::string& code) {
    return std::any_of(literals.begin(), literals.end(), [&](const literal& l) { return l.code == code; });
  };
  if (std::all_of(f.codes.begin(), f.codes.end(), in)) return fhir::truth::yes;
  return std::any_of(f.codes.begin(), f.codes.end(), in) ? fhir::truth::unknown : fhir::truth::no;
}

}  // namespace

fhir::truth answer(const expression& e, const assessment& a, bool face) {
  using kind = expression::kind;
  switch (e.type) {
    case kind::and_:
    case kind::or_: {
      auto out = fhir::to_truth(e.type == kind::and_);
      for (const auto& c : e.children) {
        const auto t = answer(c, a, face);
        out = e.type == kind::and_ ? fhir::and_(out, t) : fhir::or_(out, t);
      }
      return out;
    }
    case kind::not_: return fhir::not_(answer(e.children.front(), a, face));
    case kind::name:
    case kind::compare:
    case kind::in: break;
  }
  if (!e.fact) return fhir::truth::unknown;
  const auto& r = a.facts[*e.fact];
  const auto& f = face ? r.face : r.strict;
  if (e.type == kind::name) return f.yes;
  if (f.type == fact_type::number) {
    if (!f.numbers.low && !f.numbers.high) return fhir::truth::unknown;
    return fhir::compare(f.numbers, e.op, e.literals.front().number);
  }
  const auto t = compare_codes(f, e.literals);
  return e.type == kind::compare && e.op == fhir::comparison::not_equal ? fhir::not_(t) : t;
}

}  // namespace mainstay::rules
