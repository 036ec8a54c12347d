#include "fhir/search/reference.hpp"

#include <gtest/gtest.h>

#include "fhir/search/query.hpp"
#include "tests/fhir/search/quoted.hpp"

namespace mainstay::fhir {
namespace {

TEST(reference, is_taken_apart) {
  const struct {
    std::string name, text;
    std::optional<reference> expected;
  } rows[] = {
      {"relative", "Patient/p1", reference{"Patient", "p1", ""}},
      {"versioned", "Patient/p1/_history/2", reference{"Patient", "p1", ""}},
      {"absolute", "https://h.example/fhir/Patient/p1", reference{"Patient", "p1", "https://h.example/fhir"}},
      {"absolute, versioned", "https://h.example/fhir/Patient/p1/_history/a",
       reference{"Patient", "p1", "https://h.example/fhir"}},
      {"absolute at the root", "http://h/Patient/p1", reference{"Patient", "p1", "http://h"}},
      {"another type", "Group/7", reference{"Group", "7", ""}},
      {"urn", "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", std::nullopt},
      {"contained", "#p", std::nullopt},
      {"conditional", "Patient?identifier=x|1", std::nullopt},
      {"with a fragment", "Patient/p1#x", std::nullopt},
      {"id only", "p1", std::nullopt},
      {"leading slash", "/Patient/p1", std::nullopt},
      {"path of a base", "fhir/Patient/p1", std::nullopt},
      {"no id", "Patient/", std::nullopt},
      {"version without id", "Patient//_history/1", std::nullopt},
      {"no version", "Patient/p1/_history/", std::nullopt},
      {"lower-case type", "patient/p1", std::nullopt},
      {"parent directory", "Patient/..", std::nullopt},
      {"blank in the id", "Patient/p 1", std::nullopt},
      {"empty", "", std::nullopt},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(parse_reference(row.text), row.expected);
  }
}

TEST(reference, knows_an_id) {
  const struct {
    std::string text;
    bool expected;
  } rows[] = {
      {"p1", true},
      {"a-b.c_D", true},
      {std::string(64, 'a'), true},
      {std::string(65, 'a'), false},
      {"", false},
      {".", false},
      {"..", false},
      {"a/b", false},
      {"a%2Fb", false},
      {"a b", false},
      {"\xc3\xa4", false},
  };
  for (const auto& row : rows) EXPECT_EQ(is_id(row.text), row.expected) << row.text;
}

TEST(reference, compares_bases) {
  const struct {
    std::string a, b;
    bool expected;
  } rows[] = {
      {"https://h.example/fhir", "https://h.example/fhir", true},
      {"https://h.example/fhir/", "https://h.example/fhir", true},
      {"https://H.Example/fhir", "HTTPS://h.example:443/fhir", true},
      {"http://h:80/fhir", "http://h/fhir", true},
      {"http://h/fhir", "https://h/fhir", false},
      {"http://h:8080/fhir", "http://h/fhir", false},
      {"http://h/FHIR", "http://h/fhir", false},
      {"http://h/fhir", "http://h/fhir2", false},
      {"http://h/fhir", "http://h.evil/fhir", false},
      {"http://h/", "http://h", true},
      {"no url", "no url", true},
      {"no url", "http://h", false},
  };
  for (const auto& row : rows) EXPECT_EQ(same_base(row.a, row.b), row.expected) << row.a << " " << row.b;
}

using search::link_to_patient;
using search::patient_link;

std::string name_of(patient_link link) {
  return link == patient_link::none            ? "none"
         : link == patient_link::this_patient  ? "this"
         : link == patient_link::other_patient ? "other"
                                               : "not judged";
}

// Each form that a chart's resources may name their patient in; the patient is p1 on https://h.example/fhir.
TEST(patient_link, of_each_identity_form) {
  const struct {
    std::string name, resource, expected;
  } rows[] = {
      {"relative", "{'resourceType':'Observation','subject':{'reference':'Patient/p1'}}", "this"},
      {"relative, another", "{'resourceType':'Observation','subject':{'reference':'Patient/p2'}}", "other"},
      {"case of the id", "{'resourceType':'Observation','subject':{'reference':'Patient/P1'}}", "other"},
      {"prefix of the id", "{'resourceType':'Observation','subject':{'reference':'Patient/p'}}", "other"},
      {"versioned", "{'resourceType':'Procedure','subject':{'reference':'Patient/p1/_history/3'}}", "this"},
      {"versioned, another", "{'resourceType':'Procedure','subject':{'reference':'Patient/p2/_history/3'}}", "other"},
      {"absolute", "{'resourceType':'Condition','subject':{'reference':'https://h.example/fhir/Patient/p1'}}", "this"},
      {"absolute, port written",
       "{'resourceType':'Condition','subject':{'reference':'https://H.example:443/fhir/Patient/p1'}}", "this"},
      {"absolute, another id",
       "{'resourceType':'Condition','subject':{'reference':'https://h.example/fhir/Patient/p2'}}", "other"},
      {"same id on another host",
       "{'resourceType':'Condition','subject':{'reference':'https://other.example/fhir/Patient/p1'}}", "other"},
      {"same id on another path",
       "{'resourceType':'Condition','subject':{'reference':'https://h.example/b/Patient/p1'}}", "other"},
      {"urn in the Bundle", "{'resourceType':'Observation','subject':{'reference':'urn:uuid:1'}}", "this"},
      {"urn of another in the Bundle", "{'resourceType':'Observation','subject':{'reference':'urn:uuid:2'}}", "other"},
      {"urn of a Group in the Bundle", "{'resourceType':'Observation','subject':{'reference':'urn:uuid:3'}}", "none"},
      {"urn that the Bundle lacks", "{'resourceType':'Observation','subject':{'reference':'urn:uuid:9'}}", "none"},
      {"contained, own id",
       "{'resourceType':'Observation','contained':[{'resourceType':'Patient','id':'p1'}],'subject':{'reference':'#p1'}"
       "}",
       "this"},
      {"contained, local name",
       "{'resourceType':'Observation','contained':[{'resourceType':'Patient','id':'pat'}],'subject':{'reference':'#pat'"
       "}}",
       "none"},
      {"contained, missing", "{'resourceType':'Observation','subject':{'reference':'#p1'}}", "none"},
      {"contained, not a Patient",
       "{'resourceType':'Observation','contained':[{'resourceType':'Group','id':'p1'}],'subject':{'reference':'#p1'}}",
       "none"},
      {"logical identifier only",
       "{'resourceType':'Observation','subject':{'identifier':{'system':'urn:x','value':'p1'}}}", "none"},
      {"display only", "{'resourceType':'Observation','subject':{'display':'p1'}}", "none"},
      {"type only", "{'resourceType':'Observation','subject':{'type':'Patient'}}", "none"},
      {"reference is a number", "{'resourceType':'Observation','subject':{'reference':1}}", "none"},
      {"no subject", "{'resourceType':'Observation'}", "none"},
      {"a Group", "{'resourceType':'Observation','subject':{'reference':'Group/p1'}}", "none"},
      {"conditional reference", "{'resourceType':'Observation','subject':{'reference':'Patient?_id=p1'}}", "none"},
      {"element is patient", "{'resourceType':'AllergyIntolerance','patient':{'reference':'Patient/p1'}}", "this"},
      {"element is patient, another", "{'resourceType':'Immunization','patient':{'reference':'Patient/p2'}}", "other"},
      {"wrong element", "{'resourceType':'AllergyIntolerance','subject':{'reference':'Patient/p1'}}", "none"},
      {"several subjects, one other",
       "{'resourceType':'Account','subject':[{'reference':'Patient/p1'},{'reference':'Patient/p2'}]}", "other"},
      {"several subjects", "{'resourceType':'Account','subject':[{'reference':'Group/1'},{'reference':'Patient/p1'}]}",
       "this"},
      {"the patient", "{'resourceType':'Patient','id':'p1'}", "this"},
      {"another patient", "{'resourceType':'Patient','id':'p2'}", "other"},
      {"a patient without id", "{'resourceType':'Patient'}", "none"},
      {"related person", "{'resourceType':'RelatedPerson','patient':{'reference':'Patient/p2'}}", "not judged"},
      {"practitioner", "{'resourceType':'Practitioner','id':'p2'}", "not judged"},
      {"organization", "{'resourceType':'Organization','id':'o'}", "not judged"},
      {"medication", "{'resourceType':'Medication','id':'m'}", "not judged"},
  };
  const auto within = [](std::string_view urn) -> std::optional<reference> {
    if (urn == "urn:uuid:1") return reference{"Patient", "p1", ""};
    if (urn == "urn:uuid:2") return reference{"Patient", "p2", ""};
    if (urn == "urn:uuid:3") return reference{"Group", "p1", ""};
    return std::nullopt;
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto resource = document_of(row.resource);
    EXPECT_EQ(name_of(link_to_patient(resource.root(), "p1", "https://h.example/fhir", within)), row.expected);
  }
}

TEST(patient_link, without_a_base_goes_by_the_id) {
  const auto same =
      document_of("{'resourceType':'Observation','subject':{'reference':'https://h.example/fhir/Patient/p1'}}");
  const auto other =
      document_of("{'resourceType':'Observation','subject':{'reference':'https://h.example/fhir/Patient/p2'}}");
  EXPECT_EQ(name_of(link_to_patient(same.root(), "p1", "")), "this");
  EXPECT_EQ(name_of(link_to_patient(other.root(), "p1", "")), "other");
}

}  // namespace
}  // namespace mainstay::fhir
