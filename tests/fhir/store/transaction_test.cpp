#include <gtest/gtest.h>

#include <map>

#include "fhir/json/writer.hpp"
#include "fhir/store/store.hpp"
#include "tests/fhir/search/quoted.hpp"

namespace mainstay::fhir::store {
namespace {

std::string bundle(const std::string& entries, const std::string& type = "transaction") {
  return "{'resourceType':'Bundle','type':'" + type + "','entry':[" + entries + "]}";
}
const std::string put_patient =
    "{'resource':{'resourceType':'Patient','id':'p1'},'request':{'method':'PUT','url':'Patient/p1'}}";
const std::string post_patient =
    "{'fullUrl':'urn:uuid:1','resource':{'resourceType':'Patient','id':'dropped','active':true},'request':{'method':'"
    "POST','url':'Patient'}}";
const std::string post_observation =
    "{'fullUrl':'urn:uuid:2','resource':{'resourceType':'Observation','subject':{'reference':'urn:uuid:1'},"
    "'identifier':[{'system':'urn:ietf:rfc:3986','value':'urn:uuid:1'}],'valueQuantity':{'value':0.040},"
    "'derivedFrom':[{'reference':'urn:uuid:2'},{'reference':'Observation/"
    "x'}]},'request':{'method':'POST','url':'Observation'}}";

// Everything in the store as text, to compare before and after.
std::map<std::string, std::string> content(const store& s) {
  std::map<std::string, std::string> out;
  for (const auto& [type, n] : s.counts()) {
    search::query q;
    q.type = type;
    q.count = 500;
    for (const json::node* resource : s.search(q).value().resources)
      out[type + "/" + std::string(resource->string("id"))] = json::to_text(*resource);
  }
  return out;
}

TEST(transaction, puts_posts_and_deletes) {
  store s;
  s.put(document_of("{'resourceType':'Patient','id':'old'}")).value();
  const auto answer = s.transaction(
      document_of(bundle(put_patient +
                         ",{'request':{'method':'DELETE','url':'Patient/"
                         "old'}},{'request':{'method':'DELETE','url':'Patient/never'}},"
                         "{'resource':{'resourceType':'Observation'},'request':{'method':'POST','url':'Observation'}}"))
          .root());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(
      *answer,
      quoted("{'resourceType':'Bundle','type':'transaction-response','entry':["
             "{'response':{'status':'201 Created','location':'Patient/p1'}},{'response':{'status':'204 No Content'}},"
             "{'response':{'status':'204 No Content'}},{'response':{'status':'201 "
             "Created','location':'Observation/1'}}]}"));
  EXPECT_EQ(s.read("Patient", "old").error().status, 410u);
  EXPECT_EQ(s.read("Patient", "never").error().status, 404u);
  EXPECT_EQ(s.size(), 2u);
  const auto again = s.transaction(document_of(bundle(put_patient, "batch")).root());
  EXPECT_EQ(again.value(), quoted("{'resourceType':'Bundle','type':'batch-response','entry':["
                                  "{'response':{'status':'200 OK','location':'Patient/p1'}}]}"));
}

TEST(transaction, gives_ids_and_rewrites_references_only) {
  // The order of the entries does not matter.
  for (const std::string& entries : {post_patient + "," + post_observation, post_observation + "," + post_patient}) {
    store s;
    ASSERT_TRUE(s.transaction(document_of(bundle(entries)).root()));
    const auto patients = s.search(search::parse_url("Patient").value()).value().resources;
    ASSERT_EQ(patients.size(), 1u);
    const std::string id(patients[0]->string("id"));
    EXPECT_EQ(json::to_text(*patients[0]), quoted("{'resourceType':'Patient','id':'" + id + "','active':true}"));
    const auto found = s.search(search::parse_url("Observation?patient=" + id).value()).value().resources;
    ASSERT_EQ(found.size(), 1u);
    const std::string own(found[0]->string("id"));
    EXPECT_EQ(
        json::to_text(*found[0]),
        quoted("{'resourceType':'Observation','subject':{'reference':'Patient/" + id +
               "'},'identifier':[{'system':'urn:ietf:rfc:3986',"
               "'value':'urn:uuid:1'}],'valueQuantity':{'value':0.040},'derivedFrom':[{'reference':'Observation/" +
               own +
               "'},"
               "{'reference':'Observation/x'}],'id':'" +
               own + "'}"));
  }
}

TEST(transaction, made_ids_meet_no_other) {
  store s;
  s.put(document_of("{'resourceType':'Patient','id':'1'}")).value();
  s.put(document_of("{'resourceType':'Patient','id':'2'}")).value();
  s.remove("Patient", "2").value();
  const std::string post = "{'resource':{'resourceType':'Patient'},'request':{'method':'POST','url':'Patient'}}";
  const std::string put3 =
      "{'resource':{'resourceType':'Patient','id':'3'},'request':{'method':'PUT','url':'Patient/3'}}";
  ASSERT_TRUE(s.transaction(document_of(bundle(post + "," + put3)).root()));
  EXPECT_TRUE(s.read("Patient", "3"));
  EXPECT_TRUE(s.read("Patient", "4"));
  EXPECT_EQ(s.size(), 3u);
}

TEST(transaction, is_all_or_nothing) {
  const std::string good = put_patient + "," + post_patient + ",{'request':{'method':'DELETE','url':'Patient/kept'}}";
  const std::string resource = "'resource':{'resourceType':'Patient','id':'p2'}";
  const struct {
    std::string name, entry, expected;
  } rows[] = {
      {"no request", "{" + resource + "}", "400 invalid"},
      {"no resource", "{'request':{'method':'PUT','url':'Patient/p2'}}", "400 invalid"},
      {"resource not an object", "{'resource':[],'request':{'method':'PUT','url':'Patient/p2'}}", "400 invalid"},
      {"another type", "{" + resource + ",'request':{'method':'PUT','url':'Observation/p2'}}", "400 invalid"},
      {"another id", "{" + resource + ",'request':{'method':'PUT','url':'Patient/p3'}}", "400 invalid"},
      {"no id in a PUT", "{'resource':{'resourceType':'Patient'},'request':{'method':'PUT','url':'Patient/p2'}}",
       "400 invalid"},
      {"PUT to a type", "{" + resource + ",'request':{'method':'PUT','url':'Patient'}}", "400 invalid"},
      {"PUT to a version", "{" + resource + ",'request':{'method':'PUT','url':'Patient/p2/_history/1'}}",
       "400 invalid"},
      {"PUT to another server", "{" + resource + ",'request':{'method':'PUT','url':'http://h/Patient/p2'}}",
       "400 invalid"},
      {"POST to an id", "{" + resource + ",'request':{'method':'POST','url':'Patient/p2'}}", "400 invalid"},
      {"conditional PUT", "{" + resource + ",'request':{'method':'PUT','url':'Patient?identifier=1'}}",
       "412 not-supported"},
      {"conditional DELETE", "{'request':{'method':'DELETE','url':'Patient?identifier=1'}}", "412 not-supported"},
      {"ifNoneExist", "{" + resource + ",'request':{'method':'POST','url':'Patient','ifNoneExist':'identifier=1'}}",
       "412 not-supported"},
      {"ifMatch", "{" + resource + ",'request':{'method':'PUT','url':'Patient/p2','ifMatch':'1'}}",
       "412 not-supported"},
      {"GET", "{'request':{'method':'GET','url':'Patient/p1'}}", "422 not-supported"},
      {"PATCH", "{" + resource + ",'request':{'method':'PATCH','url':'Patient/p2'}}", "422 not-supported"},
      {"no method", "{" + resource + ",'request':{'url':'Patient/p2'}}", "422 not-supported"},
      {"the same resource twice", put_patient, "400 invalid"},
      {"the same fullUrl twice", post_patient, "400 invalid"},
      {"a urn without entry",
       "{'resource':{'resourceType':'Observation','subject':{'reference':'urn:uuid:7'}},'request':{'method':'POST','"
       "url':'Observation'}}",
       "400 invalid"},
      {"not an object", "1", "400 invalid"},
  };
  for (const auto& row : rows) {
    for (const std::string& entries : {good + "," + row.entry, row.entry + "," + good}) {
      SCOPED_TRACE(row.name);
      store s;
      s.put(document_of("{'resourceType':'Patient','id':'kept'}")).value();
      const auto before = content(s);
      const auto got = s.transaction(document_of(bundle(entries)).root());
      ASSERT_FALSE(got);
      EXPECT_EQ(std::to_string(got.error().status) + " " + got.error().code, row.expected) << got.error().message;
      EXPECT_NE(got.error().message.find("`entry["), std::string::npos);
      EXPECT_EQ(content(s), before);
      // no id was used up
      ASSERT_TRUE(s.transaction(document_of(bundle(post_patient)).root()));
      EXPECT_TRUE(s.read("Patient", "1"));
    }
  }
}

TEST(transaction, refuses_what_is_not_one) {
  store s;
  for (const std::string text :
       {"{}", "[]", "{'resourceType':'Bundle'}", "{'resourceType':'Bundle','type':'searchset'}",
        "{'resourceType':'Patient','type':'transaction'}"})
    EXPECT_EQ(s.transaction(document_of(text).root()).error().status, 400u) << text;
  EXPECT_EQ(s.transaction(document_of("{'resourceType':'Bundle','type':'transaction'}").root()).value(),
            quoted("{'resourceType':'Bundle','type':'transaction-response'}"));
}

TEST(transaction, respects_the_limit) {
  limits one;
  one.resources = 1;
  store s(one);
  const auto got = s.transaction(document_of(bundle(post_patient + "," + put_patient)).root());
  EXPECT_EQ(got.error().code, "too-costly");
  EXPECT_EQ(s.size(), 0u);
  EXPECT_TRUE(s.transaction(document_of(bundle(put_patient)).root()));
  EXPECT_TRUE(s.transaction(document_of(bundle(put_patient)).root()));
}

}  // namespace
}  // namespace mainstay::fhir::store
