#include "fhir/chart/chart.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "fhir/json/writer.hpp"
#include "tests/fhir/search/quoted.hpp"

namespace mainstay::fhir {
namespace {

constexpr const char* base = "https://h.example/fhir";

search::query query_of(const std::string& url) {
  return search::parse_url(url).value();
}

std::string row(const std::string& id, const std::string& day = "2024-03-10",
                const std::string& subject = "'subject':{'reference':'Patient/p1'}") {
  return "{'resourceType':'Observation','id':'" + id + "','code':{'coding':[{'system':'s','code':'c'}]}" +
         (subject.empty() ? "" : "," + subject) + (day.empty() ? "" : ",'effectiveDateTime':'" + day + "'") + "}";
}
std::string entry(const std::string& resource) {
  return "{'resource':" + resource + ",'search':{'mode':'match'}}";
}
std::string searchset(const std::string& entries, const std::string& more = "") {
  return "{'resourceType':'Bundle','type':'searchset'" + more + ",'entry':[" + entries + "]}";
}
const std::string next_link = ",'link':[{'relation':'self','url':'a'},{'relation':'next','url':'b'}]";

template <class... Text>
std::vector<json::document> documents(const Text&... texts) {
  std::vector<json::document> out;
  (out.push_back(document_of(texts)), ...);
  return out;
}

std::string ids(const chart& c, std::string_view type = "Observation") {
  std::string out;
  for (const json::node* n : c.resources(type))
    out += std::string(out.empty() ? "" : " ") + std::string(n->string("id"));
  return out;
}

const search::query observations = query_of("Observation?patient=p1&code=s|c&_sort=-date&_count=100");

// ---- completeness: one document each

TEST(chart, judges_the_completeness_of_each_answer) {
  const struct {
    std::string name, document;
    completeness expected;
    std::string ids;
    std::size_t unusable;
  } rows[] = {
      {"a searchset", searchset(entry(row("1")) + "," + entry(row("2"))), completeness::complete, "1 2", 0},
      {"an empty searchset", "{'resourceType':'Bundle','type':'searchset','total':0}", completeness::complete, "", 0},
      {"a collection", "{'resourceType':'Bundle','type':'collection','entry':[" + entry(row("1")) + "]}",
       completeness::complete, "1", 0},
      {"no search.mode", searchset("{'resource':" + row("1") + "}"), completeness::complete, "1", 0},
      {"null", "null", completeness::null, "", 0},
      {"an OperationOutcome", "{'resourceType':'OperationOutcome','issue':[{'severity':'error','code':'timeout'}]}",
       completeness::failed, "", 0},
      {"an OperationOutcome that only informs",
       "{'resourceType':'OperationOutcome','issue':[{'severity':'information','code':'x'}]}", completeness::failed, "",
       0},
      {"a text", "'x'", completeness::failed, "", 1},
      {"an empty object", "{}", completeness::failed, "", 1},
      {"an array", "[" + row("1") + "]", completeness::failed, "", 1},
      {"a response Bundle", "{'resourceType':'Bundle','type':'batch-response','entry':[" + entry(row("1")) + "]}",
       completeness::partial, "1", 0},
      {"entry not an array", "{'resourceType':'Bundle','type':'searchset','entry':{}}", completeness::partial, "", 0},
      {"entry without resource", searchset("{'fullUrl':'x'}," + entry(row("1"))), completeness::partial, "1", 1},
      {"entry is null", searchset("null," + entry(row("1"))), completeness::partial, "1", 1},
      {"resource is a text", searchset(entry("'x'") + "," + entry(row("1"))), completeness::partial, "1", 1},
      {"resource without type", searchset(entry("{'id':'1'}")), completeness::partial, "", 1},
      {"another type", searchset(entry("{'resourceType':'Procedure','id':'1','subject':{'reference':'Patient/p1'}}")),
       completeness::failed, "", 1},
      {"another type beside the right one",
       searchset(entry("{'resourceType':'Procedure','id':'1','subject':{'reference':'Patient/p1'}}") + "," +
                 entry(row("2"))),
       completeness::complete, "2", 1},
      {"no subject", searchset(entry(row("1", "2024", "")) + "," + entry(row("2"))), completeness::partial, "2", 1},
      {"a logical identifier only", searchset(entry(row("1", "2024", "'subject':{'identifier':{'value':'p1'}}"))),
       completeness::partial, "", 1},
      {"outcome with an error",
       searchset(entry(row("1")) + ",{'resource':{'resourceType':'OperationOutcome','issue':[{'severity':'error'}]},'"
                                   "search':{'mode':'outcome'}}"),
       completeness::partial, "1", 0},
      {"outcome with a fatal",
       searchset("{'resource':{'resourceType':'OperationOutcome','issue':[{'severity':'warning'},{'severity':'fatal'}]}"
                 ",'search':{'mode':'outcome'}}"),
       completeness::partial, "", 0},
      {"outcome with a warning",
       searchset(entry(row("1")) + ",{'resource':{'resourceType':'OperationOutcome','issue':[{'severity':'warning'}]},'"
                                   "search':{'mode':'outcome'}}"),
       completeness::complete, "1", 0},
      {"outcome without issue",
       searchset("{'resource':{'resourceType':'OperationOutcome'},'search':{'mode':'outcome'}}"), completeness::partial,
       "", 0},
      {"outcome without mode",
       searchset("{'resource':{'resourceType':'OperationOutcome','issue':[{'severity':'error'}]}}"),
       completeness::partial, "", 0},
      {"SUBSETTED Bundle", searchset(entry(row("1")), ",'meta':{'tag':[{'code':'SUBSETTED'}]}"), completeness::partial,
       "1", 0},
      {"SUBSETTED row",
       searchset(entry(
           "{'resourceType':'Observation','id':'1','meta':{'tag':[{'system':'x','code':'a'},{'code':'SUBSETTED'}]},"
           "'code':{'coding':[{'system':'s','code':'c'}]},'subject':{'reference':'Patient/p1'}}")),
       completeness::partial, "1", 0},
      {"total as many as came", searchset(entry(row("1")), ",'total':1"), completeness::complete, "1", 0},
      {"total more than came", searchset(entry(row("1")), ",'total':2"), completeness::partial, "1", 0},
      {"total counts the unusable",
       searchset(entry(row("1")) + "," +
                     entry("{'resourceType':'Procedure','id':'2','subject':{'reference':'Patient/p1'}}"),
                 ",'total':2"),
       completeness::complete, "1", 1},
      {"total does not count includes",
       searchset(entry(row("1")) + ",{'resource':{'resourceType':'Practitioner','id':'d'},'search':{'mode':'include'}}",
                 ",'total':2"),
       completeness::partial, "1", 0},
      {"an include is no row of the query",
       searchset(entry(row("1")) + ",{'resource':" + row("2") + ",'search':{'mode':'include'}}"),
       completeness::complete, "1", 0},
      {"next, sorted", searchset(entry(row("1")), next_link), completeness::newest_page_only, "1", 0},
      {"next, total known", searchset(entry(row("1")), ",'total':9" + next_link), completeness::newest_page_only, "1",
       0},
      {"next and a broken entry", searchset(entry(row("1")) + ",null", next_link), completeness::partial, "1", 1},
      {"next, no row dated", searchset(entry(row("1", "")), next_link), completeness::partial, "1", 0},
      {"next, no row", searchset("", next_link), completeness::partial, "", 0},
      {"next, rows in another order",
       searchset(entry(row("1", "2023")) + "," + entry(row("2", "2024-06-01")), next_link), completeness::partial,
       "1 2", 0},
      {"a lone row", row("1"), completeness::partial, "1", 0},
      {"a lone resource of another type", "{'resourceType':'Medication','id':'1'}", completeness::failed, "", 1},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    chart c("p1", base);
    ASSERT_TRUE(c.add("k", observations, documents(r.document), completeness::complete, "", chart::origin::prefetch));
    const answer& a = c.answer_for("k");
    EXPECT_EQ(to_text(a.how), to_text(r.expected)) << a.reason;
    EXPECT_EQ(ids(c), r.ids);
    EXPECT_EQ(a.unusable, r.unusable);
    EXPECT_EQ(a.reason.empty(), a.how != completeness::partial && a.how != completeness::failed) << a.reason;
    EXPECT_EQ(a.down_to.has_value(), a.how == completeness::newest_page_only);
  }
}

TEST(chart, knows_down_to_which_day_a_newest_page_is_whole) {
  // More rows of the oldest row's day may follow on the next page: the day after it is the first that is whole.
  const struct {
    std::string name, entries, expected;
  } rows[] = {
      {"one day", entry(row("1", "2024-03-10")), "2024-03-11"},
      {"oldest is last", entry(row("1", "2024-03-10")) + "," + entry(row("2", "2024-02-29T10:00:00Z")), "2024-03-01"},
      {"an undated row after it", entry(row("1", "2024-03-10")) + "," + entry(row("2", "")), "2024-03-11"},
      {"an undated row before it", entry(row("2", "")) + "," + entry(row("1", "2024-03-10")), "2024-03-11"},
      {"a month", entry(row("1", "2024-05-10")) + "," + entry(row("2", "2024-03")), "2024-04-01"},
      {"a time without order among zones",
       entry(row("1", "2024-03-10")) + "," + entry(row("2", "2024-03-10T10:00:00+02:00")), "2024-03-11"},
      {"a row of another code counts",
       entry(row("1", "2024-03-10")) + "," +
           entry("{'resourceType':'Observation','id':'2','effectiveDateTime':'2024-01-01','subject':{'reference':'"
                 "Patient/p1'}}"),
       "2024-01-02"},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    chart c("p1", base);
    ASSERT_TRUE(c.add("k", observations, documents(searchset(r.entries, next_link)), completeness::complete, "",
                      chart::origin::prefetch));
    ASSERT_TRUE(c.answer_for("k").down_to);
    EXPECT_EQ(to_string(*c.answer_for("k").down_to), r.expected);
  }
}

TEST(chart, a_page_that_is_not_sorted_newest_first_is_partial) {
  for (const std::string url : {"Observation?patient=p1", "Observation?patient=p1&_sort=date",
                                "Observation?patient=p1&_sort=-_id", "Observation?patient=p1&_sort=_id,-date"}) {
    chart c("p1", base);
    ASSERT_TRUE(c.add("k", query_of(url), documents(searchset(entry(row("1")), next_link)), completeness::complete, "",
                      chart::origin::prefetch));
    EXPECT_EQ(c.answer_for("k").how, completeness::partial) << url;
  }
}

TEST(chart, reads_all_pages_as_one_answer) {
  const auto first = searchset(entry(row("1", "2024-03-10")), ",'total':2" + next_link);
  const auto last = searchset(entry(row("2", "2024-03-09")), ",'total':2");
  const std::string broken = "{'resourceType':'OperationOutcome','issue':[{'severity':'error'}]}";
  {
    chart c("p1", base);
    ASSERT_TRUE(c.add("k", observations, documents(first, last), completeness::complete, "", chart::origin::fetched));
    EXPECT_EQ(c.answer_for("k").how, completeness::complete);
    EXPECT_EQ(ids(c), "1 2");
  }
  {
    chart c("p1", base);
    ASSERT_TRUE(c.add("k", observations, documents(first, broken), completeness::complete, "", chart::origin::fetched));
    EXPECT_EQ(c.answer_for("k").how, completeness::partial);
    EXPECT_EQ(ids(c), "1");
  }
  {
    chart c("p1", base);
    ASSERT_TRUE(
        c.add("k", observations, documents(first, first), completeness::newest_page_only, "", chart::origin::fetched));
    EXPECT_EQ(c.answer_for("k").how, completeness::newest_page_only);
    EXPECT_EQ(to_string(*c.answer_for("k").down_to), "2024-03-11");
  }
}

TEST(chart, never_raises_what_the_caller_knows) {
  const struct {
    completeness given;
    std::string document;
    completeness expected;
    std::string reason;
  } rows[] = {
      {completeness::complete, searchset(entry(row("1"))), completeness::complete, ""},
      {completeness::partial, searchset(entry(row("1"))), completeness::partial, "timeout"},
      {completeness::failed, searchset(entry(row("1"))), completeness::failed, "timeout"},
      {completeness::partial, searchset(entry(row("1")), next_link), completeness::partial, "timeout"},
      {completeness::partial, searchset("null"), completeness::partial, "timeout"},
      {completeness::newest_page_only, searchset(entry(row("1"))), completeness::newest_page_only, ""},
      {completeness::newest_page_only, searchset(""), completeness::partial, "more pages were not read"},
  };
  for (const auto& r : rows) {
    chart c("p1", base);
    const std::string reason = r.given == completeness::partial || r.given == completeness::failed ? "timeout" : "";
    ASSERT_TRUE(c.add("k", observations, documents(r.document), r.given, reason, chart::origin::fetched));
    EXPECT_EQ(to_text(c.answer_for("k").how), to_text(r.expected));
    EXPECT_EQ(c.answer_for("k").reason, r.reason);
  }
  chart c("p1", base);
  ASSERT_TRUE(c.add("read", query_of("Patient/p1"), {}, completeness::complete, "", chart::origin::fetched));  // a 404
  ASSERT_TRUE(c.add("null", observations, {}, completeness::null, "", chart::origin::prefetch));
  EXPECT_EQ(c.answer_for("read").how, completeness::complete);
  EXPECT_EQ(c.answer_for("null").how, completeness::null);
  EXPECT_EQ(c.answer_for("never").how, completeness::not_asked);
  EXPECT_EQ(c.patient(), nullptr);
}

TEST(chart, two_answers_under_one_key_are_as_whole_as_the_better) {
  const struct {
    std::string name;
    completeness first, second, expected;
  } rows[] = {
      {"fetched after null", completeness::null, completeness::complete, completeness::complete},
      {"fetch failed after a part", completeness::partial, completeness::failed, completeness::partial},
      {"fetch failed after null", completeness::null, completeness::failed, completeness::null},
      {"whole twice", completeness::complete, completeness::complete, completeness::complete},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    for (const bool swapped : {false, true}) {
      chart c("p1");
      c.add_answer({"k", swapped ? r.second : r.first, "", std::nullopt, 1});
      c.add_answer({"k", swapped ? r.first : r.second, "", std::nullopt, 2});
      EXPECT_EQ(to_text(c.answer_for("k").how), to_text(r.expected));
      EXPECT_EQ(c.answer_for("k").unusable, 3u);
      EXPECT_EQ(c.answers().size(), 1u);
    }
  }
}

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
  ASSERT_TRUE(c.add("k", observations, documents(searchset(entry(row("1")) + "," + foreign, ",'link':[{'relation':'next','url':'b'}]")),
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

// ---- duplicates and order

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

// ---- a whole Bundle

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
