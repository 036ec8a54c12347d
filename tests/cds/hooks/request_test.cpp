#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "cds/hooks/hooks.hpp"

namespace mainstay::cds::hooks {
namespace {

rules::service patient_view() {
  rules::service s;
  s.id = "maintenance-options";
  s.hook = "patient-view";
  return s;
}

constexpr std::string_view minimal =
    R"({"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","context":{"patientId":"p1","userId":"Practitioner/a"}})";

std::string with(std::string_view members) { return std::string(minimal.substr(0, minimal.size() - 1)) + "," + std::string(members) + "}"; }

TEST(parse_request, reads_every_member) {
  const auto r = parse(R"({"hook":"patient-view","hookInstance":"abc","fhirServer":"https://h.example/fhir",
    "fhirAuthorization":{"access_token":"some.opaque-token","token_type":"bearer","expires_in":300,"scope":"patient/*.read","subject":"s"},
    "context":{"patientId":"p-1.x","userId":"Practitioner/a","encounterId":"e1"},"prefetch":{"patient":null},"extension":{"a":1},"new":[]})",
                       patient_view());
  ASSERT_TRUE(r.has_value()) << r.error().message;
  EXPECT_EQ(r->hook, "patient-view");
  EXPECT_EQ(r->hook_instance, "abc");
  EXPECT_EQ(r->fhir_server, "https://h.example/fhir");
  EXPECT_EQ(r->access_token.reveal(), "some.opaque-token");
  EXPECT_EQ(r->patient_id, "p-1.x");
  EXPECT_EQ(r->user_id, "Practitioner/a");
  EXPECT_EQ(r->encounter_id, "e1");
  ASSERT_NE(r->prefetch, nullptr);
  ASSERT_NE(r->prefetch->find("patient"), nullptr);
  EXPECT_TRUE(r->prefetch->find("patient")->is_null());
}

TEST(parse_request, prefetch_stays_where_it_is_when_the_request_moves) {
  auto r = parse(with(R"("prefetch":{"patient":{"resourceType":"Patient"}})"), patient_view());
  ASSERT_TRUE(r.has_value());
  const request moved = std::move(r).value();
  EXPECT_EQ(moved.prefetch->find("patient")->string("resourceType"), "Patient");
}

TEST(parse_request, accepts) {
  const std::string good[] = {
      std::string(minimal),
      with(R"("fhirServer":"http://h")"),
      with(R"("prefetch":null)"),
      with(R"("prefetch":{})"),
      with(R"("fhirAuthorization":null)"),
      with(R"("extension":{"com.example":{"a":1e3}})"),
      // Ids of drafts are not held to 64 characters.
      with(R"("draft":{"id":")" + std::string(200, 'x') + R"("})"),
      R"({"hook":"patient-view","hookInstance":"x","context":{"patientId":")" + std::string(64, 'a') + R"("}})",
  };
  for (const auto& body : good) {
    SCOPED_TRACE(body);
    const auto r = parse(body, patient_view());
    EXPECT_TRUE(r.has_value());
  }
}

struct bad { const char* name; std::string body; const char* code; const char* pointer; };

TEST(parse_request, refuses) {
  const bad table[] = {
      {"nothing", "", "invalid_json", ""},
      {"half", R"({"hook":)", "invalid_json", nullptr},
      {"deep in the middle", R"({"context":{"patientId":"p1",}})", "invalid_json", nullptr},
      {"twice", R"({"hook":"patient-view","hook":"patient-view"})", "invalid_json", nullptr},
      {"an array", "[]", "wrong_type", ""},
      {"a text", R"("hook")", "wrong_type", ""},
      {"no hook", R"({"hookInstance":"x","context":{"patientId":"p1"}})", "missing_field", "/hook"},
      {"null hook", R"({"hook":null,"hookInstance":"x","context":{"patientId":"p1"}})", "missing_field", "/hook"},
      {"hook is a number", R"({"hook":1,"hookInstance":"x","context":{"patientId":"p1"}})", "wrong_type", "/hook"},
      {"empty hook", R"({"hook":"","hookInstance":"x","context":{"patientId":"p1"}})", "invalid_value", "/hook"},
      {"no hookInstance", R"({"hook":"patient-view","context":{"patientId":"p1"}})", "missing_field", "/hookInstance"},
      {"hookInstance is an object", R"({"hook":"patient-view","hookInstance":{},"context":{"patientId":"p1"}})", "wrong_type", "/hookInstance"},
      {"empty hookInstance", R"({"hook":"patient-view","hookInstance":"","context":{"patientId":"p1"}})", "invalid_value", "/hookInstance"},
      {"other hook", R"({"hook":"order-sign","hookInstance":"x","context":{"patientId":"p1"}})", "wrong_hook", "/hook"},
      {"hook in other letters", R"({"hook":"Patient-View","hookInstance":"x","context":{"patientId":"p1"}})", "wrong_hook", "/hook"},
      {"no context", R"({"hook":"patient-view","hookInstance":"x"})", "missing_field", "/context"},
      {"context is an array", R"({"hook":"patient-view","hookInstance":"x","context":[]})", "wrong_type", "/context"},
      {"no patientId", R"({"hook":"patient-view","hookInstance":"x","context":{}})", "missing_field", "/context/patientId"},
      {"patientId is a number", R"({"hook":"patient-view","hookInstance":"x","context":{"patientId":1}})", "wrong_type", "/context/patientId"},
      {"a reference for an id", R"({"hook":"patient-view","hookInstance":"x","context":{"patientId":"Patient/p1"}})", "invalid_value", "/context/patientId"},
      {"a query in the id", R"({"hook":"patient-view","hookInstance":"x","context":{"patientId":"p1&_count=1"}})", "invalid_value", "/context/patientId"},
      {"65 characters", R"({"hook":"patient-view","hookInstance":"x","context":{"patientId":")" + std::string(65, 'a') + R"("}})", "invalid_value",
       "/context/patientId"},
      {"userId is a number", R"({"hook":"patient-view","hookInstance":"x","context":{"patientId":"p","userId":1}})", "wrong_type", "/context/userId"},
      {"fhirServer is a number", with(R"("fhirServer":1)"), "wrong_type", "/fhirServer"},
      {"prefetch is an array", with(R"("prefetch":[])"), "wrong_type", "/prefetch"},
      {"authorization without server", with(R"("fhirAuthorization":{"access_token":"t","token_type":"Bearer"})"), "missing_field", "/fhirServer"},
      {"authorization is a text", with(R"("fhirServer":"http://h","fhirAuthorization":"t")"), "wrong_type", "/fhirAuthorization"},
      {"no token", with(R"("fhirServer":"http://h","fhirAuthorization":{"token_type":"Bearer"})"), "missing_field", "/fhirAuthorization/access_token"},
      {"token is a number", with(R"("fhirServer":"http://h","fhirAuthorization":{"access_token":1,"token_type":"Bearer"})"), "wrong_type",
       "/fhirAuthorization/access_token"},
      {"a header in the token", with(R"("fhirServer":"http://h","fhirAuthorization":{"access_token":"t\r\nX: y","token_type":"Bearer"})"), "invalid_value",
       "/fhirAuthorization/access_token"},
      {"empty token", with(R"("fhirServer":"http://h","fhirAuthorization":{"access_token":"","token_type":"Bearer"})"), "invalid_value",
       "/fhirAuthorization/access_token"},
      {"no token type", with(R"("fhirServer":"http://h","fhirAuthorization":{"access_token":"t"})"), "missing_field", "/fhirAuthorization/token_type"},
      {"other token type", with(R"("fhirServer":"http://h","fhirAuthorization":{"access_token":"t","token_type":"Basic"})"), "invalid_value",
       "/fhirAuthorization/token_type"},
      {"expires_in is a text", with(R"("fhirServer":"http://h","fhirAuthorization":{"access_token":"t","token_type":"Bearer","expires_in":"300"})"),
       "wrong_type", "/fhirAuthorization/expires_in"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.name);
    const auto r = parse(row.body, patient_view());
    ASSERT_FALSE(r.has_value());
    EXPECT_EQ(r.error().status, 400u);
    EXPECT_EQ(r.error().code, row.code);
    if (row.pointer) { EXPECT_EQ(r.error().pointer, row.pointer); }
    EXPECT_FALSE(r.error().message.empty());
  }
}

TEST(parse_request, broken_json_says_where) {
  const auto r = parse("{\"hook\":\"patient-view\",\n \"context\":{\"patientId\":}}", patient_view());
  ASSERT_FALSE(r.has_value());
  EXPECT_NE(r.error().message.find("line 2"), std::string::npos) << r.error().message;
  EXPECT_EQ(r.error().pointer.substr(0, 8), "/context");
}

// Whatever a value of the body is, no error repeats it.
TEST(parse_request, errors_repeat_no_value) {
  const char* places[] = {
      R"({"hook":"CANARY","hookInstance":"x","context":{"patientId":"p"}})",
      R"({"hook":"patient-view","hookInstance":"x","context":{"patientId":"Patient/CANARY"}})",
      R"({"hook":"patient-view","hookInstance":"x","context":{"patientId":"p","userId":["CANARY"]}})",
      R"({"hook":"patient-view","hookInstance":"x","context":{"patientId":"p"},"fhirAuthorization":{"access_token":"CANARY"}})",
      R"({"hook":"patient-view","hookInstance":"x","context":{"patientId":"p"},"fhirServer":"h","fhirAuthorization":{"access_token":"CANARY\n","token_type":"Bearer"}})",
      R"({"hook":"patient-view","hookInstance":"CANARY","context":{"patientId":"p"},"prefetch":"CANARY"})",
      R"({"hook":"patient-view","hookInstance":"CANARY" "CANARY"})",
  };
  for (const char* body : places) {
    SCOPED_TRACE(body);
    const auto r = parse(body, patient_view());
    ASSERT_FALSE(r.has_value());
    EXPECT_EQ(to_operation_outcome(r.error()).find("CANARY"), std::string::npos);
  }
}

// No bytes make it throw.
TEST(parse_request, survives_any_change_of_one_byte) {
  EXPECT_TRUE(rc::check("one byte changed", [] {
    std::string body = with(R"("fhirServer":"http://h","prefetch":{"a":null})");
    body[*rc::gen::inRange<std::size_t>(0, body.size())] = *rc::gen::arbitrary<char>();
    const auto r = parse(body, patient_view());
    if (!r) RC_ASSERT(r.error().status == 400u);
  }));
}

}  // namespace
}  // namespace mainstay::cds::hooks
