// The good and bad files that others wrote; they are not part of the project.
#include <gtest/gtest.h>

#include "cds/hooks/hooks.hpp"
#include "tests/cds/hooks/check_response.hpp"
#include "tests/shared_data.hpp"

namespace mainstay::cds {
namespace {

class conformance : public testing::Test {
 protected:
  void SetUp() override { MAINSTAY_NEEDS_CONFORMANCE("cds-hooks"); }
  static std::string read(const std::string& name) { return mainstay::test::read_text(mainstay::test::conformance_folder("cds-hooks") / name); }
};

struct request_row { const char* file; const char* hook; const char* code; const char* pointer; };
const request_row requests[] = {
    {"cdshooks-request-patient-view-good.json", "patient-view", "", ""},
    {"cdshooks-request-pv-good.json", "patient-view", "", ""},
    {"cdshooks-request-order-select-good.json", "order-select", "", ""},
    {"cdshooks-request-order-sign-good.json", "order-sign", "", ""},
    // An extension anywhere is not ours to judge, and draftOrders are not read by patient-view's services.
    {"cdshooks-request-order-select-extensions.json", "order-select", "", ""},
    {"cdshooks-request-patient-view-bad.json", "patient-view", "invalid_value", "/context/patientId"},
    {"cdshooks-request-order-select-bad.json", "order-select", "invalid_value", "/context/patientId"},
    {"cdshooks-request-order-sign-bad-1.json", "order-sign", "invalid_value", "/context/patientId"},
    {"cdshooks-request-order-sign-bad-2.json", "order-sign", "invalid_value", "/context/patientId"},
};

TEST_F(conformance, requests) {
  for (const auto& row : requests) {
    SCOPED_TRACE(row.file);
    rules::service service;
    service.hook = row.hook;
    const auto parsed = hooks::parse(read(row.file), service);
    EXPECT_EQ(parsed.has_value() ? "" : parsed.error().code, row.code);
    if (!parsed) {
      EXPECT_EQ(parsed.error().pointer, row.pointer);
      EXPECT_EQ(parsed.error().status, 400u);
      continue;
    }
    EXPECT_EQ(parsed->hook, row.hook);
    EXPECT_EQ(parsed->hook_instance.size(), 36u);
  }
}

struct response_row { const char* file; std::vector<std::string> findings; };
const response_row responses[] = {
    {"cdshooks-response-good.json", {}},
    {"cdshooks-response-two-cards.json", {}},
    {"cdshooks-response-empty.json", {}},
    {"cdshooks-response-empty-good.json", {}},
    {"cdshooks-response-link.json", {}},
    {"cdshooks-response-no-link.json", {}},
    {"cdshooks-response-empty2.json", {": no array of cards"}},
    {"cdshooks-response-empty-bad.json", {": no array of cards"}},
    {"cdshooks-response-empty-source.json", {"cards[0].source: is empty", "cards[0].source: no label", "cards[0].links: no type"}},
    {"cdshooks-response-source-link.json", {"cards[0]: summary of 140 characters or more", "cards[0].links: no type"}},
    {"cdshooks-response-suggestion.json",
     {"cards[0]: summary of 140 characters or more", "cards[0]: suggestions without selectionBehavior", "cards[0].suggestions.actions: resource without id"}},
};

TEST_F(conformance, responses) {
  for (const auto& row : responses) {
    SCOPED_TRACE(row.file);
    const auto parsed = fhir::json::parse(read(row.file));
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(test::response_check::findings(parsed->root()), row.findings);
  }
}

}  // namespace
}  // namespace mainstay::cds
