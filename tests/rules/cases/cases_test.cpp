#include "rules/cases/cases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../pack/files.hpp"
#include "rules/assess/assess.hpp"
#include "rules/cases/compile.hpp"

namespace mainstay::rules {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

struct opened {
  std::vector<pack_file> files;
  std::shared_ptr<const pack> value;
};
opened open(const std::filesystem::path& folder) {
  opened out{test::read_folder(folder), nullptr};
  auto read = load(out.files);
  EXPECT_TRUE(read.value != nullptr) << test::all_text(read.diagnostics, out.files);
  out.value = read.value;
  return out;
}
const opened& real_pack() {
  static const opened p = open(test::real_pack_folder());
  return p;
}
const opened& small_pack() {
  static const opened p = open(test::source_folder() / "tests/rules/packs/eligible");
  return p;
}

std::string failures_of(const case_report& report, const std::vector<pack_file>& files) {
  std::string out = test::all_text(report.diagnostics, files);
  for (const auto& o : report.outcomes)
    if (!o.passed)
      for (const auto& f : o.failures) out += o.file + ":" + std::to_string(o.at.line) + " " + o.name + ": " + f + "\n";
  return out;
}

TEST(cases, of_the_pack_all_hold) {
  const auto report = run_cases(*real_pack().value, real_pack().files);
  EXPECT_EQ(failures_of(report, real_pack().files), "");
  EXPECT_GE(report.passed(), 80u);
  EXPECT_EQ(report.failed(), 0u);
}

// The overlay is the one that docs/b_all_maintenance.md shows.
TEST(cases, of_a_site_that_adds_cpt_all_hold) {
  auto files = real_pack().files;
  std::erase_if(files, [](const pack_file& f) { return f.path.starts_with("cases/"); });
  for (auto& f : test::read_folder(test::source_folder() / "tests/rules/packs/cpt")) files.push_back(std::move(f));
  const auto overlay = test::read_file(test::source_folder() / "tests/rules/packs/cpt/terms/cpt.yaml");
  const auto manual = test::read_file(test::source_folder() / "docs/b_all_maintenance.md");
  EXPECT_THAT(manual, HasSubstr(overlay.substr(overlay.find("terms:"))));
  const auto read = load(files);
  ASSERT_TRUE(read.value != nullptr) << test::all_text(read.diagnostics, files);
  const auto report = run_cases(*read.value, files);
  EXPECT_EQ(failures_of(report, files), "");
  EXPECT_GE(report.passed(), 9u);
}

TEST(cases, of_the_pack_show_each_verdict_that_it_can_reach) {
  std::string all;
  for (const auto& f : real_pack().files)
    if (f.path.starts_with("cases/")) all += f.text;
  for (const auto* v : {"not applicable", "not eligible", "to confirm", "cannot assess"})
    EXPECT_THAT(all, HasSubstr("verdict: " + std::string(v)));
}

TEST(cases, of_the_small_pack_reach_eligible) {
  const auto report = run_cases(*small_pack().value, small_pack().files);
  EXPECT_EQ(failures_of(report, small_pack().files), "");
  EXPECT_EQ(report.passed(), 6u);
  std::vector<std::string> counts;
  for (const auto& c : report.counts) counts.push_back(to_text(c, *small_pack().value));
  EXPECT_THAT(counts, Contains("infusion_again / clean: 3 yes, 1 no, 2 unknown"));
  EXPECT_THAT(counts, Contains("stop_drug / cells: 4 yes, 1 no, 1 unknown"));
}

/// The small pack's first case with another `expect`.
case_report expecting(const std::string& expect) {
  return run_cases(*small_pack().value,
                   {{"cases/one.yaml",
                     "case: one\nday_0: 2025-12-24\ntoday: 2026-03-01\npatient: {born: 1991-05-02}\nchart:\n"
                     "  - {disease: \"\", date: 2023-02}\n  - {infusion: \"\", day: 0}\n  - {mrd: 0.001 %, day: 58}\n"
                     "expect: " +
                         expect + "\n"}});
}

TEST(cases, that_do_not_hold_say_what_was_expected_and_why_it_is_not_so) {
  struct row {
    const char* name;
    const char* expect;
    const char* sentence;
    const char* tree;
  };
  const row rows[] = {
      {"verdict", "{infusion_again: {verdict: to confirm}}",
       "infusion_again: verdict: expected `to confirm`, got `eligible`", "require clean: yes"},
      {"checklist", "{stop_drug: {confirm: [cells, clean]}}",
       "stop_drug: confirm: expected [cells, clean], got [cells]", "confirm cells: unknown"},
      {"a checklist too short", "{stop_drug: {confirm: []}}", "stop_drug: confirm: expected [], got [cells]",
       "stored = unknown"},
      {"missing", "{stop_drug: {missing: [result]}}", "missing: expected [result], got []", "stop_drug: to confirm"},
      {"arms", "{infusion_again: {arms: [frozen]}}", "arms: expected [frozen], got [fresh_cells, frozen]",
       "infusion_again: eligible"},
      {"a fact", "{facts: {result: positive}}", "fact `result`: expected `positive`, got `negative`", ""},
      {"a number", "{facts: {day: 66}}", "fact `day`: expected `66`, got `67 days`", ""},
      {"words", "{stop_drug: {says: [must]}}", "the card should say `must`; it says",
       "Option to discuss: stopping the drug; 1 to confirm"},
      {"silence", "{silent: deceased}", "silent: expected `deceased`, got a patient who is not silent", ""},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    const auto report = expecting(r.expect);
    ASSERT_EQ(report.diagnostics.size(), 0u) << test::all_text(report.diagnostics, {});
    ASSERT_EQ(report.failed(), 1u);
    std::string all;
    for (const auto& f : report.outcomes.front().failures) all += f + "\n";
    EXPECT_THAT(all, HasSubstr(r.sentence));
    EXPECT_THAT(all, HasSubstr(r.tree));
  }
}

TEST(cases, that_hold_say_nothing) {
  for (const auto* expect :
       {"{infusion_again: {verdict: eligible}}", "{facts: {day: 67}}", "{facts: {day: 67 days, result: negative}}",
        "{stop_drug: {verdict: to confirm, confirm: [cells]}}"}) {
    SCOPED_TRACE(expect);
    EXPECT_EQ(failures_of(expecting(expect), {}), "");
  }
}

TEST(cases, mistakes_are_diagnostics_at_their_place) {
  struct row {
    const char* name;
    const char* text;
    const char* code;
    const char* message;
    unsigned line, column;
  };
  const row rows[] = {
      {"no name", "today: 2026-03-01\nexpect: {stop_drug: {verdict: eligible}}\n", "missing-key", "a case needs a name",
       1, 1},
      {"no today", "case: a\nexpect: {stop_drug: {verdict: eligible}}\n", "missing-key", "a case needs `today`", 1, 1},
      {"no day", "case: a\ntoday: 2026-13-01\nexpect: {stop_drug: {verdict: eligible}}\n", "wrong-date",
       "`2026-13-01` is not a day", 2, 8},
      {"nothing expected", "case: a\ntoday: 2026-03-01\n", "missing-key", "a case needs `expect`", 1, 1},
      {"an empty expectation", "case: a\ntoday: 2026-03-01\nexpect: {}\n", "nothing-expected", "expects nothing", 3, 9},
      {"an id that FHIR does not allow",
       "case: a\nexample: a_b\ntoday: 2026-03-01\nexpect: {stop_drug: {verdict: eligible}}\n", "wrong-id",
       "`a_b` cannot be the id", 2, 10},
      {"an id twice",
       "- {case: a, example: x, today: 2026-03-01, expect: {stop_drug: {verdict: not applicable}}}\n"
       "- {case: b, example: x, today: 2026-03-01, expect: {stop_drug: {verdict: not applicable}}}\n",
       "wrong-id", "`x` is the id of another", 2, 22},
      {"an unknown key", "case: a\ntoday: 2026-03-01\nchat: []\nexpect: {stop_drug: {verdict: eligible}}\n",
       "unknown-key", "unknown key `chat`", 3, 1},
      {"an unknown term",
       "case: a\ntoday: 2026-03-01\nchart:\n  - {mrdd: 1 %, day: 1}\nexpect: {stop_drug: {verdict: eligible}}\n",
       "unknown-term", "`mrdd` is not a term", 4, 6},
      {"a day that is none",
       "case: a\ntoday: 2026-03-01\nchart:\n  - {mrd: 1 %, day: soon}\nexpect: {stop_drug: {verdict: eligible}}\n",
       "wrong-day", "`soon`", 4, 21},
      {"a date that is none",
       "case: a\ntoday: 2026-03-01\nchart:\n  - {mrd: 1 %, date: 03/2026}\nexpect: {stop_drug: {verdict: eligible}}\n",
       "wrong-date", "`03/2026`", 4, 22},
      {"a code of no system",
       "case: a\ntoday: 2026-03-01\nchart:\n  - {mrd: 1 %, date: 2026, code: snomd#1}\nexpect: {stop_drug: {verdict: "
       "eligible}}\n",
       "system", "no code system `snomd`", 4, 34},
      {"a code with a slip",
       "case: a\ntoday: 2026-03-01\nchart:\n  - {mrd: 1 %, date: 2026, code: loinc#67128-8}\nexpect: {stop_drug: "
       "{verdict: eligible}}\n",
       "check-digit", "`67128-8` is not a LOINC number", 4, 34},
      {"an unknown shape",
       "case: a\ntoday: 2026-03-01\nchart:\n  - {mrd: 1 %, date: 2026, as: prelimnary}\nexpect: {stop_drug: {verdict: "
       "eligible}}\n",
       "unknown-shape", "`prelimnary`", 4, 6},
      {"a source that is not there",
       "case: a\ntoday: 2026-03-01\nchart:\n  - {mrd: 1 %, date: 2026, as: Procedure}\nexpect: {stop_drug: {verdict: "
       "eligible}}\n",
       "no-source", "`mrd`", 4, 6},
      {"a term no event reads",
       "case: a\ntoday: 2026-03-01\nchart:\n  - {detected: \"\"}\nexpect: {stop_drug: {verdict: eligible}}\n",
       "no-source", "`detected`", 4, 6},
      {"an unknown protocol", "case: a\ntoday: 2026-03-01\nexpect: {stop_drag: {verdict: eligible}}\n",
       "unknown-protocol", "`stop_drag`", 3, 10},
      {"an unknown verdict", "case: a\ntoday: 2026-03-01\nexpect: {stop_drug: {verdict: elegible}}\n",
       "unknown-verdict", "`elegible`", 3, 31},
      {"an unknown criterion", "case: a\ntoday: 2026-03-01\nexpect: {stop_drug: {confirm: [cell]}}\n", "unknown-name",
       "`cell` is not a criterion", 3, 31},
      {"an unknown fact", "case: a\ntoday: 2026-03-01\nexpect: {facts: {results: negative}}\n", "unknown-name",
       "`results` is not a fact", 3, 17},
      {"a change of a row that is not there",
       "case: a\ntoday: 2026-03-01\nexpect: {stop_drug: {verdict: not applicable}}\nalso:\n  - {name: b, change: {mrd: "
       "1 %}, expect: {stop_drug: {verdict: eligible}}}\n",
       "which-row", "0 rows of `mrd`", 5, 24},
      {"a search of another pack",
       "case: a\ntoday: 2026-03-01\nfailed: {labs: timeout}\nexpect: {stop_drug: {verdict: eligible}}\n",
       "unknown-name", "`labs` is not a search", 3, 9},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    const auto report = run_cases(*small_pack().value, {{"cases/one.yaml", r.text}});
    ASSERT_GE(report.diagnostics.size(), 1u);
    const auto& d = report.diagnostics.front();
    EXPECT_EQ(d.code, r.code) << d.message;
    EXPECT_THAT(d.message, HasSubstr(r.message));
    EXPECT_EQ(d.at.file, "cases/one.yaml");
    EXPECT_EQ(d.at.line, r.line) << d.message;
    EXPECT_EQ(d.at.column, r.column) << d.message;
  }
}

TEST(cases, rows_become_what_an_ehr_would_send) {
  struct row {
    const char* name;
    const char* text;
    std::vector<std::string> pieces, absent;
  };
  const std::string percent =
      R"("valueQuantity":{"value":0.001,"unit":"%","system":"http://unitsofmeasure.org","code":"%"})";
  const row rows[] = {
      {"a percentage",
       "{mrd_by_flow: 0.001 %, day: 58}",
       {percent, R"("status":"final")", R"("effectiveDateTime":"2026-02-20")",
        R"("subject":{"reference":"Patient/p1"})", R"("contained":[{"resourceType":"Specimen")",
        R"("specimen":{"reference":"#specimen"})"},
       {}},
      {"a comparator", "{mrd_by_flow: < 0.1 %, day: 58}", {R"("comparator":"<","value":0.1)"}, {}},
      {"digits are kept", "{mrd_by_flow: 0.0100 %, day: 58}", {R"("value":0.0100,)"}, {}},
      {"no unit", "{mrd_by_flow: \"0.001\", day: 58}", {R"("valueQuantity":{"value":0.001})"}, {"\"unit\""}},
      {"a ratio",
       "{mrd_by_flow: \"1:10000\", day: 58}",
       {R"("valueRatio":{"numerator":{"value":1},"denominator":{"value":10000}})"},
       {}},
      {"a code", "{mrd_by_flow: not detected, day: 58}", {R"("valueCodeableConcept")", "LA11883-8"}, {"valueQuantity"}},
      {"a text", "{mrd_by_flow: see letter, day: 58}", {R"("valueString":"see letter")"}, {"valueQuantity"}},
      {"a status", "{mrd_by_flow: 0.001 %, day: 58, as: preliminary}", {R"("status":"preliminary")"}, {}},
      {"no status", "{mrd_by_flow: 0.001 %, day: 58, as: no status}", {percent}, {"\"status\""}},
      {"no specimen", "{mrd_by_flow: 0.001 %, day: 58, as: no specimen}", {percent}, {"specimen"}},
      {"a code that may mean it", "{mrd_by_flow: 0.001 %, day: 58, as: may}", {"67128-9"}, {"mrd-flow\""}},
      {"text only",
       "{mrd_by_flow: 0.001 %, day: 58, as: text only}",
       {R"("code":{"text":"MRD by flow cytometry"})"},
       {}},
      {"no date", "{mrd_by_flow: 0.001 %}", {percent}, {"effective"}},
      {"a hospital's code before the standard one",
       "{mrd_by_flow: 0.001 %, day: 58, as: local code}",
       {R"("coding":[{"system":"urn:example:hospital","code":"MRD-BY-FLOW"},{"system":"urn:mainstay:codes","code":"mrd-flow"}])",
        R"("code":"laboratory")"},
       {}},
      {"a hospital's code alone",
       "{all_in_remission: \"\", day: 58, as: [local code, no clinical status]}",
       {"ALL-IN-REMISSION", R"("recordedDate":"2026-02-20")"},
       {"clinicalStatus"}},
      {"the start of a period",
       "{cd19_car_t: \"\", day: 0, as: period}",
       {R"("performedPeriod":{"start":"2025-12-24"})"},
       {"performedDateTime"}},
      {"a time",
       "{mrd_by_flow: 0.001 %, day: 58, as: instant}",
       {R"("effectiveDateTime":"2026-02-20T09:30:00+00:00")"},
       {}},
      {"a day in words", "{cd19_car_t: \"\", date: 2025, as: day in words}", {R"("performedString":"about 2025")"}, {}},
      {"an onset in words",
       "{b_all: \"\", date: 2023, as: day in words}",
       {R"("onsetString":"about 2023")"},
       {"recorded"}},
      {"no words for a result's day", "{mrd_by_flow: 1 %, day: 1, as: day in words}", {R"("value":1)"}, {"effective"}},
      {"a transplant's date in words",
       "{hsct_date: \"\", day: 40, as: day in words}",
       {R"("valueString":"2026-02-02")"},
       {}},
      {"a number in words",
       "{mrd_by_flow: 0.001 %, day: 58, as: value in words}",
       {R"("valueString":"0.001 %")"},
       {"valueQuantity"}},
      {"a unit in words",
       "{mrd_by_flow: 0.001 %, day: 58, as: unit in words}",
       {R"("valueQuantity":{"value":0.001,"unit":"%"})"},
       {"unitsofmeasure"}},
      {"a value that is absent",
       "{mrd_by_flow: 0.001 %, day: 58, as: value absent}",
       {R"("dataAbsentReason":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/data-absent-reason")"},
       {"valueQuantity"}},
      {"a component",
       "{mrd_by_flow: 0.001 %, day: 58, as: component}",
       {R"("component":[{"code":{"coding":[{"system":"urn:mainstay:codes","code":"mrd-flow"}],"text":"MRD by flow cytometry"},)" +
        percent + "}]"},
       {}},
      {"a partial date",
       "{cd19_car_t: donor, date: 2025-12}",
       {R"("performedDateTime":"2025-12")", R"("usedCode")", "XW033G7", R"("status":"completed")"},
       {}},
      {"a condition",
       "{b_all: \"\", date: 2023-02}",
       {R"("recordedDate":"2023-02")", "condition-ver-status", R"("code":"confirmed")", R"("code":"active")"},
       {"\"status\""}},
      {"a resolved one", "{infection: resolved, day: 1}", {R"("code":"resolved")"}, {}},
      {"entered in error",
       "{b_all: \"\", date: 2023-02, as: entered-in-error}",
       {R"("code":"entered-in-error")"},
       {"clinicalStatus"}},
      {"another source",
       "{allo_hsct: \"\", day: 40, as: Condition, code: icd10cm#Z94.84}",
       {R"("resourceType":"Condition")", R"("system":"http://hl7.org/fhir/sid/icd-10-cm","code":"Z94.84")"},
       {}},
      {"a date as the value", "{hsct_date: \"\", day: 40}", {R"("valueDateTime":"2026-02-02")"}, {"effective"}},
      {"a count", "{relapse_count: \"2\", day: -5}", {R"("valueInteger":2)"}, {}},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    std::vector<diagnostic> problems;
    const auto cases =
        case_files::read(*real_pack().value,
                         {{"cases/one.yaml", "case: one\nday_0: 2025-12-24\ntoday: 2026-03-01\nchart: [" +
                                                 std::string(r.text) + "]\nexpect: {silent: \"\"}\n"}},
                         problems);
    ASSERT_EQ(problems.size(), 0u) << problems.front().message;
    const auto resources = case_files::compile(*real_pack().value, cases.front(), problems);
    ASSERT_EQ(resources.size(), 2u);
    for (const auto& piece : r.pieces) EXPECT_THAT(resources[1], HasSubstr(piece));
    for (const auto& piece : r.absent) EXPECT_THAT(resources[1], ::testing::Not(HasSubstr(piece)));
    EXPECT_TRUE(fhir::json::parse(resources[1]).has_value());
  }
}

TEST(cases, rows_in_a_panel_are_members_of_it) {
  std::vector<diagnostic> problems;
  const auto cases =
      case_files::read(*real_pack().value,
                       {{"cases/one.yaml",
                         "case: one\nday_0: 2025-12-24\ntoday: 2026-03-01\nchart: [{mrd_by_flow: 0.001 %, day: 58, "
                         "as: panel}]\nexpect: {silent: \"\"}\n"}},
                       problems);
  ASSERT_EQ(problems.size(), 0u);
  const auto resources = case_files::compile(*real_pack().value, cases.front(), problems);
  ASSERT_EQ(resources.size(), 3u);
  EXPECT_THAT(resources[2], HasSubstr(R"("id":"p1-1-mrd-by-flow-panel")"));
  EXPECT_THAT(resources[2], HasSubstr(R"("hasMember":[{"reference":"Observation/p1-1-mrd-by-flow"}])"));
}

TEST(examples, are_twelve_with_one_day_and_each_verdict) {
  std::vector<diagnostic> problems;
  const auto examples = compile_examples(*real_pack().value, real_pack().files, problems);
  EXPECT_EQ(problems.size(), 0u);
  std::map<std::string, std::string> found;
  for (const auto& e : examples) {
    SCOPED_TRACE(e.id);
    EXPECT_EQ(e.today, "2026-03-01");
    ASSERT_GE(e.resources.size(), 4u);
    EXPECT_THAT(e.resources.front(), HasSubstr("\"resourceType\":\"Patient\",\"id\":\"" + e.id + "\""));
    std::string error;
    const auto chart = chart_from_resources(*real_pack().value, e.id, e.resources, error);
    ASSERT_TRUE(chart) << error;
    const auto a = assess(*chart, *real_pack().value, *fhir::parse_now(e.today));
    found[e.id] = a.silent.empty() ? std::string(to_text(a.protocols.front().is)) : a.silent;
  }
  const std::map<std::string, std::string> expected{{"example-cannot-assess", "cannot assess"},
                                                    {"example-corrected", "to confirm"},
                                                    {"example-deceased", "deceased"},
                                                    {"example-gaps", "to confirm"},
                                                    {"example-mrd-positive-again", "to confirm"},
                                                    {"example-no-car-t", "not applicable"},
                                                    {"example-not-eligible", "not eligible"},
                                                    {"example-split-dose", "to confirm"},
                                                    {"example-status-code", "cannot assess"},
                                                    {"example-text-mrd", "to confirm"},
                                                    {"example-to-confirm", "to confirm"},
                                                    {"example-transplanted", "not eligible"}};
  EXPECT_EQ(found, expected);
}

TEST(chart_from_resources, reads_every_page) {
  // Seven hundred positive results after the one negative: only the last page has it.
  std::vector<std::string> resources{
      R"({"resourceType":"Patient","id":"p1","birthDate":"1991-05-02"})",
      R"({"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p1"},"code":{"coding":[{"system":"http://snomed.info/sct","code":"277571004"}]}})",
      R"({"resourceType":"Procedure","id":"c","status":"completed","subject":{"reference":"Patient/p1"},"code":{"coding":[{"system":"urn:mainstay:codes","code":"cd19-car-t"}]},"performedDateTime":"2024-06-01"})"};
  for (int i = 0; i < 700; ++i)
    resources.push_back(
        R"({"resourceType":"Observation","id":"o)" + std::to_string(i) +
        R"(","status":"final","subject":{"reference":"Patient/p1"},"bodySite":{"coding":[{"system":"http://snomed.info/sct","code":"14016003"}]},"code":{"coding":[{"system":"urn:mainstay:codes","code":"mrd-flow"}]},"effectiveDateTime":")" +
        fhir::to_string(*fhir::parse_day("2024-06-02") + i) + R"(","valueQuantity":{"value":)" +
        (i == 0 ? "0.001" : "1") + R"(,"system":"http://unitsofmeasure.org","code":"%"}})");
  std::string error;
  const auto& p = *real_pack().value;
  const auto chart = chart_from_resources(p, "p1", resources, error);
  ASSERT_TRUE(chart) << error;
  const auto a = assess(*chart, p, *fhir::parse_now("2026-05-03"));
  EXPECT_EQ(a.facts[*p.find_fact("mrd_cleared")].strict.yes, fhir::truth::yes);
}

TEST(chart_from_resources, tells_what_it_cannot_read) {
  std::string error;
  EXPECT_FALSE(chart_from_resources(*real_pack().value, "p1", {"{"}, error));
  EXPECT_THAT(error, HasSubstr("not JSON"));
  EXPECT_FALSE(chart_from_resources(*real_pack().value, "p1", {R"({"id":"x"})"}, error));
  EXPECT_FALSE(error.empty());
}

}  // namespace
}  // namespace mainstay::rules
