#include <algorithm>
#include <functional>
#include <set>

#include "rules/analysis/findings.hpp"
#include "rules/criteria/evaluate.hpp"

namespace mainstay::rules {

namespace {

using fhir::truth;

/// The facts that an expression rests on, those of `is` facts instead of these.
void facts_in(const pack& p, const expression& e, std::set<index>& to) {
  std::vector<const expression*> names;
  all_names(e, names);
  for (const auto* n : names) {
    const auto f = n->fact ? n->fact : p.find_fact(n->name);
    if (!f) continue;
    if (p.facts[*f].is)
      facts_in(p, *p.facts[*f].is, to);
    else
      to.insert(*f);
  }
}

void literals_of(const pack& p, const expression& e, index fact, std::vector<fhir::decimal>& to) {
  const auto named = e.fact ? e.fact : e.name.empty() ? std::nullopt : p.find_fact(e.name);
  if (named && p.facts[*named].is) literals_of(p, *p.facts[*named].is, fact, to);
  if (named == fact)
    for (const auto& l : e.literals)
      if (l.type == literal::kind::number) to.push_back(l.number);
  for (const auto& c : e.children) literals_of(p, c, fact, to);
}

/// Of a quantity, which need not be whole: each number that it is compared with, one between each two, one beyond each end.
std::vector<fhir::decimal> numbers_around(const pack& p, index f, const std::vector<const expression*>& asked) {
  std::vector<fhir::decimal> literals;
  for (const auto* e : asked) literals_of(p, *e, f, literals);
  std::sort(literals.begin(), literals.end());
  literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
  std::vector<fhir::decimal> out = literals;
  const auto add = [&](const std::optional<fhir::decimal>& n) {
    if (n) out.push_back(*n);
  };
  const fhir::decimal one(1), half = *fhir::decimal::make(5, 1);
  if (!literals.empty()) {
    add(literals.front().subtract(one));
    add(literals.back().add(one));
  }
  for (std::size_t i = 1; i < literals.size(); ++i)
    if (const auto sum = literals[i - 1].add(literals[i])) add(sum->multiply(half));
  return out;
}

/// Every value of one fact that can make a difference: numbers at, below and above each that they are compared with.
std::vector<operand> values_of(const pack& p, index f, const std::vector<const expression*>& asked) {
  const auto& def = p.facts[f];
  operand one;
  one.type = def.type;
  one.anything = false;
  one.values = &def.values;
  std::vector<operand> out;
  if (def.type == fact_type::truth || def.type == fact_type::event) {
    for (const auto t : {truth::yes, truth::no}) {
      one.yes = t;
      out.push_back(one);
    }
  } else if (def.type == fact_type::code) {
    // A fact with one value is asked whether it is known: it stands beside one that it never has.
    const auto size = std::max<std::size_t>(def.values.size(), 2);
    for (std::size_t i = 0; i < size; ++i) {
      one.codes = std::uint64_t{1} << i;
      out.push_back(one);
    }
  } else if (def.ucum) {
    for (const auto& n : numbers_around(p, f, asked)) {
      one.numbers = {n, n, false, false};
      out.push_back(one);
    }
  } else {
    std::vector<fhir::decimal> literals, near;
    for (const auto* e : asked) literals_of(p, *e, f, literals);
    for (const auto& l : literals)
      for (const int step : {-1, 0, 1})
        if (const auto n = l.add(fhir::decimal(step)); n && !n->is_negative()) near.push_back(*n);
    std::sort(near.begin(), near.end());
    near.erase(std::unique(near.begin(), near.end()), near.end());
    for (const auto& n : near) {
      one.numbers = {n, n, false, false};
      out.push_back(one);
    }
  }
  return out;
}

/// Every combination of values of the facts that some expressions rest on.
class worlds {
 public:
  worlds(const pack& p, std::vector<const expression*> asked, const analysis_limits& limit)
      : pack_(p), asked_(std::move(asked)) {
    std::set<index> facts;
    for (const auto* e : asked_) facts_in(p, *e, facts);
    std::size_t count = 1;
    for (const auto f : facts) {
      facts_.push_back(f);
      values_.push_back(values_of(p, f, asked_));
      count *= std::max<std::size_t>(values_.back().size(), 1);
      small_ = small_ && count <= limit.worlds;
    }
    chosen_.resize(facts_.size());
  }

  /// Is there one in which all of the asked are true? Nothing where there are too many to look.
  bool can_all_be(truth wanted) {
    if (!small_) return true;
    return search(0, wanted);
  }

 private:
  bool search(std::size_t i, truth wanted) {
    if (i == facts_.size())
      return std::all_of(asked_.begin(), asked_.end(), [&](const expression* e) { return answer(*e) == wanted; });
    if (values_[i].empty()) return true;  // of no type that is known here
    return std::any_of(values_[i].begin(), values_[i].end(), [&](const operand& o) {
      chosen_[i] = &o;
      return search(i + 1, wanted);
    });
  }

  truth answer(const expression& e) const {
    return evaluate(e, [this](const expression& name) {
      const auto f = name.fact ? name.fact : pack_.find_fact(name.name);
      operand out;
      if (!f) return out;
      if (const auto& is = pack_.facts[*f].is) {
        out.anything = false;
        out.yes = answer(*is);
        return out;
      }
      const auto at = std::find(facts_.begin(), facts_.end(), *f);
      return at == facts_.end() ? out : *chosen_[static_cast<std::size_t>(at - facts_.begin())];
    });
  }

  const pack& pack_;
  std::vector<const expression*> asked_;
  std::vector<index> facts_;
  std::vector<std::vector<operand>> values_;
  std::vector<const operand*> chosen_;
  bool small_ = true;
};

class protocol_questions {
 public:
  protocol_questions(const pack& p, const protocol& of, const analysis_limits& limit, std::vector<diagnostic>& to)
      : pack_(p), of_(of), limit_(limit), to_(to) {}

  void look() {
    for (const auto& c : of_.criteria) {
      if (!c.when) continue;
      const bool decided = alone("criterion", c.id, *c.when, c.at);
      if (c.type == criterion_class::require && !decided) require_.push_back(&c);
    }
    exclude_each_other();
    for (const auto& r : of_.risk)
      if (!alone("risk factor", r.id, r.when, r.at)) ruled_out(r);
  }

 private:
  void warn(std::string code, std::string message, std::string help, const std::string& id, const position& at) {
    to_.push_back({std::move(code), severity::warning, std::move(message), std::move(help), at,
                   static_cast<unsigned>(id.size())});
  }

  bool possible(std::vector<const expression*> all, truth wanted) {
    return worlds(pack_, std::move(all), limit_).can_all_be(wanted);
  }

  /// Is it decided whatever its facts are?
  bool alone(const std::string& kind, const std::string& id, const expression& when, const position& at) {
    if (!possible({&when}, truth::no)) {
      warn("always-true", "the " + kind + " `" + id + "` is true whatever its facts are, and unknown where they are",
           "ask for what makes the difference, or leave it out", id, at);
      return true;
    }
    if (!possible({&when}, truth::yes)) {
      warn("never-true", "the " + kind + " `" + id + "` is never true", "correct its values, or leave it out", id, at);
      return true;
    }
    return false;
  }

  /// The `require`s that share facts with an expression, and those that share facts with these.
  std::vector<const expression*> connected(const expression& with) const {
    std::vector<const expression*> out{&with};
    std::set<index> facts;
    facts_in(pack_, with, facts);
    std::vector<const criterion*> rest = require_;
    for (bool grown = true; grown;) {
      grown = false;
      for (auto& c : rest) {
        if (c == nullptr || &*c->when == &with) continue;
        std::set<index> own;
        facts_in(pack_, *c->when, own);
        if (std::none_of(own.begin(), own.end(), [&](index f) { return facts.count(f) != 0; })) continue;
        facts.insert(own.begin(), own.end());
        out.push_back(&*c->when);
        c = nullptr;
        grown = true;
      }
    }
    return out;
  }

  void exclude_each_other() {
    for (const auto* c : require_) {
      auto all = connected(*c->when);
      if (all.size() < 2 || possible(all, truth::yes)) continue;
      warn("contradictory", "`" + c->id + "` and other `require`s exclude each other: nobody is ever eligible",
           "correct one of them", c->id, c->at);
      contradictory_ = true;
      return;  // one root
    }
  }

  void ruled_out(const risk_factor& r) {
    auto all = connected(r.when);
    if (contradictory_ || all.size() < 2 || possible(all, truth::yes)) return;
    warn("ruled-out", "the risk factor `" + r.id + "` is never present where every `require` is met",
         "`require` rules it out: ask another fact in one of the two", r.id, r.at);
  }

  const pack& pack_;
  const protocol& of_;
  const analysis_limits& limit_;
  std::vector<diagnostic>& to_;
  std::vector<const criterion*> require_;
  bool contradictory_ = false;
};

}  // namespace

std::vector<diagnostic> decided_questions(const pack& p, const analysis_limits& limit) {
  std::vector<diagnostic> out;
  for (const auto& of : p.protocols) protocol_questions(p, of, limit, out).look();
  return out;
}

}  // namespace mainstay::rules
