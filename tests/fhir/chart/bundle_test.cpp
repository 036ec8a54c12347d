#include <gtest/gtest.h>

#include "tests/fhir/chart/documents.hpp"

namespace mainstay::fhir {
namespace {

TEST(chart, of_a_bundle_finds_its_patient) {
  const std::string p1 = "{'fullUrl':'urn:uuid:1','resource':{'resourceType':'Patient','id':'p1'}}";
  const std::string nameless =
      "{'fullUrl':'urn:uuid:1','resource':{'resourceType':'Patient'},'request':{'method':'POST','url':'Patient'}}";
  const std::string by_urn = entry(row("1", "2024", "'subject':{'reference':'urn:uuid:1'}"));
  const auto of = [](const std::string& type, const std::string& entries) {
    return "{'resourceType':'Bundle','type':'" + type + "','entry':[" + entries + "]}";
  };
  const struct {
    std::string name, bundle, patient, ids;
    completeness how;
    std::size_t unusable;
  } rows[] = {
      {"a collection", of("collection", p1 + "," + entry(row("1"))), "p1", "1", completeness::complete, 0},
      {"a transaction by urn", of("transaction", by_urn + "," + p1), "p1", "1", completeness::complete, 0},
      {"a transaction without ids", of("transaction", by_urn + "," + nameless), "urn:uuid:1", "1",
       completeness::complete, 0},
      {"a DELETE in a transaction", of("transaction", p1 + ",{'request':{'method':'DELETE','url':'Patient/x'}}"), "p1",
       "", completeness::complete, 0},
      {"no Patient", of("collection", entry(row("1"))), "p1", "1", completeness::complete, 0},
      {"nothing at all", of("collection", ""), "", "", completeness::complete, 0},
      {"a row without subject", of("collection", p1 + "," + entry(row("1", "2024", ""))), "p1", "",
       completeness::complete, 1},
      {"a lone Patient", "{'resourceType':'Patient','id':'p1'}", "p1", "", completeness::complete, 0},
      {"a searchset with more pages", searchset(p1 + "," + entry(row("1")), next_link), "p1", "1",
       completeness::partial, 0},
      {"not a resource", "[]", "", "", completeness::failed, 1},
  };
  const std::vector<std::string> keys{"patient", "observation"};
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    chart c("");
    ASSERT_TRUE(c.add_bundle(document_of(r.bundle), keys));
    EXPECT_EQ(c.patient_id(), r.patient);
    EXPECT_EQ(ids(c), r.ids);
    for (const std::string& key : keys) {
      EXPECT_EQ(to_text(c.answer_for(key).how), to_text(r.how));
      EXPECT_EQ(c.answer_for(key).unusable, r.unusable);
    }
  }
}

TEST(chart, of_a_bundle_of_several_patients_is_refused) {
  const auto of = [](const std::string& entries) {
    return "{'resourceType':'Bundle','type':'collection','entry':[" + entries + "]}";
  };
  const struct {
    std::string name, id, bundle;
  } rows[] = {
      {"two Patients", "",
       of(entry("{'resourceType':'Patient','id':'p1'}") + "," + entry("{'resourceType':'Patient','id':'p2'}"))},
      {"two subjects", "", of(entry(row("1")) + "," + entry(row("2", "2024", "'subject':{'reference':'Patient/p2'}")))},
      {"a Patient and another's row", "",
       of(entry("{'resourceType':'Patient','id':'p1'}") + "," +
          entry(row("2", "2024", "'subject':{'reference':'Patient/p2'}")))},
      {"not the one asked for", "p9", of(entry("{'resourceType':'Patient','id':'p1'}"))},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    chart c(r.id);
    EXPECT_FALSE(c.add_bundle(document_of(r.bundle), {}));
    EXPECT_EQ(ids(c), "");
    EXPECT_EQ(c.patient(), nullptr);
  }
}

}  // namespace
}  // namespace mainstay::fhir
