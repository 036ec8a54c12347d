#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "fhir/json/writer.hpp"
#include "tests/fhir/chart/documents.hpp"

namespace mainstay::fhir {
namespace {

std::string version(const std::string& meta, const std::string& status) {
  return "{'resourceType':'Observation','id':'1','meta':{" + meta + "},'status':'" + status +
         "','code':{'coding':[{'system':'s','code':'c'}]},'subject':{'reference':'Patient/p1'}}";
}

TEST(chart, keeps_the_newest_of_two_versions) {
  const struct {
    std::string name, older, newer;
  } rows[] = {
      {"lastUpdated", "'lastUpdated':'2024-01-01T00:00:00Z','versionId':'9'",
       "'lastUpdated':'2024-01-02T00:00:00Z','versionId':'1'"},
      {"lastUpdated in zones", "'lastUpdated':'2024-01-01T10:00:00+02:00'", "'lastUpdated':'2024-01-01T09:00:00Z'"},
      {"lastUpdated and none", "'versionId':'9'", "'lastUpdated':'2024-01-02T00:00:00Z'"},
      {"versionId as a number", "'versionId':'9'", "'versionId':'10'"},
      {"versionId and none", "'source':'x'", "'versionId':'1'"},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    for (const bool swapped : {false, true}) {
      const auto old_text = version(r.older, "preliminary"), new_text = version(r.newer, "final");
      chart c("p1", base);
      ASSERT_TRUE(c.add("a", observations, documents(searchset(entry(swapped ? new_text : old_text))),
                        completeness::complete, "", chart::origin::prefetch));
      ASSERT_TRUE(c.add("b", observations, documents(searchset(entry(swapped ? old_text : new_text))),
                        completeness::complete, "", chart::origin::fetched));
      ASSERT_EQ(c.resources("Observation").size(), 1u);
      EXPECT_EQ(c.resources("Observation")[0]->string("status"), "final");
    }
  }
}

std::string everything(const chart& c) {
  std::string out = c.patient_id();
  for (const std::string type : {"Patient", "Observation", "Condition", "Procedure"})
    for (const json::node* n : c.resources(type)) out += json::to_text(*n) + "\n";
  return out;
}

TEST(chart_property, the_order_of_arrival_changes_nothing) {
  EXPECT_TRUE(rc::check([] {
    std::vector<std::string> rows;
    const int n = *rc::gen::inRange(0, 12);
    for (int i = 0; i < n; ++i) {
      const std::string id = *rc::gen::elementOf(std::vector<std::string>{"a", "b", "c", "10", "9"});
      const std::string meta = *rc::gen::elementOf(
          std::vector<std::string>{"", "'versionId':'1'", "'versionId':'2'", "'lastUpdated':'2024-01-02T00:00:00Z'"});
      const std::string status = *rc::gen::elementOf(std::vector<std::string>{"final", "amended"});
      rows.push_back("{'resourceType':'Observation'," + (id == "9" ? std::string() : "'id':'" + id + "',") +
                     "'meta':{" + meta + "},'status':'" + status +
                     "','code':{'coding':[{'system':'s','code':'c'}]},'subject':{'reference':'Patient/p1'}}");
    }
    const auto fill = [](const std::vector<std::string>& order) {
      chart c("p1");
      std::string both;
      for (std::size_t i = 0; i < order.size(); ++i) {
        if (i % 3 == 0) {
          c.add("k" + std::to_string(i), observations, documents(searchset(entry(order[i]))), completeness::complete,
                "", chart::origin::fetched)
              .value();
        } else {
          both += (both.empty() ? "" : ",") + entry(order[i]);
        }
      }
      c.add("rest", observations, documents(searchset(both)), completeness::complete, "", chart::origin::fetched)
          .value();
      return everything(c);
    };
    auto shuffled = rows;
    for (std::size_t i = shuffled.size(); i > 1; --i)
      std::swap(shuffled[i - 1], shuffled[*rc::gen::inRange<std::size_t>(0, i)]);
    RC_ASSERT(fill(rows) == fill(shuffled));
  }));
}

TEST(chart_property, foreign_rows_change_nothing) {
  EXPECT_TRUE(rc::check([] {
    std::string own, mixed;
    const int n = *rc::gen::inRange(0, 10);
    for (int i = 0; i < n; ++i) {
      const std::string text = entry(row("o" + std::to_string(i)));
      own += (own.empty() ? "" : ",") + text;
      mixed += (mixed.empty() ? "" : ",") + text;
      if (*rc::gen::arbitrary<bool>())
        mixed +=
            "," +
            entry(row("o" + std::to_string(*rc::gen::inRange(0, 20)), "2024",
                      "'subject':{'reference':'" +
                          *rc::gen::elementOf(std::vector<std::string>{"Patient/p2", "https://o/fhir/Patient/p1"}) +
                          "'}"));
    }
    const auto fill = [](const std::string& entries) {
      chart c("p1", base);
      c.add("k", observations, documents(searchset(entries)), completeness::complete, "", chart::origin::fetched)
          .value();
      return everything(c);
    };
    RC_ASSERT(fill(own) == fill(mixed));
  }));
}

}  // namespace
}  // namespace mainstay::fhir
