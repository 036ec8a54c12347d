// Particulars that are numbers with units, from the pack's text to the card: `quantity`, its literals, and what stays
// unknown. The cases of tests/rules/packs/counts show each shape; here is what no case can say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/multiprecision/cpp_int.hpp>

#include "../pack/files.hpp"
#include "fhir/json/document.hpp"
#include "rules/advice/advice.hpp"
#include "rules/analysis/findings.hpp"
#include "rules/assess/assess.hpp"
#include "rules/cases/cases.hpp"
#include "rules/criteria/evaluate.hpp"
#include "rules/criteria/expression.hpp"
#include "rules/events/read_value.hpp"
#include "rules/explain/explain.hpp"

namespace mainstay::rules {
namespace {

using fhir::truth;
using ::testing::HasSubstr;
using rational = boost::multiprecision::cpp_rational;

const std::filesystem::path folder = test::source_folder() / "tests/rules/packs/counts";

TEST(quantity, cases_of_the_pack_pass) {
  const auto files = test::read_folder(folder);
  const auto l = load(files);
  ASSERT_NE(l.value, nullptr) << test::all_text(l.diagnostics, files);
  for (const auto& d : findings(*l.value)) EXPECT_EQ(d.code, "ruled-out") << d.message;  // under 0.5 is under 1
  const auto report = run_cases(*l.value, files);
  EXPECT_EQ(test::all_text(report.diagnostics, files), "");
  for (const auto& o : report.outcomes)
    for (const auto& f : o.failures) ADD_FAILURE() << o.name << ": " << f;
  EXPECT_GE(report.passed(), 25u);
}

/// What is said of a chart with one count.
struct told {
  std::string json, text;
};
told explained(const std::string& value) {
  const auto files = test::read_folder(folder);
  const auto rules = load(files).value;
  std::string error;
  const auto chart = chart_from_resources(
      *rules, "p1",
      {R"({"resourceType":"Patient","id":"p1","birthDate":"1991-05-02"})",
       R"({"resourceType":"Observation","id":"o","status":"final","subject":{"reference":"Patient/p1"},"code":{"coding":[{"system":"http://loinc.org","code":"751-8"}]},"effectiveDateTime":"2026-02-20",)" +
           value + "}"},
      error);
  EXPECT_TRUE(chart) << error;
  const auto a = assess(*chart, *rules, *fhir::parse_now("2026-03-01"));
  return {explain_json(*rules, a, {}, "2026-03-01"), explain_text(*rules, a)};
}

TEST(quantity, is_explained_with_its_unit_and_digits) {
  const std::string ucum = R"(,"system":"http://unitsofmeasure.org","code":")";
  struct example {
    std::string value;
    std::vector<std::string> json;
    std::string text;
  };
  const std::vector<example> examples{
      {R"("valueQuantity":{"value":1.20)" + ucum + R"(10*9/L"})",
       {R"("state": "known")", R"("value": 1.20,)", R"("unit": "10*9/L")", R"("recorded": "1.20 10*9/L")"},
       "anc = 1.20 10*9/L (1.20 10*9/L), 2026-02-20"},
      {R"("valueQuantity":{"value":0.5,"comparator":"<")" + ucum + R"(10*9/L"})",
       {R"("state": "possible")", R"("high": 0.5,)", R"("high_open": true)"},
       "anc = < 0.5 10*9/L (< 0.5 10*9/L), 2026-02-20"},
      {R"("valueRange":{"low":{"value":800)" + ucum + R"(/uL"},"high":{"value":1.2)" + ucum + R"(10*9/L"}})",
       {R"("recorded": "800 /uL to 1.2 10*9/L")"},
       "anc = 0.8"},
      {R"("valueQuantity":{"value":1.5,"unit":"K/uL"})",
       {R"("how_read": "unit \"K/uL\" read as 10*3/uL")"},
       R"(unit "K/uL" read as 10*3/uL)"},
      {R"("valueString":"1.5 K/uL")",
       {R"("how_read": "from the text \"1.5 K/uL\", unit \"K/uL\" read as 10*3/uL")"},
       R"(from the text "1.5 K/uL")"},
      {R"("valueQuantity":{"value":1.5,"unit":"K/uL")" + ucum + R"(mg/dL"})",
       {R"("reason": "unit")", R"("detail": "mg/dL")"},
       "anc = unknown, 2026-02-20"},
      {R"("valueQuantity":{"value":1.5)" + ucum + R"(10*9/L"},"valueString":"1.6 10*9/L")", {R"("reason": "conflict")"}, "anc = unknown"},
      {R"("valueQuantity":"1.5 10*9/L")", {R"("reason": "unreadable")"}, "anc = unknown"},
      {R"("valueBoolean":true)", {R"("detail": "value not understood")"}, "anc = unknown"},
      {R"("valueQuantity":{"value":1e300)" + ucum + R"(10*9/L"})", {R"("reason": "unreadable")"}, "anc = unknown"},
  };
  for (const auto& e : examples) {
    SCOPED_TRACE(e.value);
    const auto got = explained(e.value);
    for (const auto& piece : e.json) EXPECT_THAT(got.json, HasSubstr(piece));
    EXPECT_THAT(got.text, HasSubstr(e.text));
  }
}

// ---- wider values: the same answer, or unknown

/// A number in a unit whose factor to 10*9/L is known: exactly what it says.
struct written {
  long long digits = 0;
  int places = 0;
  int unit = 0;
};
struct known_unit {
  const char* code;
  rational factor;
};
const known_unit units[] = {{"10*9/L", 1}, {"/uL", rational(1, 1000)}, {"10*3/uL", 1}, {"/L", rational(1, 1'000'000'000)}, {"10*6/mL", 1}, {"{cells}/uL", rational(1, 1000)}};

rational value_of(const written& w) {
  rational r = w.digits;
  for (int i = 0; i < w.places; ++i) r /= 10;
  return r * units[w.unit].factor;
}
std::string number_of(const written& w) { return fhir::decimal::make(w.digits, w.places)->to_string(); }

written any_number() {
  return {*rc::gen::inRange(0LL, 5000LL), *rc::gen::inRange(0, 4), *rc::gen::inRange(0, static_cast<int>(std::size(units)))};
}

/// What `anc OP LITERAL` is for an Observation with this value.
truth answer(const std::string& value, const std::string& comparison) {
  expression_scope scope;
  scope.find = [](std::string_view) {
    named n;
    n.type = fact_type::number;
    n.unit = "10*9/L";
    n.ucum = true;
    return std::optional(n);
  };
  const auto asked = parse_expression(comparison, scope);
  RC_ASSERT(asked.value.has_value());
  particular what;
  what.name = "anc";
  what.unit = "10*9/L";
  reader how;
  how.how = reader::kind::quantity;
  how.in = fhir::ucum::parse("10*9/L").value();
  what.readers.push_back(how);
  std::vector<reason> doubts;
  const auto doc = fhir::json::parse("{" + value + "}");
  const auto read = read_particular(doc->root(), resource_type::observation, what, {"anc", {}, "10*9/L"}, pack(), std::nullopt, doubts);
  RC_ASSERT(read.said);
  return evaluate(*asked.value, [&](const expression&) {
    operand o;
    o.type = fact_type::number;
    o.anything = false;
    o.numbers = read.numbers;
    return o;
  });
}

std::string quantity_of(const written& w, const std::string& comparator = "") {
  return R"({"value":)" + number_of(w) + (comparator.empty() ? "" : R"(,"comparator":")" + comparator + "\"") +
         R"(,"system":"http://unitsofmeasure.org","code":")" + units[w.unit].code + "\"}";
}

TEST(quantity_property, is_compared_exactly_and_wider_values_never_decide_otherwise) {
  EXPECT_TRUE(rc::check([] {
    const written w = any_number(), bound = any_number(), other = any_number();
    const auto op = *rc::gen::elementOf(std::vector<std::string>{"=", "!=", "<", "<=", ">", ">="});
    const auto question = "anc " + op + " " + number_of(bound) + " '" + units[bound.unit].code + "'";
    const rational x = value_of(w), y = value_of(bound);
    const bool holds = op == "=" ? x == y : op == "!=" ? x != y : op == "<" ? x < y : op == "<=" ? x <= y : op == ">" ? x > y : x >= y;
    const auto exact = answer("\"valueQuantity\":" + quantity_of(w), question);
    RC_ASSERT(exact == fhir::to_truth(holds));
    // Everything that has the number among what it leaves possible.
    const rational z = value_of(other);
    std::vector<std::string> wider;
    if (x <= z) wider.push_back("\"valueQuantity\":" + quantity_of(other, "<="));
    if (x < z) wider.push_back("\"valueQuantity\":" + quantity_of(other, "<"));
    if (x >= z) wider.push_back("\"valueQuantity\":" + quantity_of(other, ">="));
    if (x > z) wider.push_back("\"valueQuantity\":" + quantity_of(other, ">"));
    const auto &low = x <= z ? w : other, &high = x <= z ? other : w;
    wider.push_back(R"("valueRange":{"low":)" + quantity_of(low) + R"(,"high":)" + quantity_of(high) + "}");
    wider.push_back(R"("valueRange":{"low":)" + quantity_of(low) + "}");
    for (const auto& value : wider) {
      const auto got = answer(value, question);
      RC_ASSERT(got == exact || got == truth::unknown);
    }
  }));
}

TEST(quantity, an_analysis_knows_numbers_between_whole_ones) {
  const auto base = test::read_folder(folder);
  const auto warnings = [&](const std::string& when) {
    auto files = base;
    for (auto& f : files) {
      const std::string old = "when: anc >= 1000 '/uL', from: p1.counts";
      if (const auto at = f.text.find(old); at != std::string::npos) f.text.replace(at, old.size(), "when: " + when + ", ours: a test");
    }
    const auto l = load(files);
    EXPECT_NE(l.value, nullptr) << test::all_text(l.diagnostics, files);
    std::string out;
    if (l.value)
      for (const auto& d : findings(*l.value)) out += (out.empty() ? "" : " ") + d.code;
    return out;
  };
  EXPECT_EQ(warnings("anc >= 0.5 '10*9/L'"), "ruled-out");  // the risk factor asks for less
  EXPECT_EQ(warnings("anc >= 0.4 '10*9/L'"), "");
  EXPECT_EQ(warnings("anc > 0.4 '10*9/L' and anc < 0.45 '10*9/L'"), "");
  EXPECT_EQ(warnings("anc > 0.45 '10*9/L' and anc < 400 '/uL'"), "never-true");
  EXPECT_EQ(warnings("anc > 0.4 '10*9/L' or anc <= 0.4 '10*9/L'"), "always-true");
}

}  // namespace
}  // namespace mainstay::rules
