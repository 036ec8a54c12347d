#include "rules/criteria/expression.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "fhir/ucum/unit.hpp"
#include "rules/criteria/refused.hpp"
#include "rules/criteria/tokens.hpp"
#include "rules/pack/suggest.hpp"

namespace mainstay::rules {

namespace {

using kind = token::kind;

std::string quoted(std::string_view s) {
  return "`" + std::string(s) + "`";
}

std::string list_of(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& v : values) out += (out.empty() ? "'" : ", '") + v + "'";
  return out;
}

bool is_word(const token& t, std::string_view word) {
  return t.type == kind::name && t.text == word;
}

/// Recursive descent; the first problem ends the reading, for what follows would be its echo.
class parser {
 public:
  parser(std::string_view text, const expression_scope& scope, unsigned depth)
      : text_(text), scope_(scope), depth_limit_(depth), tokens_(tokens_of(text)) {}

  parsed_expression run() {
    parsed_expression out;
    if (now().type == kind::end)
      fail("empty-expression", now(), "the expression is empty", "write a fact's name or a comparison");
    std::optional<expression> e = ok() ? either(0) : std::nullopt;
    if (ok() && now().type != kind::end) unexpected(now(), "`and` or `or`");
    if (ok()) {
      out.value = std::move(e);
      out.typed = std::move(typed_);
    } else {
      out.problems.push_back(std::move(*problem_));
    }
    return out;
  }

 private:
  const token& now() const { return tokens_[at_]; }
  const token& next() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  void step() { at_ = std::min(at_ + 1, tokens_.size() - 1); }
  bool ok() const { return !problem_; }

  std::nullopt_t fail(std::string code, const token& t, std::string message, std::string help) {
    if (!problem_)
      problem_ = {std::move(code), std::move(message), std::move(help), t.offset, std::max<std::size_t>(t.width, 1)};
    return std::nullopt;
  }
  std::nullopt_t refuse(const token& t, const refused_form& r) {
    return fail("refused-form", t, quoted(t.text) + " " + std::string(r.why), std::string(r.repair));
  }
  std::nullopt_t unexpected(const token& t, std::string_view wanted) {
    if (t.type == kind::name) {
      if (const refused_form* r = find_refused(refused_words(), t.text)) return refuse(t, *r);
    }
    if (t.type == kind::other) {
      if (t.text.starts_with('\'')) return fail("syntax", t, "a quote is not closed", "write 'cr'");
      if (const refused_form* r = find_refused(refused_operators(), t.text)) return refuse(t, *r);
    }
    if (t.type == kind::bar)
      return fail("refused-form", t, "`|` is not part of a criterion",
                  "it stands between the values of a list: `x in ('a' | 'b')`");
    if (t.type == kind::dot) return dotted();
    if (t.type == kind::end)
      return fail("syntax", t, "the expression ends where " + std::string(wanted) + " is expected", "");
    return fail("syntax", t, quoted(t.text) + " stands where " + std::string(wanted) + " is expected", "");
  }
  /// A dot that `.not()` has not taken.
  std::nullopt_t dotted() {
    const token& t = next();
    if (t.type == kind::name) {
      if (t.text == "not")
        return fail("syntax", t, "`.not()` has no parentheses",
                    "write `x.not()`, and `(a = 'b').not()` for a comparison");
      if (const refused_form* r = find_refused(refused_functions(), t.text)) return refuse(t, *r);
      const bool call = at_ + 2 < tokens_.size() && tokens_[at_ + 2].type == kind::open;
      if (call)
        return fail("refused-form", t, quoted(t.text) + " is not part of a criterion",
                    "only `.not()` may follow a name");
      return fail("refused-form", t, "a " + scope_.kind + " has no parts",
                  "read it with a fact of its own: `value: anchor." + std::string(t.text) + "`");
    }
    return fail("syntax", now(), "`.` stands alone", "only `.not()` may follow a name");
  }

  static expression join(expression::kind how, std::vector<expression> parts) {
    expression e;
    e.type = how;
    e.children = std::move(parts);
    return e;
  }
  std::string written(std::size_t from) const {
    std::size_t to = now().offset;
    while (to > from && (text_[to - 1] == ' ' || text_[to - 1] == '\n' || text_[to - 1] == '\t')) --to;
    return std::string(text_.substr(from, to - from));
  }

  /// Operands joined by `and` alone or by `or` alone.
  std::optional<expression> either(unsigned depth) {
    if (depth > depth_limit_)
      return fail("depth", now(), "parentheses nested deeper than " + std::to_string(depth_limit_),
                  "give a part of it a name: a fact with `is:`");
    const std::size_t from = now().offset;
    std::vector<expression> parts;
    std::string_view joined;
    while (true) {
      std::optional<expression> part = operand(depth);
      if (!part) return std::nullopt;
      parts.push_back(std::move(*part));
      if (!is_word(now(), "and") && !is_word(now(), "or")) break;
      if (joined.empty()) joined = now().text;
      if (joined != now().text) {
        return fail("mixed", now(), "`and` is mixed with `or`", "put parentheses around what belongs together");
      }
      step();
    }
    if (parts.size() == 1) return std::move(parts.front());
    expression e = join(joined == "and" ? expression::kind::and_ : expression::kind::or_, std::move(parts));
    e.text = written(from);
    return e;
  }

  std::optional<expression> operand(unsigned depth) {
    const token t = now();
    std::optional<expression> e;
    if (t.type == kind::open) {
      step();
      e = either(depth + 1);
      if (!e) return std::nullopt;
      if (now().type != kind::close) {
        return now().type == kind::end ? fail("syntax", t, "a parenthesis is not closed", "")
                                       : unexpected(now(), "`)`");
      }
      step();
    } else if (t.type == kind::name) {
      if (is_word(t, "and") || is_word(t, "or") || is_word(t, "in"))
        return unexpected(t, "a " + scope_.kind + "'s name");
      const std::optional<named> what = scope_.find(t.text);
      if (!what) return unknown_name(t);
      step();
      e = about(t, *what);
      if (!e) return std::nullopt;
    } else if (t.type == kind::string || t.type == kind::number) {
      return fail("literal-first", t, "a value stands first", "write the " + scope_.kind + "'s name first: `x = 'a'`");
    } else {
      return unexpected(t, "a " + scope_.kind + "'s name");
    }
    while (now().type == kind::dot && is_word(next(), "not")) {
      if (at_ + 3 >= tokens_.size() || tokens_[at_ + 2].type != kind::open || tokens_[at_ + 3].type != kind::close)
        return dotted();
      if (t.type == kind::name && e->type != expression::kind::name && e->type != expression::kind::not_) {
        return fail("syntax", next(), "`.not()` follows a value",
                    "put the comparison in parentheses: `(" + e->text + ").not()`");
      }
      at_ += 4;
      e = join(expression::kind::not_, {std::move(*e)});
      e->text = written(t.offset);
    }
    return e;
  }

  std::optional<expression> unknown_name(const token& t) {
    if (const refused_form* r = find_refused(refused_words(), t.text)) return refuse(t, *r);
    return fail(
        "unknown-" + scope_.kind, t, "no " + scope_.kind + " " + quoted(t.text),
        did_you_mean(t.text, scope_.names,
                     scope_.kind == "fact" ? "define it under facts/" : "the event has: " + list_of(scope_.names)));
  }

  /// What follows a name: nothing, a comparison, or `in` a list.
  std::optional<expression> about(const token& name, const named& what) {
    expression e;
    e.name = std::string(name.text);
    e.fact = what.fact;
    if (now().type == kind::compare) {
      static constexpr std::array<std::pair<std::string_view, fhir::comparison>, 6> operators{
          {{"=", fhir::comparison::equal},
           {"!=", fhir::comparison::not_equal},
           {"<", fhir::comparison::less},
           {"<=", fhir::comparison::less_or_equal},
           {">", fhir::comparison::greater},
           {">=", fhir::comparison::greater_or_equal}}};
      const token op = now();
      e.type = expression::kind::compare;
      e.op =
          std::find_if(operators.begin(), operators.end(), [&](const auto& o) { return o.first == op.text; })->second;
      step();
      if (!value(e, what, op)) return std::nullopt;
      if (now().type == kind::compare)
        return fail("syntax", now(), "two comparisons in a row", "write them with `and`");
    } else if (is_word(now(), "in")) {
      const token op = now();
      e.type = expression::kind::in;
      step();
      if (now().type != kind::open) {
        if (now().type == kind::other) return unexpected(now(), "`(`");
        return fail("syntax", now(), "the values of `in` stand in parentheses",
                    "write `" + e.name + " in ('a' | 'b')`");
      }
      do {
        step();
        if (!value(e, what, op)) return std::nullopt;
      } while (now().type == kind::bar);
      if (now().type != kind::close) return unexpected(now(), "`|` or `)`");
      step();
    } else {
      e.type = expression::kind::name;
      // Where something else follows, that is the mistake to tell, not the missing comparison.
      const bool ends = now().type == kind::end || now().type == kind::close || is_word(now(), "and") ||
                        is_word(now(), "or") || (now().type == kind::dot && is_word(next(), "not"));
      if (ends && !what.broken && what.type == fact_type::code) {
        return fail("not-yes-no", name, quoted(name.text) + " is a value, not a yes or no",
                    "compare it: `" + e.name + " = '" + (what.values.empty() ? "a" : what.values.front()) + "'`");
      }
      if (ends && !what.broken && what.type == fact_type::number) {
        return fail("not-yes-no", name, quoted(name.text) + " is a number, not a yes or no",
                    "compare it: `" + e.name + " > " + "1" + (what.unit.empty() ? "" : " " + what.unit) + "`");
      }
    }
    e.text = written(name.offset);
    return e;
  }

  /// One literal of a comparison, checked against what the name stands for.
  bool value(expression& e, const named& what, const token& op) {
    const token t = now();
    if (is_word(t, "true") || is_word(t, "false")) {
      fail("refused-form", t, quoted(t.text) + " compares a yes or no",
           "write `" + e.name + "` or `" + e.name + ".not()`");
      return false;
    }
    if (!what.broken && (what.type == fact_type::truth || what.type == fact_type::event)) {
      fail("type", op, quoted(e.name) + " is a yes or no and is not compared",
           "write `" + e.name + "` or `" + e.name + ".not()`");
      return false;
    }
    literal l;
    if (t.type == kind::string) {
      step();
      l.type = literal::kind::code;
      l.code = std::string(t.text);
      if (!check_code(t, op, l, what, e.name)) return false;
    } else if (t.type == kind::number) {
      step();
      l.type = literal::kind::number;
      const auto number = fhir::decimal::parse(t.text);
      if (!number)
        return fail("syntax", t, quoted(t.text) + " is not a number that can be compared",
                    "write it with fewer digits"),
               false;
      l.number = *number;
      const literal as_typed = l;  // its owner has the number in its own unit
      if (!unit(l, what, e.name, t)) return false;
      typed_.push_back(as_typed);
    } else if (t.type == kind::name && scope_.setting && scope_.setting(t.text)) {
      step();
      l = *scope_.setting(t.text);
      if (!number_fits(t, l, what, e.name)) return false;
    } else if (t.type == kind::name && scope_.find(t.text)) {
      return fail("type", t, "two " + scope_.kind + "s are not compared", "compare each with a value or a setting"),
             false;
    } else if (t.type == kind::name) {
      return fail("syntax", t, quoted(t.text) + " is neither a value nor a setting",
                  what.type == fact_type::code ? "write '" + std::string(t.text) + "' in single quotes"
                                               : "write a number or a setting's name"),
             false;
    } else {
      unexpected(t, "a value");
      return false;
    }
    e.literals.push_back(std::move(l));
    return true;
  }

  bool check_code(const token& t, const token& op, const literal& l, const named& what, const std::string& name) {
    if (what.broken) return true;
    if (what.type != fact_type::code) {
      return fail("type", t, quoted(name) + " is a number, '" + l.code + "' is not",
                  "write a number" + (what.unit.empty() ? std::string() : " of " + what.unit)),
             false;
    }
    if (op.text != "=" && op.text != "!=" && op.text != "in") {
      return fail("type", op, "codes have no order", "write `=`, `!=` or `in`"), false;
    }
    if (!what.values.empty() && std::find(what.values.begin(), what.values.end(), l.code) == what.values.end()) {
      return fail("unknown-value", t, quoted(name) + " is never '" + l.code + "'",
                  did_you_mean(l.code, what.values, "it can be " + list_of(what.values))),
             false;
    }
    return true;
  }

  bool unit(literal& l, const named& what, const std::string& name, const token& number) {
    if (now().type == kind::string && (what.ucum || what.broken)) return quantity(l, what, name, number);
    if (now().type == kind::string) {
      return fail("unit", now(), "a unit of UCUM is not a calendar unit",
                  "write `" + std::string(number.text) + " " + (what.unit.empty() ? "days" : what.unit) +
                      "` without quotes"),
             false;
    }
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> units{{{"year", "years"},
                                                                                         {"years", "years"},
                                                                                         {"day", "days"},
                                                                                         {"days", "days"},
                                                                                         {"month", "months"},
                                                                                         {"months", "months"},
                                                                                         {"week", "weeks"},
                                                                                         {"weeks", "weeks"}}};
    token shown = number;
    if (now().type == kind::name) {
      const auto u = std::find_if(units.begin(), units.end(), [&](const auto& x) { return x.first == now().text; });
      if (u != units.end()) {
        l.unit = std::string(u->second);
        shown.width = now().offset + now().width - number.offset;
        step();
      }
    }
    return number_fits(shown, l, what, name);
  }

  /// `1 '10*9/L'`: a quantity of FHIRPath, its number converted to the unit of what it is compared with.
  bool quantity(literal& l, const named& what, const std::string& name, const token& number) {
    const token t = now();
    step();
    if (what.broken) return true;
    const std::string help = "write the number in '" + what.unit + "'";
    const auto unit = fhir::ucum::parse(t.text);
    if (!unit) return fail("unit", t, unit.error().message(t.text), help), false;
    const auto in = fhir::ucum::parse(what.unit);
    if (!in || !fhir::ucum::commensurable(*unit, *in))
      return fail("unit", t, quoted(name) + " is in " + quoted(what.unit) + ", which " + quoted(t.text) + " does not measure",
                  help),
             false;
    const auto converted = fhir::ucum::convert(l.number, *unit, *in);
    if (!converted || !converted->exact)
      return fail("unit", number, quoted(number.text) + " in " + quoted(t.text) + " is no decimal in " + quoted(what.unit),
                  help),
             false;
    l.number = converted->value;
    l.unit = what.unit;
    return true;
  }

  bool number_fits(const token& t, const literal& l, const named& what, const std::string& name) {
    if (what.broken) return true;
    if (what.type == fact_type::code) {
      return fail(
                 "type", t, quoted(name) + " is a code, not a number",
                 what.values.empty() ? "compare it with a code in single quotes" : "it can be " + list_of(what.values)),
             false;
    }
    if (what.ucum)
      return fail("unit", t, quoted(name) + " is in " + quoted(what.unit) + (l.unit.empty() ? ", and no unit is written" : ", not in " + l.unit),
                  "write the unit in single quotes: `" + l.number.to_string() + " '" + what.unit + "'`"),
             false;
    if (l.unit != what.unit) {
      if (what.unit.empty())
        return fail("unit", t, quoted(name) + " is a plain number, without a unit", "leave " + quoted(l.unit) + " out"),
               false;
      return fail("unit", t,
                  quoted(name) + " is in " + what.unit +
                      (l.unit.empty() ? ", and no unit is written" : ", not in " + l.unit),
                  "write the number in " + what.unit),
             false;
    }
    return true;
  }

  std::string_view text_;
  const expression_scope& scope_;
  unsigned depth_limit_;
  std::vector<token> tokens_;
  std::size_t at_ = 0;
  std::optional<expression_problem> problem_;
  std::vector<literal> typed_;
};

void collect(const expression& e, std::vector<std::string>& out) {
  if (!e.name.empty() && std::find(out.begin(), out.end(), e.name) == out.end()) out.push_back(e.name);
  for (const expression& c : e.children) collect(c, out);
}

}  // namespace

parsed_expression parse_expression(std::string_view text, const expression_scope& scope, unsigned depth) {
  return parser(text, scope, depth).run();
}

std::vector<std::string> names_in(const expression& e) {
  std::vector<std::string> out;
  collect(e, out);
  return out;
}

std::vector<std::string> identifiers_in(std::string_view text) {
  std::vector<std::string> out;
  for (const token& t : tokens_of(text)) {
    if (t.type != kind::name || t.text == "and" || t.text == "or" || t.text == "in" || t.text == "not") continue;
    if (std::find(out.begin(), out.end(), t.text) == out.end()) out.emplace_back(t.text);
  }
  return out;
}

}  // namespace mainstay::rules
