// The language of criteria: what is read, and every form that is refused with its repair.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "rules/criteria/expression.hpp"
#include "rules/criteria/refused.hpp"

namespace mainstay::rules {
namespace {

expression_scope scope() {
  static const std::map<std::string, named, std::less<>> facts{
      {"disease", {0, fact_type::truth, {}, "", false}},
      {"infusion", {1, fact_type::event, {}, "", false}},
      {"age", {2, fact_type::number, {}, "years", false}},
      {"day", {3, fact_type::number, {}, "days", false}},
      {"relapses", {4, fact_type::number, {}, "", false}},
      {"state", {5, fact_type::code, {"cr", "cri", "nr"}, "", false}},
      {"wrong", {6, fact_type::truth, {}, "", false, true}},
      {"neutrophils", {7, fact_type::number, {}, "10*9/L", true}},
  };
  expression_scope s;
  for (const auto& [name, what] : facts) s.names.push_back(name);
  s.find = [](std::string_view name) -> std::optional<named> {
    const auto at = facts.find(name);
    if (at == facts.end()) return std::nullopt;
    return at->second;
  };
  s.setting = [](std::string_view name) -> std::optional<literal> {
    if (name != "window") return std::nullopt;
    literal l;
    l.type = literal::kind::number;
    l.number = fhir::decimal(730);
    l.unit = "days";
    return l;
  };
  return s;
}

/// The tree in prefix form: "(and disease (= state cr))".
std::string shown(const expression& e) {
  static constexpr const char* operators[] = {"=", "!=", "<", "<=", ">", ">="};
  std::string out;
  switch (e.type) {
    case expression::kind::name:
      return e.name;
    case expression::kind::compare:
      out = std::string("(") + operators[static_cast<int>(e.op)] + " " + e.name;
      break;
    case expression::kind::in:
      out = "(in " + e.name;
      break;
    case expression::kind::and_:
      out = "(and";
      break;
    case expression::kind::or_:
      out = "(or";
      break;
    case expression::kind::not_:
      out = "(not";
      break;
  }
  for (const literal& l : e.literals)
    out += " " + (l.type == literal::kind::code ? l.code : l.number.to_string() + l.unit);
  for (const expression& c : e.children) out += " " + shown(c);
  return out + ")";
}

TEST(Expression, Reads) {
  struct row {
    const char* text;
    const char* expected;
  };
  const row rows[] = {
      {"disease", "disease"},
      {"infusion", "infusion"},
      {"  disease ", "disease"},
      {"(disease)", "disease"},
      {"disease.not()", "(not disease)"},
      {"disease.not().not()", "(not (not disease))"},
      {"(disease and infusion).not()", "(not (and disease infusion))"},
      {"(state = 'cr').not()", "(not (= state cr))"},
      {"state = 'cr'", "(= state cr)"},
      {"state != 'nr'", "(!= state nr)"},
      {"state in ('cr')", "(in state cr)"},
      {"state in ('cr' | 'cri')", "(in state cr cri)"},
      {"age < 70 years", "(< age 70years)"},
      {"age <= 1 year", "(<= age 1years)"},
      {"age > 0.5 years", "(> age 0.5years)"},
      {"day >= 60 days", "(>= day 60days)"},
      {"day <= window", "(<= day 730days)"},
      {"relapses > 1", "(> relapses 1)"},
      {"relapses in (1 | 2)", "(in relapses 1 2)"},
      {"neutrophils >= 0.50 '10*9/L'", "(>= neutrophils 0.5010*9/L)"},
      {"neutrophils >= 1500 '/uL'", "(>= neutrophils 1.50010*9/L)"},  // in the fact's unit
      {"neutrophils in (1 '10*9/L' | 2 '10*3/uL')", "(in neutrophils 110*9/L 210*9/L)"},
      {"wrong > 1 'mg'", "(> wrong 1)"},
      {"disease and infusion and state = 'cr'", "(and disease infusion (= state cr))"},
      {"disease or infusion", "(or disease infusion)"},
      {"disease and (infusion or state = 'cr')", "(and disease (or infusion (= state cr)))"},
      {"disease\n  and infusion", "(and disease infusion)"},
      {"wrong = 'anything' and wrong", "(and (= wrong anything) wrong)"},  // its own definition is told, not its use
  };
  for (const row& r : rows) {
    SCOPED_TRACE(r.text);
    const parsed_expression p = parse_expression(r.text, scope());
    ASSERT_TRUE(p.value) << p.problems.front().message;
    EXPECT_TRUE(p.problems.empty());
    EXPECT_EQ(shown(*p.value), r.expected);
  }
}

TEST(Expression, KeepsWhatWasWritten) {
  const parsed_expression p = parse_expression("disease and (state in ('cr' | 'cri')) and age < 70 years", scope());
  ASSERT_TRUE(p.value);
  EXPECT_EQ(p.value->text, "disease and (state in ('cr' | 'cri')) and age < 70 years");
  EXPECT_EQ(p.value->children[1].text, "state in ('cr' | 'cri')");
  EXPECT_EQ(p.value->children[2].text, "age < 70 years");
  EXPECT_EQ(p.value->children[2].fact, index{2});
  EXPECT_EQ(names_in(*p.value), (std::vector<std::string>{"disease", "state", "age"}));
}

TEST(Expression, TellsTypedNumbersFromSettings) {
  EXPECT_EQ(parse_expression("day <= window", scope()).typed.size(), 0U);
  EXPECT_EQ(parse_expression("day <= 60 days and relapses > 1", scope()).typed.size(), 2U);
}

TEST(Expression, RefusesWithTheRepair) {
  struct row {
    const char* text;
    const char* code;
    std::size_t offset;
    const char* message;
    const char* help;
  };
  const row rows[] = {
      {"", "empty-expression", 0, "the expression is empty", "write a fact's name or a comparison"},
      {"not disease", "refused-form", 0, "`not` is not part of a criterion", "write `x.not()` or use `unless:`"},
      {"disease and not infusion", "refused-form", 12, "`not` is not part of a criterion",
       "write `x.not()` or use `unless:`"},
      {"!disease", "refused-form", 0, "`!` is not part of a criterion", "write `x.not()` or use `unless:`"},
      {"infusion.exists()", "refused-form", 9, "`exists` turns an unknown into a yes or a no",
       "write the fact's name alone: an event fact asks whether there is one"},
      {"exists(infusion)", "refused-form", 0, "`exists` turns an unknown into a yes or a no",
       "write the fact's name alone: an event fact asks whether there is one"},
      {"(disease and infusion).exists()", "refused-form", 23, "`exists` turns an unknown into a yes or a no",
       "write the fact's name alone: an event fact asks whether there is one"},
      {"infusion.empty()", "refused-form", 9, "`empty` turns an unknown into a yes or a no", "write `x.not()`"},
      {"relapses.count() > 1", "refused-form", 9, "`count` turns an unknown into a yes or a no",
       "write a fact with `count:` and compare it"},
      {"state ~ 'cr'", "refused-form", 6, "`~` turns an unknown into a yes or a no", "write `=`"},
      {"state !~ 'cr'", "refused-form", 6, "`!~` turns an unknown into a yes or a no", "write `!=`"},
      {"iif(disease, infusion, disease)", "refused-form", 0, "`iif` turns an unknown into a yes or a no",
       "write it with `and`, `or` and `.not()`"},
      {"state contains 'cr'", "refused-form", 6, "`contains` turns an unknown into a yes or a no",
       "write `x in ('a' | 'b')`"},
      {"state.all($this = 'cr')", "refused-form", 6, "`all` turns an unknown into a yes or a no",
       "write the comparisons with `and`"},
      {"state.subsetOf('cr')", "refused-form", 6, "`subsetOf` turns an unknown into a yes or a no",
       "write `x in ('a' | 'b')`"},
      {"state.where($this = 'cr').exists()", "refused-form", 6, "`where` turns an unknown into a yes or a no",
       "write `where:` in a fact"},
      {"disease & infusion", "refused-form", 8, "`&` turns an unknown into a yes or a no",
       "write `and` between questions, or a fact for a value"},
      {"disease && infusion", "refused-form", 8, "`&&` is not part of a criterion", "write `and`"},
      {"disease || infusion", "refused-form", 8, "`||` is not part of a criterion", "write `or`"},
      {"disease | infusion", "refused-form", 8, "`|` is not part of a criterion",
       "it stands between the values of a list: `x in ('a' | 'b')`"},
      {"disease xor infusion", "refused-form", 8, "`xor` is not part of a criterion",
       "write `(a and b.not()) or (a.not() and b)`"},
      {"disease implies infusion", "refused-form", 8, "`implies` is not part of a criterion", "write `a.not() or b`"},
      {"disease AND infusion", "refused-form", 8, "`AND` is not part of a criterion", "write `and`"},
      {"state == 'cr'", "refused-form", 6, "`==` is not part of a criterion", "write `=`"},
      {"state <> 'cr'", "refused-form", 6, "`<>` is not part of a criterion", "write `!=`"},
      {"disease = true", "refused-form", 10, "`true` compares a yes or no", "write `disease` or `disease.not()`"},
      {"true", "refused-form", 0, "`true` compares a yes or no", "write `x` or `x.not()`"},
      {"relapses + 1 > 2", "refused-form", 9, "`+` is not part of a criterion",
       "write a setting or a fact instead of a calculation"},
      {"day > -1 days", "refused-form", 6, "`-` is not part of a criterion",
       "write a setting or a fact instead of a calculation"},
      {"relapses div 2 > 1", "refused-form", 9, "`div` is not part of a criterion",
       "write a setting or a fact instead of a calculation"},
      {"state = {}", "refused-form", 8, "`{` is not part of a criterion",
       "an unknown has no literal: ask the fact itself"},
      {"infusion[2]", "refused-form", 8, "`[` is not part of a criterion",
       "name the event you mean with `first:` or `last:`"},
      {"day > @2020-01-01", "refused-form", 6, "`@` is not part of a criterion",
       "days are compared by a fact's limits: `after`, `before`, `max_age`"},
      {"%now > day", "refused-form", 0, "`%` is not part of a criterion",
       "proportions are read into codes by their event: compare the code"},
      {"$this = 'cr'", "refused-form", 0, "`$` is not part of a criterion", "a fact is named by its id"},
      {"state is cr", "refused-form", 6, "`is` is not part of a criterion", "write a fact with `is:`"},
      {"state.toString() = 'cr'", "refused-form", 6, "`toString` is not part of a criterion",
       "types are known: leave it out"},
      {"state.lower() = 'cr'", "refused-form", 6, "`lower` is not part of a criterion",
       "only `.not()` may follow a name"},
      {"infusion.cells = 'donor'", "refused-form", 9, "a fact has no parts",
       "read it with a fact of its own: `value: anchor.cells`"},
      {"state = \"cr\"", "refused-form", 8, "`\"` is not part of a criterion", "a code stands in single quotes: 'cr'"},
      {"state = cr", "syntax", 8, "`cr` is neither a value nor a setting", "write 'cr' in single quotes"},
      {"state = 'cr", "syntax", 8, "a quote is not closed", "write 'cr'"},
      {"'cr' = state", "literal-first", 0, "a value stands first", "write the fact's name first: `x = 'a'`"},
      {"'cr' in state", "literal-first", 0, "a value stands first", "write the fact's name first: `x = 'a'`"},
      {"1 < relapses", "literal-first", 0, "a value stands first", "write the fact's name first: `x = 'a'`"},
      {"relapses > 1 < 3", "syntax", 13, "two comparisons in a row", "write them with `and`"},
      {"age > day", "type", 6, "two facts are not compared", "compare each with a value or a setting"},
      {"state in 'cr'", "syntax", 9, "the values of `in` stand in parentheses", "write `state in ('a' | 'b')`"},
      {"state in ('cr', 'cri')", "refused-form", 14, "`,` is not part of a criterion",
       "write `|` between the values of a list"},
      {"state in {'cr'}", "refused-form", 9, "`{` is not part of a criterion",
       "an unknown has no literal: ask the fact itself"},
      {"state in ()", "syntax", 10, "`)` stands where a value is expected", ""},
      {"disease and infusion or age > 1 years", "mixed", 21, "`and` is mixed with `or`",
       "put parentheses around what belongs together"},
      {"disease or infusion and disease", "mixed", 20, "`and` is mixed with `or`",
       "put parentheses around what belongs together"},
      {"disease and", "syntax", 11, "the expression ends where a fact's name is expected", ""},
      {"and disease", "syntax", 0, "`and` stands where a fact's name is expected", ""},
      {"disease infusion", "syntax", 8, "`infusion` stands where `and` or `or` is expected", ""},
      {"(disease", "syntax", 0, "a parenthesis is not closed", ""},
      {"disease)", "syntax", 7, "`)` stands where `and` or `or` is expected", ""},
      {"disease.not", "syntax", 8, "`.not()` has no parentheses",
       "write `x.not()`, and `(a = 'b').not()` for a comparison"},
      {"state = 'cr'.not()", "syntax", 13, "`.not()` follows a value",
       "put the comparison in parentheses: `(state = 'cr').not()`"},
      {"disease.", "syntax", 7, "`.` stands alone", "only `.not()` may follow a name"},
      {"diseas", "unknown-fact", 0, "no fact `diseas`", "did you mean `disease`?"},
      {"somebody_else", "unknown-fact", 0, "no fact `somebody_else`", "define it under facts/"},
      {"disease and state", "not-yes-no", 12, "`state` is a value, not a yes or no", "compare it: `state = 'cr'`"},
      {"state.not()", "not-yes-no", 0, "`state` is a value, not a yes or no", "compare it: `state = 'cr'`"},
      {"age", "not-yes-no", 0, "`age` is a number, not a yes or no", "compare it: `age > 1 years`"},
      {"disease = 'cr'", "type", 8, "`disease` is a yes or no and is not compared",
       "write `disease` or `disease.not()`"},
      {"infusion > 3", "type", 9, "`infusion` is a yes or no and is not compared",
       "write `infusion` or `infusion.not()`"},
      {"state = 'rc'", "unknown-value", 8, "`state` is never 'rc'", "did you mean `cr`?"},
      {"state in ('cr' | 'pr_unconfirmed')", "unknown-value", 17, "`state` is never 'pr_unconfirmed'",
       "it can be 'cr', 'cri', 'nr'"},
      {"state < 'cr'", "type", 6, "codes have no order", "write `=`, `!=` or `in`"},
      {"state = 3", "type", 8, "`state` is a code, not a number", "it can be 'cr', 'cri', 'nr'"},
      {"age = 'old'", "type", 6, "`age` is a number, 'old' is not", "write a number of years"},
      {"age < 70", "unit", 6, "`age` is in years, and no unit is written", "write the number in years"},
      {"age < 70 days", "unit", 6, "`age` is in years, not in days", "write the number in years"},
      {"neutrophils >= 1 'mg/dL'", "unit", 17, "`neutrophils` is in `10*9/L`, which `mg/dL` does not measure", "write the number in '10*9/L'"},
      {"neutrophils >= 1 ''", "unit", 17, "an empty text is no unit; `1` is unity", "write the number in '10*9/L'"},
      {"neutrophils >= 1", "unit", 15, "`neutrophils` is in `10*9/L`, and no unit is written", "write the unit in single quotes: `1 '10*9/L'`"},
      {"neutrophils >= window", "unit", 15, "`neutrophils` is in `10*9/L`, not in days", "write the unit in single quotes: `730 '10*9/L'`"},
      {"age < 70 'a'", "unit", 9, "a unit of UCUM is not a calendar unit", "write `70 years` without quotes"},
      {"relapses > 1 years", "unit", 11, "`relapses` is a plain number, without a unit", "leave `years` out"},
      {"age < window", "unit", 6, "`age` is in years, not in days", "write the number in years"},
      {"\xc3\xa9 = 'cr'", "syntax", 0, "`\xc3\xa9` stands where a fact's name is expected", ""},
  };
  for (const row& r : rows) {
    SCOPED_TRACE(r.text);
    const parsed_expression p = parse_expression(r.text, scope());
    EXPECT_FALSE(p.value);
    ASSERT_EQ(p.problems.size(), 1U) << "one root cause is one problem";
    EXPECT_EQ(p.problems[0].code, r.code);
    EXPECT_EQ(p.problems[0].offset, r.offset);
    EXPECT_EQ(p.problems[0].message, r.message);
    EXPECT_EQ(p.problems[0].help, r.help);
  }
}

// Each row of the three tables is refused by name and with its repair, wherever it stands.
TEST(Expression, RefusesEveryFormOfTheTables) {
  const auto refused = [](const std::string& text, const refused_form& form) {
    SCOPED_TRACE(text);
    const parsed_expression p = parse_expression(text, scope());
    EXPECT_FALSE(p.value);
    ASSERT_EQ(p.problems.size(), 1U);
    EXPECT_EQ(p.problems[0].code, "refused-form");
    EXPECT_EQ(p.problems[0].help, form.repair);
    EXPECT_FALSE(p.problems[0].help.empty());
  };
  for (const refused_form& f : refused_words()) refused("disease and " + std::string(f.spelling) + " infusion", f);
  for (const refused_form& f : refused_functions()) {
    refused("disease." + std::string(f.spelling) + "()", f);
    refused("(state = 'cr')." + std::string(f.spelling) + "()", f);
  }
  for (const refused_form& f : refused_operators()) refused("disease " + std::string(f.spelling) + " infusion", f);
}

TEST(Expression, BoundsParentheses) {
  const auto nested = [](std::size_t n) { return std::string(n, '(') + "disease" + std::string(n, ')'); };
  EXPECT_TRUE(parse_expression(nested(32), scope(), 32).value);
  const parsed_expression p = parse_expression(nested(33), scope(), 32);
  ASSERT_EQ(p.problems.size(), 1U);
  EXPECT_EQ(p.problems[0].code, "depth");
  EXPECT_FALSE(parse_expression(std::string(1000000, '('), scope(), 32).value);
}

TEST(Expression, NamesIdentifiersWithoutReading) {
  EXPECT_EQ(identifiers_in("disease and (state in ('cr' | 'cri')).not() or ((("),
            (std::vector<std::string>{"disease", "state"}));
}

}  // namespace
}  // namespace mainstay::rules
