// The shapes of R4 that a real Bundle has, from its bytes to what the pack's facts make of it: contained resources,
// siblings of primitives with holes, references of every kind, unknown fields, wrong types, reasons for absent data,
// modifier extensions. One chart, one change a row.
#include <gtest/gtest.h>

#include "../pack/files.hpp"
#include "fhir/chart/chart.hpp"
#include "rules/assess/assess.hpp"
#include "rules/explain/plain.hpp"
#include "rules/pack/load.hpp"

namespace mainstay::rules {
namespace {

const pack& rules() {
  static const auto loaded = load(test::read_folder(test::real_pack_folder()));
  return *loaded.value;
}

// `'` stands for a double quote.
const std::string chart_text =
    "{'resourceType':'Bundle','type':'collection','entry':["
    "{'fullUrl':'urn:uuid:1','resource':{'resourceType':'Patient','id':'p1','birthDate':'1991-05-02'}},"
    "{'fullUrl':'urn:uuid:2','resource':{'resourceType':'Procedure','id':'c','status':'completed','subject':{'reference':'Patient/p1'},"
    "'code':{'coding':[{'system':'urn:mainstay:codes','code':'cd19-car-t'}]},'performedDateTime':'2025-12-24'}},"
    "{'fullUrl':'urn:uuid:3','resource':{'resourceType':'Observation','id':'o','status':'final','subject':{'reference':'Patient/p1'},"
    "'code':{'coding':[{'system':'urn:mainstay:codes','code':'mrd-flow'}]},"
    "'bodySite':{'coding':[{'system':'http://snomed.info/sct','code':'14016003'}]},"
    "'effectiveDateTime':'2026-02-20',"
    "'valueQuantity':{'value':0.001,'unit':'%','system':'http://unitsofmeasure.org','code':'%'}}}]}";

std::string json_of(std::string text) {
  for (char& c : text)
    if (c == '\'') c = '"';
  return text;
}

/// Each old text, which must be there once, replaced.
std::string changed(const std::vector<std::pair<std::string, std::string>>& changes) {
  std::string text = chart_text;
  for (const auto& [from, to] : changes) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    EXPECT_EQ(text.find(from, at + 1), std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
  }
  return json_of(text);
}

/// "STRICT" or "STRICT, at face value FACE"; "refused" where the Bundle is of several patients.
std::string said(const std::string& text, std::string_view fact_name) {
  auto parsed = fhir::json::parse(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  std::vector<std::string> keys;
  for (const auto& need : rules().requirements) keys.push_back(need.key);
  fhir::chart chart("");
  if (!chart.add_bundle(std::move(parsed).value(), keys)) return "refused";
  const auto a = assess(chart, rules(), *fhir::parse_now("2026-03-01"));
  const index f = *rules().find_fact(fact_name);
  const auto strict = plain_value(rules().facts[f], a.facts[f].strict), face = plain_value(rules().facts[f], a.facts[f].face);
  return strict == face ? strict : strict + ", at face value " + face;
}

struct shape {
  std::string name;
  std::vector<std::pair<std::string, std::string>> changes;
  std::string fact, expected;
};

const std::string site = "'bodySite':{'coding':[{'system':'http://snomed.info/sct','code':'14016003'}]},";
const std::string quantity = "'valueQuantity':{'value':0.001,'unit':'%','system':'http://unitsofmeasure.org','code':'%'}";
const std::string born = "'birthDate':'1991-05-02'";
const std::string mrd_code = "'code':{'coding':[{'system':'urn:mainstay:codes','code':'mrd-flow'}]}";
const std::string mrd_status = "'id':'o','status':'final'";
const std::string absent = "{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/data-absent-reason','valueCode':'unknown'}]}";
const std::string modifier = "'modifierExtension':[{'url':'urn:example:negates','valueBoolean':true}]";

std::string specimen(const std::string& code, const std::string& more = "", const std::string& reference = "#s") {
  return "'contained':[{'resourceType':'Specimen','id':'s'" + more + ",'type':{'coding':[{'system':'http://snomed.info/sct','code':'" +
         code + "'}]}}],'specimen':{'reference':'" + reference + "'},";
}
std::string subject_of_o(const std::string& reference) {
  return "'status':'final','subject':{'reference':'" + reference + "'}";
}
const std::string old_subject = "'status':'final','subject':{'reference':'Patient/p1'}";
const std::string doubtful = "unknown, at face value negative";

const shape shapes[] = {
    {"as it is", {}, "mrd", "negative"},
    // contained resources
    {"a contained specimen", {{site, specimen("119359002")}}, "mrd", "negative"},
    {"another contained specimen", {{site, specimen("119297000")}}, "mrd", "unknown"},
    {"a reference to no contained resource", {{site, specimen("119359002", "", "#t")}}, "mrd", doubtful},
    {"a reference out of the resource", {{site, specimen("119359002", "", "Specimen/s")}}, "mrd", doubtful},
    {"contained is no list", {{site, "'contained':{'resourceType':'Specimen','id':'s'},'specimen':{'reference':'#s'},"}}, "mrd", doubtful},
    {"a contained specimen with a modifier extension", {{site, specimen("119359002", "," + modifier)}}, "mrd", doubtful},
    {"a contained patient with the patient's id",
     {{old_subject, "'status':'final','contained':[{'resourceType':'Patient','id':'p1'}],'subject':{'reference':'#p1'}"}}, "mrd", "negative"},
    {"a contained patient with another id",
     {{old_subject, "'status':'final','contained':[{'resourceType':'Patient','id':'x'}],'subject':{'reference':'#x'}"}}, "mrd", "unknown"},
    // references, and the Bundle's fullUrl
    {"a urn", {{old_subject, subject_of_o("urn:uuid:1")}}, "mrd", "negative"},
    {"a urn that nothing here has", {{old_subject, subject_of_o("urn:uuid:9")}}, "mrd", "unknown"},
    {"a urn of what is no patient", {{old_subject, subject_of_o("urn:uuid:2")}}, "mrd", "unknown"},
    {"a versioned reference", {{old_subject, subject_of_o("Patient/p1/_history/7")}}, "mrd", "negative"},
    {"an absolute reference", {{old_subject, subject_of_o("https://ehr.example/fhir/Patient/p1")}}, "mrd", "negative"},
    {"an absolute and versioned one", {{old_subject, subject_of_o("https://ehr.example/fhir/Patient/p1/_history/7")}}, "mrd", "negative"},
    {"an absolute fullUrl",
     {{"'fullUrl':'urn:uuid:1'", "'fullUrl':'https://ehr.example/fhir/Patient/p1'"}, {old_subject, subject_of_o("https://ehr.example/fhir/Patient/p1")}},
     "mrd", "negative"},
    {"no fullUrl", {{"'fullUrl':'urn:uuid:3',", ""}}, "mrd", "negative"},
    {"a patient without id, by its fullUrl",
     {{"'id':'p1',", ""}, {old_subject, subject_of_o("urn:uuid:1")}, {"'status':'completed','subject':{'reference':'Patient/p1'}", "'status':'completed','subject':{'reference':'urn:uuid:1'}"}},
     "mrd", "negative"},
    {"another patient", {{old_subject, subject_of_o("Patient/p2")}}, "mrd", "refused"},
    {"a logical reference alone", {{old_subject, "'status':'final','subject':{'identifier':{'value':'p1'}}"}}, "mrd", "unknown"},
    {"a conditional reference", {{old_subject, subject_of_o("Patient?identifier=1")}}, "mrd", "unknown"},
    {"a reference that is no text", {{old_subject, "'status':'final','subject':{'reference':['Patient/p1']}"}}, "mrd", "unknown"},
    // siblings of primitives, with holes
    {"a time of birth beside the date", {{born, born + ",'_birthDate':{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/patient-birthTime','valueDateTime':'1991-05-02T10:00:00Z'}]}"}}, "age_at_car_t", "34 years"},
    {"names with holes", {{born, born + ",'name':[{'given':[null,'A'],'_given':[{'extension':[{'url':'urn:x','valueCode':'y'}]},null]}]"}}, "age_at_car_t", "34 years"},
    {"no date of birth, and why", {{born, "'_birthDate':" + absent}}, "age_at_car_t", "unknown"},
    {"a coding with a hole", {{mrd_code, "'code':{'coding':[null,{'system':'urn:mainstay:codes','code':'mrd-flow','_display':{'extension':[]}}]}"}}, "mrd", "negative"},
    {"a status that is absent, and why", {{mrd_status, "'id':'o','_status':" + absent}}, "mrd", doubtful},
    {"a day that is absent, and why", {{"'effectiveDateTime':'2026-02-20'", "'_effectiveDateTime':" + absent}}, "mrd", "unknown"},
    // data-absent-reason
    {"no value, and why", {{quantity, "'dataAbsentReason':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/data-absent-reason','code':'not-performed'}]}"}}, "mrd", "unknown"},
    {"no number, and why", {{"'value':0.001", "'_value':" + absent}}, "mrd", "unknown"},
    {"a value, and why there is none", {{quantity, quantity + ",'dataAbsentReason':{'coding':[{'code':'error'}]}"}}, "mrd", doubtful},
    {"no code of the unit, and why", {{"'code':'%'", "'_code':" + absent}}, "mrd", "negative"},
    {"a text that is absent, and why", {{quantity, "'_valueString':" + absent}}, "mrd", "unknown"},
    // unknown fields
    {"fields that nobody knows", {{mrd_status, mrd_status + ",'surprise':{'deep':[1,[2,{'x':null}]]},'extension':[{'url':'urn:x','valueQuantity':{'value':5}}]"}}, "mrd", "negative"},
    // wrong types
    {"a status that is a number", {{mrd_status, "'id':'o','status':7"}}, "mrd", doubtful},
    {"a status that is a list", {{mrd_status, "'id':'o','status':['final']"}}, "mrd", doubtful},
    {"a value that is a text", {{quantity, "'valueQuantity':'0.001 %'"}}, "mrd", "unknown"},
    {"a value that is a list", {{quantity, "'valueQuantity':[{'value':0.001,'unit':'%'}]"}}, "mrd", "unknown"},
    {"a number that is a text", {{"'value':0.001", "'value':'0.001'"}}, "mrd", "unknown"},
    {"a unit's code that is a number", {{"'code':'%'", "'code':5"}}, "mrd", "unknown"},
    {"a unit's code that is null", {{"'code':'%'", "'code':null"}}, "mrd", "unknown"},
    {"a text that is a number", {{quantity, "'valueString':0.001"}}, "mrd", "unknown"},
    {"a ratio without ends", {{quantity, "'valueRatio':{'numerator':1,'denominator':[]}"}}, "mrd", "unknown"},
    {"a range that is a text", {{quantity, "'valueRange':'0-1 %'"}}, "mrd", "unknown"},
    {"a code that is a text", {{mrd_code, "'code':'mrd-flow'"}}, "mrd", "unknown"},
    {"codings that are no list", {{mrd_code, "'code':{'coding':{'system':'urn:mainstay:codes','code':'mrd-flow'}}"}}, "mrd", "unknown"},
    {"a day that is a number", {{"'effectiveDateTime':'2026-02-20'", "'effectiveDateTime':2026"}}, "mrd", "unknown"},
    {"a period that is a text", {{"'effectiveDateTime':'2026-02-20'", "'effectivePeriod':'2026-02-20'"}}, "mrd", "unknown"},
    {"components that are no list", {{quantity, "'component':{'valueString':'0.001 %'}"}}, "mrd", "unknown"},
    {"a date of birth that is a number", {{born, "'birthDate':1991"}}, "age_at_car_t", "unknown"},
    {"a date of birth that is null", {{born, "'birthDate':null"}}, "age_at_car_t", "unknown"},
    {"a subject that is a text", {{old_subject, "'status':'final','subject':'Patient/p1'"}}, "mrd", "unknown"},
    // modifier extensions: what is not understood may negate
    {"a modifier extension", {{mrd_status, mrd_status + "," + modifier}}, "mrd", doubtful},
    {"implicit rules", {{mrd_status, mrd_status + ",'implicitRules':'urn:example:rules'"}}, "mrd", doubtful},
    {"a modifier extension of a component", {{quantity, "'component':[{" + mrd_code + "," + modifier + "," + quantity + "}]"}}, "mrd", doubtful},
    {"a component without one", {{quantity, "'component':[{" + mrd_code + "," + quantity + "}]"}}, "mrd", "negative"},
    {"a modifier extension of the patient", {{born, born + "," + modifier}}, "age_at_car_t", "unknown, at face value 34 years"},
    {"a modifier extension of the patient, for other facts", {{born, born + "," + modifier}}, "mrd", "negative"},
};

TEST(r4_shapes, are_read_or_unreadable) {
  for (const auto& s : shapes) {
    SCOPED_TRACE(s.name);
    EXPECT_EQ(said(changed(s.changes), s.fact), s.expected);
  }
}

}  // namespace
}  // namespace mainstay::rules
