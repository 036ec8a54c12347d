// Status, day, codes and specimen of one resource, as the rule language takes them (idea 3, "Events").
#include "rules/events/resource.hpp"

#include <gtest/gtest.h>

#include "rules/events/read_value.hpp"

namespace mainstay::rules {
namespace {

using fhir::truth;

fhir::json::document read(std::string text) { return fhir::json::parse(std::move(text)).value(); }

const fhir::now now = fhir::now_at(*fhir::parse_day("2026-03-01"));

TEST(resource, standing_by_status) {
  struct example {
    resource_type type;
    std::string json;
    standing::kind want;
  };
  const auto o = resource_type::observation, p = resource_type::procedure, c = resource_type::condition;
  const auto verified = [](const std::string& code) {
    return R"({"verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":")" + code + R"("}]}})";
  };
  using k = standing::kind;
  const std::vector<example> examples{
      {o, R"({"status":"final"})", k::taken},           {o, R"({"status":"amended"})", k::taken},
      {o, R"({"status":"corrected"})", k::taken},       {o, R"({"status":"preliminary"})", k::doubtful},
      {o, R"({"status":"unknown"})", k::doubtful},      {o, R"({})", k::doubtful},
      {o, R"({"status":"registered"})", k::never},      {o, R"({"status":"cancelled"})", k::never},
      {o, R"({"status":"entered-in-error"})", k::never},{o, R"({"status":7})", k::doubtful},
      {p, R"({"status":"completed"})", k::taken},       {p, R"({"status":"not-done"})", k::never},
      {p, R"({"status":"preparation"})", k::never},     {p, R"({"status":"in-progress"})", k::doubtful},
      {p, R"({"status":"entered-in-error"})", k::never},{p, R"({})", k::doubtful},
      {c, R"({})", k::taken},                           {c, verified("confirmed"), k::taken},
      {c, verified("provisional"), k::doubtful},        {c, verified("refuted"), k::never},
      {c, verified("entered-in-error"), k::never},      {c, R"({"verificationStatus":{}})", k::doubtful},
      {o, R"({"status":"final","modifierExtension":[{"url":"urn:x","valueBoolean":true}]})", k::doubtful},
  };
  for (const auto& e : examples) {
    SCOPED_TRACE(e.json);
    const auto doc = read(e.json);
    const auto got = read_standing(doc.root(), e.type);
    EXPECT_EQ(got.is, e.want);
    EXPECT_EQ(got.why.empty(), e.want != standing::kind::doubtful);
  }
}

TEST(resource, day_by_reader) {
  struct example {
    std::string name;
    resource_type type;
    day_reader how;
    std::string json, want;  // "FIRST LAST", "future", or "undated LAST"
  };
  const auto o = resource_type::observation, p = resource_type::procedure, c = resource_type::condition;
  using r = day_reader;
  const std::vector<example> examples{
      {"day", p, r::performed, R"({"performedDateTime":"2025-12-24"})", "2025-12-24 2025-12-24"},
      {"time with offset", p, r::performed, R"({"performedDateTime":"2025-12-24T23:30:00-05:00"})", "2025-12-25 2025-12-25"},
      {"month", p, r::performed, R"({"performedDateTime":"2025-12"})", "2025-12-01 2025-12-31"},
      {"month that goes on: not after today", p, r::performed, R"({"performedDateTime":"2026"})", "2026-01-01 2026-03-01"},
      {"period", p, r::performed, R"({"performedPeriod":{"start":"2025-12-24","end":"2025-12-27"}})", "2025-12-24 2025-12-24"},
      {"period without start", p, r::performed, R"({"performedPeriod":{"end":"2025-12-27"}})", "undated 2025-12-27"},
      {"text is no date", p, r::performed, R"({"performedString":"approx 2019"})", "undated 2026-03-01"},
      {"none", p, r::performed, R"({})", "undated 2026-03-01"},
      {"not a date", p, r::performed, R"({"performedDateTime":"2025-13-01"})", "undated 2026-03-01"},
      {"future", p, r::performed, R"({"performedDateTime":"2026-03-02"})", "future"},
      {"instant", o, r::effective, R"({"effectiveInstant":"2026-02-20T09:00:00Z"})", "2026-02-20 2026-02-20"},
      {"undated, issued", o, r::effective, R"({"issued":"2026-02-21T09:00:00Z"})", "undated 2026-02-21"},
      {"value date", o, r::value, R"({"valueDateTime":"2021-05-04"})", "2021-05-04 2021-05-04"},
      {"value date as text", o, r::value, R"({"valueString":"2021-05-04"})", "2021-05-04 2021-05-04"},
      {"value text", o, r::value, R"({"valueString":"spring 2021"})", "undated 2026-03-01"},
      {"recorded", c, r::recorded, R"({"recordedDate":"2026-01-10"})", "2026-01-10 2026-01-10"},
      {"by recorded", c, r::by_recorded, R"({"recordedDate":"2026-01-10","onsetDateTime":"2020-01-01"})", "undated 2026-01-10"},
      {"by recorded, not recorded", c, r::by_recorded, R"({})", "undated 2026-03-01"},
      {"by performed", p, r::by_recorded, R"({"performedDateTime":"2026-01-10"})", "undated 2026-01-10"},
      {"by performed, a month", p, r::by_recorded, R"({"performedDateTime":"2026-01"})", "undated 2026-01-31"},
      {"by performed, this month", p, r::by_recorded, R"({"performedDateTime":"2026-03"})", "undated 2026-03-01"},
      {"by performed, without a day", p, r::by_recorded, R"({"performedString":"about 2019"})", "undated 2026-03-01"},
      {"by performed, planned", p, r::by_recorded, R"({"performedDateTime":"2026-03-02"})", "future"},
      {"onset", c, r::onset, R"({"onsetDateTime":"2020-01"})", "2020-01-01 2020-01-31"},
  };
  for (const auto& e : examples) {
    SCOPED_TRACE(e.name);
    const auto doc = read(e.json);
    const auto got = read_day(doc.root(), e.type, e.how, now);
    const auto text = got.future    ? std::string("future")
                      : got.undated ? "undated " + fhir::to_string(got.when.last)
                                    : fhir::to_string(got.when.first) + " " + fhir::to_string(got.when.last);
    EXPECT_EQ(text, e.want);
  }
}

pack marked_pack() {
  pack p;
  const auto add = [&](std::string id, std::vector<std::string> codes, std::vector<std::string> may, std::vector<std::string> none) {
    term t;
    t.id = std::move(id);
    for (auto& c : codes) t.codes.push_back({"urn:s", c});
    for (auto& c : may) t.may.push_back({"urn:s", c});
    for (auto& c : none) t.none.push_back({"urn:s", c});
    p.terms.push_back(std::move(t));
  };
  add("allo", {"allo"}, {"any"}, {"auto"});
  add("detected", {"pos"}, {}, {});
  add("not_detected", {"neg"}, {"maybe-neg"}, {});
  p.prepare();
  return p;
}

TEST(resource, concept_matches_by_system_and_code) {
  const auto p = marked_pack();
  struct example {
    std::string codings;
    code_match want;
  };
  const std::vector<example> examples{
      {R"({"system":"urn:s","code":"allo"})", code_match::yes},
      {R"({"system":"urn:s","code":"any"})", code_match::may},
      {R"({"system":"urn:s","code":"any"},{"system":"urn:s","code":"allo"})", code_match::yes},
      {R"({"system":"urn:s","code":"allo"},{"system":"urn:s","code":"auto"})", code_match::none},
      {R"({"system":"urn:s","code":"auto"})", code_match::none},
      {R"({"system":"urn:other","code":"allo"})", code_match::none},
      {R"({"code":"allo"})", code_match::none},
      {R"({"system":"urn:s","display":"allo"})", code_match::none},
      {R"({"system":"urn:s|2024","code":"allo"})", code_match::yes},
      {"", code_match::none},
  };
  for (const auto& e : examples) {
    SCOPED_TRACE(e.codings);
    const auto doc = read(R"({"coding":[)" + e.codings + "]}");
    EXPECT_EQ(coded_element(&doc.root(), p).match(0), e.want);
  }
  EXPECT_EQ(coded_element(nullptr, p).match(0), code_match::none);
}

/// MRD as the packs read it: bounds at 0.01 %, and codes.
particular mrd_result(fhir::spellings spelling = fhir::spellings::ucum) {
  particular what;
  what.name = "result";
  what.values = {"negative", "positive"};
  reader bounds;
  bounds.how = reader::kind::proportion;
  bounds.spelling = spelling;
  const auto limit = *fhir::decimal::parse("0.0001");
  bounds.proportion = {{"negative", fhir::comparison::less_or_equal, limit, "<= 0.01 %"}, {"positive", fhir::comparison::greater, limit, "> 0.01 %"}};
  reader coded;
  coded.how = reader::kind::coded;
  coded.coded = {{"negative", 2}, {"positive", 1}};
  what.readers = {bounds, coded};
  return what;
}
const particular_space mrd_space{"result", {"negative", "positive"}};
constexpr std::uint64_t negative = 1, positive = 2, either = 3, anything = value_set::anything;

TEST(resource, mrd_result_is_what_the_value_leaves_possible) {
  const auto p = marked_pack();
  const auto what = mrd_result();
  const auto quantity = [](const std::string& members) { return R"({"valueQuantity":{)" + members + "}}"; };
  const std::string percent = R"(,"system":"http://unitsofmeasure.org","code":"%","unit":"%")";
  const auto concept_value = [](const std::string& code) {
    return R"({"valueCodeableConcept":{"coding":[{"system":"urn:s","code":")" + code + R"("}]}})";
  };
  struct example {
    std::string name, json, sensitivity;
    std::uint64_t want;
    std::string reasons;  // kinds of doubts and reasons
  };
  const std::vector<example> examples{
      {"0.009 %", quantity(R"("value":0.009)" + percent), "", negative, ""},
      {"0.01 %: not positive by the paper's words", quantity(R"("value":0.01)" + percent), "", negative, ""},
      {"0.011 %", quantity(R"("value":0.011)" + percent), "", positive, ""},
      {"< 0.1 %", quantity(R"("value":0.1,"comparator":"<")" + percent), "", either, ""},
      {"< 0.01 %", quantity(R"("value":0.01,"comparator":"<")" + percent), "", negative, ""},
      {"> 0.01 %", quantity(R"("value":0.01,"comparator":">")" + percent), "", positive, ""},
      {">= 0.01 %", quantity(R"("value":0.01,"comparator":">=")" + percent), "", either, ""},
      {"10*-4", quantity(R"("value":0.5,"system":"http://unitsofmeasure.org","code":"10*-4")"), "", negative, ""},
      {"a fraction", quantity(R"("value":0.001,"system":"http://unitsofmeasure.org","code":"1")"), "", positive, ""},
      {"no unit", quantity(R"("value":0.001)"), "", anything, "unit"},
      {"cells", quantity(R"("value":3,"system":"http://unitsofmeasure.org","code":"{cells}")"), "", anything, "unit"},
      {"ratio", R"({"valueRatio":{"numerator":{"value":1},"denominator":{"value":10000}}})", "", negative, ""},
      {"ratio above", R"({"valueRatio":{"numerator":{"value":2},"denominator":{"value":10000}}})", "", positive, ""},
      {"ratio over nothing", R"({"valueRatio":{"numerator":{"value":2},"denominator":{"value":0}}})", "", anything, "unreadable"},
      {"not detected, no sensitivity", concept_value("neg"), "", negative, "doubtful"},
      {"not detected, 0.01 %", concept_value("neg"), "0.01 %", negative, ""},
      {"not detected, 0.1 %", concept_value("neg"), "0.1 %", either, ""},
      {"detected, no sensitivity", concept_value("pos"), "", positive, "doubtful"},
      {"detected, 0.01 %", concept_value("pos"), "0.01 %", positive, ""},
      {"detected, 0.001 %", concept_value("pos"), "0.001 %", either, ""},
      {"a code that may mean it", concept_value("maybe-neg"), "0.01 %", negative, "doubtful"},
      {"another code", concept_value("xyz"), "", anything, "unreadable"},
      {"text", R"({"valueString":"see letter"})", "", anything, "unreadable"},
      {"a range", R"({"valueRange":{"low":{"value":0.001,"unit":"%"},"high":{"value":0.005,"unit":"%"}}})", "", negative, ""},
      {"a range around the bound", R"({"valueRange":{"low":{"value":0.001,"unit":"%"},"high":{"value":0.5,"unit":"%"}}})", "", either, ""},
      {"two values that agree", R"({"valueQuantity":{"value":0.001,"unit":"%"},"valueString":"< 0.01 %"})", "", negative, ""},
      {"two values that disagree", R"({"valueQuantity":{"value":0.001,"unit":"%"},"valueString":"0.5 %"})", "", anything, "conflict"},
      {"a value with a remark", R"({"valueQuantity":{"value":0.001,"unit":"%"},"valueString":"see letter"})", "", negative, ""},
      {"a text in a Concept is not matched", R"({"valueCodeableConcept":{"text":"not detected"}})", "0.01 %", anything, "unreadable"},
      {"nothing", R"({"dataAbsentReason":{"text":"not performed"}})", "", anything, "unreadable"},
  };
  for (const auto& e : examples) {
    SCOPED_TRACE(e.name);
    const auto doc = read(e.json);
    std::vector<reason> doubts;
    const auto sensitivity = e.sensitivity.empty() ? std::nullopt : fhir::parse_proportion(e.sensitivity);
    const auto got = read_particular(doc.root(), resource_type::observation, what, mrd_space, p, sensitivity, doubts);
    EXPECT_EQ(got.codes, e.want);
    EXPECT_EQ(got.said && !is_conflict(got), e.want != anything);
    std::string kinds;
    for (const auto& r : doubts) kinds += to_text(r.kind);
    for (const auto& r : got.reasons) kinds += to_text(r.kind);
    EXPECT_EQ(kinds, e.reasons);
  }
}

TEST(resource, mrd_text_is_what_it_leaves_possible) {
  const auto p = marked_pack();
  struct example {
    std::string text, sensitivity;  // the term's
    std::uint64_t want;
    std::string why;                // kinds of doubts and reasons, and the reason's detail
    std::string shown, how_read;
  };
  const std::vector<example> examples{
      {"0.004 %", "", negative, "", "0.004 %", R"_(from the text "0.004 %")_"},
      {"0.004 % of cells", "", negative, "", "0.004 %", R"_(from the text "0.004 % of cells")_"},
      {"0,01 %", "", negative, "", "0.01 %", R"_(from the text "0,01 %")_"},
      {"0.011%", "", positive, "", "0.011 %", R"_(from the text "0.011%")_"},
      {"< 0.01 %", "", negative, "", "< 0.01 %", R"_(from the text "< 0.01 %")_"},
      {"<= 0.1 %", "", either, "", "<= 0.1 %", R"_(from the text "<= 0.1 %")_"},
      {">= 0.01 %", "", either, "", ">= 0.01 %", R"_(from the text ">= 0.01 %")_"},
      {"> 0.01 %", "", positive, "", "> 0.01 %", R"_(from the text "> 0.01 %")_"},
      {"12-15 %", "", positive, "", "12 to 15 %", R"_(from the text "12-15 %")_"},
      {"0.001-0.1 %", "", either, "", "0.001 to 0.1 %", R"_(from the text "0.001-0.1 %")_"},
      {"1:10 000", "", negative, "", "0.01 %", R"_(from the text "1:10 000")_"},
      {"2 in 10,000 cells", "", positive, "", "0.02 %", R"_(from the text "2 in 10,000 cells")_"},
      {"1:3", "", positive, "", "", R"_(from the text "1:3")_"},
      {"positive (0.05 %)", "", positive, "", "0.05 %", R"_(from the text "positive (0.05 %)")_"},
      {"detected, < 0.01 %", "", negative, "", "0 to 0.01 %", R"_(from the text "detected, < 0.01 %")_"},
      // as the coded reader's: 0 to the sensitivity, above it
      {"not detected", "", negative, "doubtful: sensitivity not stated", "", R"_(from the text "not detected")_"},
      {"not detected", "0.01 %", negative, "", "", R"_(from the text "not detected")_"},
      {"not detected", "0.1 %", either, "", "", R"_(from the text "not detected")_"},
      {"detected", "", positive, "doubtful: sensitivity not stated", "", R"_(from the text "detected")_"},
      {"detected", "0.01 %", positive, "", "", R"_(from the text "detected")_"},
      {"detected", "0.001 %", either, "", "", R"_(from the text "detected")_"},
      // the text's own sensitivity goes before the term's
      {"neg (sens. 10^-4)", "", negative, "", "", R"_(from the text "neg (sens. 10^-4)")_"},
      {"neg (sens. 10^-4)", "0.1 %", negative, "", "", R"_(from the text "neg (sens. 10^-4)")_"},
      {"neg (sens. 10^-3)", "0.01 %", either, "", "", R"_(from the text "neg (sens. 10^-3)")_"},
      {"MRD neg (sens. 0.002%)", "", negative, "", "", R"_(from the text "MRD neg (sens. 0.002%)")_"},
      {"positive, sensitivity 10^-5", "0.01 %", either, "", "", R"_(from the text "positive, sensitivity 10^-5")_"},
      // no unit, or one that is no proportion
      {"0.004", "", anything, R"(unit: "0.004")", "", ""},
      {"< 0.01", "", anything, R"(unit: "< 0.01")", "", ""},
      {"1.2 x 10-3", "", anything, R"(unit: "1.2 x 10-3")", "", ""},
      {"5 mg/dL", "", anything, "unit: mg/dL", "", ""},
      {"-1 %", "", anything, "unreadable: ", "", ""},
      // not understood
      {"see letter", "", anything, R"(unreadable: "see letter")", "", ""},
      {"0.004 percent", "", anything, R"(unreadable: "0.004 percent")", "", ""},
      {"negative 0.05 %", "0.01 %", anything, R"(unreadable: "negative 0.05 %")", "", ""},
      {"3 10*-4", "", anything, R"(unreadable: "3 10*-4")", "", ""},
      {"ND", "0.01 %", anything, R"(unreadable: "ND")", "", ""},
  };
  const auto expect = [&](const example& e, fhir::spellings spelling) {
    SCOPED_TRACE(e.text + " " + e.sensitivity);
    const auto doc = read(R"({"valueString":")" + e.text + R"("})");
    std::vector<reason> doubts;
    const auto sensitivity = e.sensitivity.empty() ? std::nullopt : fhir::parse_proportion(e.sensitivity);
    const auto got = read_particular(doc.root(), resource_type::observation, mrd_result(spelling), mrd_space, p,
                                     sensitivity, doubts);
    EXPECT_EQ(got.codes, e.want);
    EXPECT_EQ(got.said, e.want != anything);
    std::string why;
    for (const auto& list : {doubts, got.reasons})
      for (const auto& r : list) why += std::string(to_text(r.kind)) + ": " + r.detail;
    EXPECT_EQ(why, e.why);
    EXPECT_EQ(got.shown, e.shown);
    EXPECT_EQ(got.how_read, e.how_read);
  };
  for (const auto& e : examples) expect(e, fhir::spellings::ucum);
  expect({"0.004 percent", "", negative, "", "0.004 %", R"_(from the text "0.004 percent", unit "percent" read as %)_"},
         fhir::spellings::laboratory);
  expect({"3 promille", "", positive, "", "3 [ppth]", R"_(from the text "3 promille", unit "promille" read as [ppth])_"},
         fhir::spellings::laboratory);
}

TEST(resource, laboratories_units_are_read_where_the_pack_asks_for_it) {
  const auto p = marked_pack();
  struct example {
    std::string unit, code;  // code: members beside value and unit
    fhir::spellings spelling;
    std::string want;        // shown and how_read, or the reason
  };
  const std::string ucum = R"(,"system":"http://unitsofmeasure.org","code":")";
  using s = fhir::spellings;
  const std::vector<example> examples{
      {"%", "", s::ucum, "0.004 %; "},
      {"percent", "", s::ucum, "unit: percent"},
      {"percent", "", s::laboratory, R"(0.004 %; unit "percent" read as %)"},
      {"ppm", "", s::laboratory, R"(0.004 [ppm]; unit "ppm" read as [ppm])"},
      {"K/uL", "", s::laboratory, "unit: K/uL"},
      {"strange", "", s::laboratory, "unit: strange"},
      // the code decides, whatever the text
      {"percent", ucum + R"(10*-4")", s::laboratory, "0.004 percent; "},
      {"percent", ucum + R"(mg")", s::laboratory, "unit: mg"},
  };
  for (const auto& e : examples) {
    SCOPED_TRACE(e.unit + e.code);
    const auto doc = read(R"({"valueQuantity":{"value":0.004,"unit":")" + e.unit + "\"" + e.code + "}}");
    std::vector<reason> doubts;
    const auto got = read_particular(doc.root(), resource_type::observation, mrd_result(e.spelling), mrd_space, p,
                                     std::nullopt, doubts);
    const auto& why = got.reasons;
    EXPECT_EQ(why.empty() ? got.shown + "; " + got.how_read : std::string(to_text(why[0].kind)) + ": " + why[0].detail,
              e.want);
  }
}

TEST(resource, specimen_is_stated_or_not) {
  pack p;
  term marrow;
  marrow.id = "marrow";
  marrow.codes.push_back({"urn:s", "marrow"});
  p.terms.push_back(marrow);
  p.prepare();
  struct example {
    std::string name, json;
    truth want;
  };
  const std::vector<example> examples{
      {"site", R"({"bodySite":{"coding":[{"system":"urn:s","code":"marrow"}]}})", truth::yes},
      {"other site", R"({"bodySite":{"coding":[{"system":"urn:s","code":"blood"}]}})", truth::no},
      {"contained", R"({"contained":[{"resourceType":"Specimen","id":"s","type":{"coding":[{"system":"urn:s","code":"marrow"}]}}],"specimen":{"reference":"#s"}})", truth::yes},
      {"contained, other", R"({"contained":[{"resourceType":"Specimen","id":"s","type":{"coding":[{"system":"urn:s","code":"blood"}]}}],"specimen":{"reference":"#s"}})", truth::no},
      {"reference elsewhere", R"({"specimen":{"reference":"Specimen/9"}})", truth::unknown},
      {"text only", R"({"bodySite":{"text":"marrow"}})", truth::unknown},
      {"not stated", R"({})", truth::unknown},
  };
  for (const auto& e : examples) {
    SCOPED_TRACE(e.name);
    const auto doc = read(e.json);
    EXPECT_EQ(to_text(match_specimen(doc.root(), p, 0)), to_text(e.want));
  }
}

TEST(resource, value_stands_in_the_one_component_of_the_term) {
  pack p;
  term mrd;
  mrd.id = "mrd";
  mrd.codes.push_back({"urn:s", "mrd"});
  mrd.may.push_back({"urn:s", "flow"});
  p.terms.push_back(mrd);
  p.prepare();
  const auto component = [](const std::string& code, const std::string& value) {
    return R"({"code":{"coding":[{"system":"urn:s","code":")" + code + R"("}]},"valueInteger":)" + value + "}";
  };
  const auto observation = [](const std::string& own, const std::string& components) {
    return "{" + own + R"("component":[)" + components + "]}";
  };
  struct example {
    std::string name, json, want;  // want: the value found; empty: none
  };
  const std::vector<example> examples{
      {"its own value", R"({"valueInteger":1})", "1"},
      {"one component", observation("", component("other", "2") + "," + component("mrd", "3")), "3"},
      {"its own value comes first", observation(R"("valueInteger":1,)", component("mrd", "3")), "1"},
      {"which of two is not said", observation("", component("mrd", "3") + "," + component("mrd", "4")), ""},
      {"a code that only may mean it", observation("", component("flow", "3")), ""},
      {"another code", observation("", component("other", "3")), ""},
      {"no component", observation("", ""), ""},
  };
  for (const auto& e : examples) {
    SCOPED_TRACE(e.name);
    const auto doc = read(e.json);
    const auto* value = value_holder(doc.root(), p, 0).find("valueInteger");
    EXPECT_EQ(value == nullptr ? "" : std::string(value->text()), e.want);
  }
}

TEST(resource, counts_are_whole_and_not_negative) {
  struct example {
    std::string json;
    bool read;
  };
  const std::vector<example> examples{{R"({"valueInteger":2})", true},
                                      {R"({"valueQuantity":{"value":1,"comparator":">="}})", true},
                                      {R"({"valueInteger":-1})", false},
                                      {R"({"valueString":"two"})", false},
                                      {R"({})", false}};
  for (const auto& e : examples) {
    SCOPED_TRACE(e.json);
    const auto doc = read(e.json);
    EXPECT_EQ(read_count(doc.root()).has_value(), e.read);
  }
}

}  // namespace
}  // namespace mainstay::rules
