#include "fhir/chart/chart.hpp"

#include <gtest/gtest.h>

#include "tests/fhir/chart/documents.hpp"

namespace mainstay::fhir {
namespace {

// ---- matching again

TEST(chart, leaves_out_what_does_not_match) {
  const std::string other_code =
      "{'resourceType':'Observation','id':'2','code':{'coding':[{'system':'s','code':'d'}]},'subject':{'reference':'"
      "Patient/p1'}}";
  chart c("p1", base);
  ASSERT_TRUE(c.add("k", observations, documents(searchset(entry(row("1")) + "," + entry(other_code))),
                    completeness::complete, "", chart::origin::fetched));
  EXPECT_EQ(ids(c), "1");
  EXPECT_EQ(c.answer_for("k").how, completeness::complete);
  EXPECT_EQ(c.answer_for("k").unusable, 0u);
  // a server that ignores the date; the edge of the day is the server's to draw
  chart d("p1", base);
  const auto rows = searchset(entry(row("1", "2024-03-10")) + "," + entry(row("2", "2024-03-08")) + "," +
                              entry(row("3", "2024-03-09T23:30:00Z")));
  ASSERT_TRUE(d.add("k", query_of("Observation?patient=p1&date=ge2024-03-10"), documents(rows), completeness::complete,
                    "", chart::origin::fetched));
  EXPECT_EQ(ids(d), "1 3");
}

// ---- whose record it is

TEST(chart, takes_each_form_of_the_patient) {
  const struct {
    std::string name, subject, full_url;
  } rows[] = {
      {"relative", "Patient/p1", ""},
      {"versioned", "Patient/p1/_history/2", ""},
      {"absolute", "https://h.example/fhir/Patient/p1", ""},
      {"absolute, port", "https://h.example:443/fhir/Patient/p1", ""},
      {"urn", "urn:uuid:1", "urn:uuid:1"},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    chart c("p1", base);
    const std::string patient =
        "{'fullUrl':'" + r.full_url + "','resource':{'resourceType':'Patient','id':'p1'},'search':{'mode':'include'}}";
    ASSERT_TRUE(c.add(
        "k", observations,
        documents(searchset(entry(row("1", "2024", "'subject':{'reference':'" + r.subject + "'}")) + "," + patient)),
        completeness::complete, "", chart::origin::prefetch));
    EXPECT_EQ(ids(c), "1");
  }
}

TEST(chart, refuses_another_patient_in_prefetch_and_drops_it_from_a_page) {
  const struct {
    std::string name, other, type;
  } rows[] = {
      {"relative", entry(row("2", "2024", "'subject':{'reference':'Patient/p2'}")), "Observation"},
      {"same id on another host",
       entry(row("2", "2024", "'subject':{'reference':'https://o.example/fhir/Patient/p1'}")), "Observation"},
      {"of another code", entry("{'resourceType':'Observation','id':'2','subject':{'reference':'Patient/p2'}}"),
       "Observation"},
      {"of another type", entry("{'resourceType':'Condition','id':'2','subject':{'reference':'Patient/p2'}}"),
       "Condition"},
      {"included", "{'resource':{'resourceType':'Patient','id':'p2'},'search':{'mode':'include'}}", "Patient"},
      {"urn",
       "{'fullUrl':'urn:uuid:2','resource':{'resourceType':'Patient','id':'p2'},'search':{'mode':'include'}}," +
           entry(row("2", "2024", "'subject':{'reference':'urn:uuid:2'}")),
       "Patient"},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    chart before("p1", base);
    const auto got = before.add("k", observations, documents(searchset(entry(row("1")) + "," + r.other)),
                                completeness::complete, "", chart::origin::prefetch);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().key, "k");
    EXPECT_EQ(got.error().type, r.type);
    EXPECT_EQ(ids(before), "");
    chart c("p1", base);
    ASSERT_TRUE(c.add("k", observations, documents(searchset(entry(row("1")) + "," + r.other)), completeness::complete,
                      "", chart::origin::fetched));
    EXPECT_EQ(c.answer_for("k").how, completeness::failed);
    EXPECT_EQ(c.answer_for("k").reason, "another patient's resource was sent");
    EXPECT_EQ(ids(c), "1");
    EXPECT_EQ(ids(c, r.type == "Observation" ? "Patient" : r.type), "");
  }
}

TEST(chart, a_failed_answer_is_whole_down_to_no_day) {
  chart c("p1", base);
  const std::string foreign = entry(row("2", "2024", "'subject':{'reference':'Patient/p2'}"));
  ASSERT_TRUE(c.add("k", observations,
                    documents(searchset(entry(row("1")) + "," + foreign, ",'link':[{'relation':'next','url':'b'}]")),
                    completeness::complete, "", chart::origin::fetched));
  EXPECT_EQ(c.answer_for("k").how, completeness::failed);
  EXPECT_FALSE(c.answer_for("k").down_to.has_value());
}

TEST(chart, does_not_judge_resources_outside_the_compartment) {
  chart c("p1", base);
  const std::string others =
      "{'resource':{'resourceType':'RelatedPerson','id':'r','patient':{'reference':'Patient/"
      "p2'}},'search':{'mode':'include'}},"
      "{'resource':{'resourceType':'Medication','id':'m'},'search':{'mode':'include'}}";
  ASSERT_TRUE(c.add("k", observations, documents(searchset(entry(row("1")) + "," + others)), completeness::complete, "",
                    chart::origin::prefetch));
  EXPECT_EQ(c.answer_for("k").how, completeness::complete);
  ASSERT_TRUE(c.add("m", query_of("Medication?_id=m"),
                    documents(searchset(entry("{'resourceType':'Medication','id':'m'}"))), completeness::complete, "",
                    chart::origin::fetched));
  EXPECT_EQ(ids(c, "Medication"), "m");
}

TEST(chart, has_the_patient_only_under_its_own_id) {
  const auto read = query_of("Patient/p1");
  {
    chart c("p1", base);
    ASSERT_TRUE(c.add("patient", read, documents("{'resourceType':'Patient','id':'p1'}"), completeness::complete, "",
                      chart::origin::prefetch));
    ASSERT_NE(c.patient(), nullptr);
    EXPECT_EQ(c.answer_for("patient").how, completeness::complete);
  }
  {
    chart c("p1", base);
    ASSERT_TRUE(c.add("patient", read, documents(searchset(entry("{'resourceType':'Patient','id':'p1'}"))),
                      completeness::complete, "", chart::origin::prefetch));
    EXPECT_NE(c.patient(), nullptr);
  }
  {
    chart c("p1", base);
    const auto got = c.add("patient", read, documents("{'resourceType':'Patient','id':'p2'}"), completeness::complete,
                           "", chart::origin::prefetch);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().type, "Patient");
  }
  {
    chart c("p1", base);
    ASSERT_TRUE(c.add("patient", read, documents("{'resourceType':'Patient','id':'p2'}"), completeness::complete, "",
                      chart::origin::fetched));
    EXPECT_EQ(c.patient(), nullptr);
    EXPECT_EQ(c.answer_for("patient").how, completeness::failed);
  }
  {
    chart c("p1", base);
    ASSERT_TRUE(c.add("patient", read, documents(row("1")), completeness::complete, "", chart::origin::prefetch));
    EXPECT_EQ(c.patient(), nullptr);
    EXPECT_EQ(c.answer_for("patient").how, completeness::failed);
  }
  {
    chart c("p1", base);
    ASSERT_TRUE(c.add("patient", read, documents("{'resourceType':'Patient'}"), completeness::complete, "",
                      chart::origin::prefetch));
    EXPECT_EQ(c.patient(), nullptr);
    EXPECT_EQ(c.answer_for("patient").unusable, 1u);
  }
}

TEST(chart, keeps_its_rows_when_moved) {
  chart c("p1", base);
  ASSERT_TRUE(c.add("k", observations, documents(searchset(entry(row("1")))), completeness::complete, "",
                    chart::origin::prefetch));
  const json::node* before = c.resources("Observation")[0];
  chart moved = std::move(c);
  EXPECT_EQ(moved.resources("Observation")[0], before);
  EXPECT_EQ(before->string("id"), "1");
}

}  // namespace
}  // namespace mainstay::fhir
