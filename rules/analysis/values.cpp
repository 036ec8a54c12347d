#include "rules/analysis/values.hpp"

#include <algorithm>
#include <functional>
#include <set>

namespace mainstay::rules {

namespace {

using fhir::truth;
using codes = std::set<std::string>;

constexpr truths anything{truth::no, truth::unknown, truth::yes};

/// What an expression can meet under one name.
struct named {
  fact_type type = fact_type::truth;
  truths is{truth::unknown};  ///< truth and event facts
  std::vector<codes> said;    ///< code facts: what one sure row can leave possible
  bool at_least = false;      ///< number facts: only "n or more"
};
using look_up = std::function<named(const expression&)>;

bool has_limits(const fact& f) {
  return f.after || f.before || f.since || f.until || f.within || f.max_age;
}

/// What a reader can leave possible of a particular.
void add_said(const reader& r, std::vector<codes>& to) {
  const auto add = [&](codes c) {
    if (!c.empty()) to.push_back(std::move(c));
  };
  for (const auto& row : r.coded) add({row.value});
  for (const auto& row : r.proportion) add({row.value});
  add({r.constant.begin(), r.constant.end()});
  add({r.active.begin(), r.active.end()});
  add({r.resolved.begin(), r.resolved.end()});
}

/// Every sure source of an event, those of other events among them.
class sure_sources {
 public:
  sure_sources(const pack& p, const fact& f) : pack_(p), limits_(has_limits(f)) {}

  bool any(const std::vector<index>& events) {
    bool found = false;
    each(events, [&](const event&, const event_source&) { found = true; });
    return found;
  }

  std::vector<codes> said(const std::vector<index>& events, const std::string& particular) {
    std::vector<codes> out;
    each(events, [&](const event& e, const event_source& s) {
      const auto read = [&](const std::vector<rules::particular>& list) {
        for (const auto& one : list)
          if (one.name == particular)
            for (const auto& r : one.readers) add_said(r, out);
      };
      read(e.has);
      read(s.own);
    });
    return out;
  }

 private:
  void each(const std::vector<index>& events, const std::function<void(const event&, const event_source&)>& use) {
    seen_.clear();
    for (const auto e : events) visit(e, use);
  }
  void visit(index e, const std::function<void(const event&, const event_source&)>& use) {
    if (!seen_.insert(e).second) return;
    for (const auto& s : pack_.events[e].sources) {
      if (!s.doubt.empty()) continue;
      if (s.from_event) visit(*s.from_event, use);
      // A row that is somewhere before its recording is never surely within limits of days.
      if (!s.from_event && limits_ && s.when == day_reader::by_recorded) continue;
      use(pack_.events[e], s);
    }
  }

  const pack& pack_;
  bool limits_;
  std::set<index> seen_;
};

truths combine(truths a, truths b, truth (*how)(truth, truth)) {
  truths out;
  for (const auto x : {truth::no, truth::unknown, truth::yes})
    for (const auto y : {truth::no, truth::unknown, truth::yes})
      if (a.has(x) && b.has(y)) out.add(how(x, y));
  return out;
}

truths negated(truths a) {
  truths out;
  for (const auto x : {truth::no, truth::unknown, truth::yes})
    if (a.has(x)) out.add(fhir::not_(x));
  return out;
}

/// `name in ('a' | 'b')`, also for one literal.
truths among(const std::vector<codes>& said, const std::vector<literal>& literals) {
  truths out{truth::unknown};
  for (const auto& s : said) {
    const auto in = std::count_if(s.begin(), s.end(), [&](const std::string& c) {
      return std::any_of(literals.begin(), literals.end(), [&](const literal& l) { return l.code == c; });
    });
    if (in == 0) out.add(truth::no);
    if (in == static_cast<std::ptrdiff_t>(s.size())) out.add(truth::yes);
  }
  return out;
}

/// "n or more" compared: more may always have been.
truths compared_at_least(fhir::comparison op) {
  using enum fhir::comparison;
  const bool upwards = op == greater || op == greater_or_equal || op == not_equal;
  return {truth::unknown, upwards ? truth::yes : truth::no};
}

truths values_of(const expression& e, const look_up& names) {
  using kind = expression::kind;
  switch (e.type) {
    case kind::name:
      return names(e).is;
    case kind::not_:
      return negated(values_of(e.children.front(), names));
    case kind::and_:
    case kind::or_: {
      auto out = values_of(e.children.front(), names);
      for (std::size_t i = 1; i < e.children.size(); ++i)
        out = combine(out, values_of(e.children[i], names), e.type == kind::and_ ? fhir::and_ : fhir::or_);
      return out;
    }
    case kind::compare:
    case kind::in:
      break;
  }
  const auto what = names(e);
  if (what.type == fact_type::number) return what.at_least ? compared_at_least(e.op) : anything;
  const auto out = among(what.said, e.literals);
  return e.type == kind::compare && e.op == fhir::comparison::not_equal ? negated(out) : out;
}

class fact_values {
 public:
  explicit fact_values(const pack& p) : pack_(p) {}

  truths of(const expression& e) {
    return values_of(e, [this](const expression& name) {
      const auto f = name.fact ? name.fact : pack_.find_fact(name.name);
      return f ? of_fact(pack_.facts[*f]) : named{};
    });
  }

 private:
  named of_fact(const fact& f) {
    named out;
    out.type = f.type;
    switch (f.how) {
      case verb::first:
      case verb::last:
      case verb::value:
        if (f.type == fact_type::code) out.said = sure_sources(pack_, f).said(events_of(f), f.particular);
        out.is = found(f);
        break;
      case verb::any:
        out.is = found(f);
        if (!f.complete.empty()) out.is.add(truth::no);
        break;
      case verb::is:
        if (f.is) out.is = of(*f.is);
        break;
      case verb::count: {
        const auto counts = [&](index e) { return pack_.events[e].counted.has_value(); };
        out.at_least = f.complete.empty() && std::none_of(f.events.begin(), f.events.end(), counts);
        break;
      }
      case verb::age:
      case verb::days_since:
        break;
    }
    return out;
  }

  std::vector<index> events_of(const fact& f) const {
    return f.how == verb::value && f.anchor ? pack_.facts[*f.anchor].events : f.events;
  }

  /// Can a sure row be found, with what `where` asks?
  truths found(const fact& f) {
    sure_sources sure(pack_, f);
    if (!sure.any(f.events)) return {truth::unknown};
    if (!f.where) return {truth::unknown, truth::yes};
    const auto where = values_of(*f.where, [&](const expression& name) {
      named out;
      const auto is_number = [&](index e) {
        const auto& space = pack_.events[e].space;
        return std::any_of(space.begin(), space.end(), [&](const auto& s) { return s.name == name.name && !s.unit.empty(); });
      };
      out.type = std::any_of(f.events.begin(), f.events.end(), is_number) ? fact_type::number : fact_type::code;
      out.said = sure.said(f.events, name.name);
      return out;
    });
    return where.has(truth::yes) ? truths{truth::unknown, truth::yes} : truths{truth::unknown};
  }

  const pack& pack_;
};

}  // namespace

std::string to_text(truths t) {
  std::string out;
  for (const auto v : {truth::yes, truth::no, truth::unknown})
    if (t.has(v)) out += (out.empty() ? "" : ", ") + std::string(fhir::to_text(v));
  return out;
}

truths possible_values(const pack& p, const criterion& c) {
  if (!c.when) return {truth::unknown};
  return fact_values(p).of(*c.when);
}

}  // namespace mainstay::rules
