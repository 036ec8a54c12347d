#include <gtest/gtest.h>

#include <array>

#include "cds/hooks/hooks.hpp"
#include "tests/cds/hooks/check_response.hpp"

namespace mainstay::cds::hooks {
namespace {

TEST(uuid_v5, vector_of_the_rfc) {
  // RFC 9562 appendix A.4: namespace DNS, "www.example.com".
  const std::array<unsigned char, 16> dns{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
  EXPECT_EQ(uuid_v5(dns, "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST(uuid_v5, ours_stays) {
  // A change of this value changes the uuid of every card ever given.
  EXPECT_EQ(uuid_v5("a"), uuid_v5("a"));
  EXPECT_NE(uuid_v5("a"), uuid_v5("b"));
  EXPECT_EQ(uuid_v5("d1577c69-dfbe-44ad-ba6d-3e05e953b2ea/maintenance-options/haplo_hsct_consolidation"), "8e987eae-d4be-5ae9-b6ef-847c90c785a3");
}

rules::card_content card(std::string topic) {
  rules::card_content c;
  c.topic = std::move(topic);
  c.summary = "Option to discuss";
  c.detail = "**Fits** \"this\" chart\n\n| a | b |\n";
  c.source_label = "A paper";
  c.source_url = "https://doi.org/10.1/x";
  return c;
}

std::string uuid_of(const std::string& body, std::size_t at) {
  const auto parsed = fhir::json::parse(body);
  return std::string(parsed.value().root().find("cards")->items()[at].string("uuid"));
}

TEST(response, no_cards) { EXPECT_EQ(response({}, "x", "s"), R"({"cards":[]})"); }

TEST(response, has_the_form_of_the_specification) {
  auto bare = card("cannot-assess");
  bare.detail.clear();
  bare.source_url.clear();
  const auto body = response({card("haplo"), bare}, "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "maintenance-options");
  const auto parsed = fhir::json::parse(body);
  ASSERT_TRUE(parsed.has_value()) << body;
  EXPECT_EQ(test::response_check::findings(parsed->root()), std::vector<std::string>{}) << body;
  const auto& first = parsed->root().find("cards")->items()[0];
  EXPECT_EQ(first.string("detail"), card("").detail);
  EXPECT_EQ(first.find("source")->find("topic")->string("code"), "haplo");
  const auto& second = parsed->root().find("cards")->items()[1];
  EXPECT_EQ(second.find("detail"), nullptr);
  EXPECT_EQ(second.find("source")->find("url"), nullptr);
}

TEST(response, uuid_hangs_on_instance_service_and_topic_alone) {
  const auto base = uuid_of(response({card("t")}, "i", "s"), 0);
  auto other_text = card("t");
  other_text.summary = "Another";
  EXPECT_EQ(uuid_of(response({other_text}, "i", "s"), 0), base);
  EXPECT_EQ(uuid_of(response({card("u"), card("t")}, "i", "s"), 1), base);
  EXPECT_NE(uuid_of(response({card("u")}, "i", "s"), 0), base);
  EXPECT_NE(uuid_of(response({card("t")}, "j", "s"), 0), base);
  EXPECT_NE(uuid_of(response({card("t")}, "i", "r"), 0), base);
}

TEST(operation_outcome, one_shape) {
  struct row { error e; const char* type; const char* severity; };
  const row table[] = {
      {{400, "invalid_json", "m", "/a"}, "structure", "error"},  {{400, "missing_field", "m", "/a"}, "required", "error"},
      {{400, "foreign_patient", "m", ""}, "business-rule", "error"}, {{400, "anything", "m", ""}, "invalid", "error"},
      {{404, "unknown_service", "m", ""}, "not-found", "error"}, {{405, "wrong_method", "m", ""}, "not-supported", "error"},
      {{412, "missing_data", "m", ""}, "incomplete", "error"},   {{413, "too_large", "m", ""}, "too-long", "error"},
      {{418, "odd", "m", ""}, "processing", "error"},            {{500, "internal_error", "m", ""}, "exception", "fatal"},
      {{429, "too_often", "m", ""}, "throttled", "error"},       {{503, "busy", "m", ""}, "transient", "error"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.e.code);
    const auto parsed = fhir::json::parse(to_operation_outcome(row.e));
    ASSERT_TRUE(parsed.has_value());
    const auto& root = parsed->root();
    EXPECT_EQ(root.string("resourceType"), "OperationOutcome");
    ASSERT_EQ(root.find("issue")->items().size(), 1u);
    const auto& issue = root.find("issue")->items()[0];
    EXPECT_EQ(issue.string("severity"), row.severity);
    EXPECT_EQ(issue.string("code"), row.type);
    EXPECT_EQ(issue.string("diagnostics"), "m");
    EXPECT_EQ(issue.find("details")->string("text"), "m");
    EXPECT_EQ(issue.find("details")->find("coding")->items()[0].string("code"), row.e.code);
    EXPECT_EQ(issue.find("details")->find("coding")->items()[0].string("system"), error_system);
    EXPECT_EQ(issue.find("expression") != nullptr, !row.e.pointer.empty());
  }
}

}  // namespace
}  // namespace mainstay::cds::hooks
