#include "rules/criteria/evaluate.hpp"

#include <algorithm>

namespace mainstay::rules {

using fhir::truth;

namespace {

/// Kleene's question for a set: is what is possible inside (yes), outside (no), or both (unknown)?
truth inside(std::uint64_t possible, std::uint64_t wanted) {
  if ((possible & ~wanted) == 0) return truth::yes;
  return (possible & wanted) == 0 ? truth::no : truth::unknown;
}

truth compare_codes(const expression& e, const operand& o) {
  std::uint64_t wanted = 0;
  for (const auto& l : e.literals) {
    const auto at = std::find(o.values->begin(), o.values->end(), l.code);
    if (at != o.values->end()) wanted |= std::uint64_t{1} << (at - o.values->begin());
  }
  const auto answer = inside(o.codes, wanted);
  return e.type == expression::kind::compare && e.op == fhir::comparison::not_equal ? not_(answer) : answer;
}

truth leaf(const expression& e, const operand& o) {
  if (o.anything) return truth::unknown;
  if (e.type == expression::kind::name) return o.yes;
  switch (o.type) {
    case fact_type::code: return o.values == nullptr ? truth::unknown : compare_codes(e, o);
    case fact_type::number: {
      truth any = truth::no;  // `in` has several
      for (const auto& l : e.literals) any = or_(any, fhir::compare(o.numbers, e.op, l.number));
      return any;
    }
    case fact_type::truth:
    case fact_type::event: return truth::unknown;  // refused at load
  }
  return truth::unknown;
}

void open_names(const expression& e, const resolve& names, truth wanted, std::vector<const expression*>& to) {
  if (evaluate(e, names) == wanted) return;
  switch (e.type) {
    case expression::kind::name:
    case expression::kind::compare:
    case expression::kind::in: to.push_back(&e); return;
    case expression::kind::not_: open_names(e.children.front(), names, not_(wanted), to); return;
    case expression::kind::and_:
    case expression::kind::or_:
      for (const auto& c : e.children) open_names(c, names, wanted, to);
      return;
  }
}

}  // namespace

operand operand_of(const finding& f, const fact& of) {
  operand o;
  o.type = of.type;
  o.values = &of.values;
  o.anything = f.is == finding::state::unknown;
  o.numbers = f.numbers;
  o.yes = f.yes;
  for (const auto& code : f.codes) {
    const auto at = std::find(of.values.begin(), of.values.end(), code);
    if (at != of.values.end()) o.codes |= std::uint64_t{1} << (at - of.values.begin());
  }
  return o;
}

truth evaluate(const expression& e, const resolve& names) {
  switch (e.type) {
    case expression::kind::name:
    case expression::kind::compare:
    case expression::kind::in: return leaf(e, names(e));
    case expression::kind::not_: return not_(evaluate(e.children.front(), names));
    case expression::kind::and_: {
      truth all = truth::yes;
      for (const auto& c : e.children) all = and_(all, evaluate(c, names));
      return all;
    }
    case expression::kind::or_: {
      truth any = truth::no;
      for (const auto& c : e.children) any = or_(any, evaluate(c, names));
      return any;
    }
  }
  return truth::unknown;
}

void open_names(const expression& e, const resolve& names, std::vector<const expression*>& to) {
  open_names(e, names, truth::yes, to);
}

void all_names(const expression& e, std::vector<const expression*>& to) {
  if (e.children.empty() && !e.name.empty()) to.push_back(&e);
  for (const auto& c : e.children) all_names(c, to);
}

}  // namespace mainstay::rules
