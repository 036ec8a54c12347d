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

TEST(resource, mrd_result_is_what_the_value_leaves_possible) {
  const auto p = marked_pack();
  particular what;
  what.name = "result";
  what.values = {"negative", "positive"};
  reader bounds;
  bounds.how = reader::kind::proportion;
  const auto limit = *fhir::decimal::parse("0.0001");
  bounds.proportion = {{"negative", fhir::comparison::less_or_equal, limit, "<= 0.01 %"}, {"positive", fhir::comparison::greater, limit, "> 0.01 %"}};
  reader coded;
  coded.how = reader::kind::coded;
  coded.coded = {{"negative", 2}, {"positive", 1}};
  what.readers = {bounds, coded};
  const particular_space space{"result", {"negative", "positive"}};
  constexpr std::uint64_t negative = 1, positive = 2, either = 3, anything = value_set::anything;

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
      {"text", R"({"valueString":"MRD negative"})", "", anything, "unreadable"},
      {"nothing", R"({"dataAbsentReason":{"text":"not performed"}})", "", anything, "unreadable"},
  };
  for (const auto& e : examples) {
    SCOPED_TRACE(e.name);
    const auto doc = read(e.json);
    std::vector<reason> doubts;
    const auto sensitivity = e.sensitivity.empty() ? std::nullopt : fhir::parse_proportion(e.sensitivity);
    const auto got = read_particular(doc.root(), resource_type::observation, what, space, p, sensitivity, doubts);
    EXPECT_EQ(got.codes, e.want);
    EXPECT_EQ(got.said, e.want != anything);
    std::string kinds;
    for (const auto& r : doubts) kinds += to_text(r.kind);
    for (const auto& r : got.reasons) kinds += to_text(r.kind);
    EXPECT_EQ(kinds, e.reasons);
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
