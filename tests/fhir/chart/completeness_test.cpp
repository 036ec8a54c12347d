#include <gtest/gtest.h>

#include "tests/fhir/chart/documents.hpp"

namespace mainstay::fhir {
namespace {

// ---- one document each

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
       searchset(
           entry(row("1")) + "," + entry("{'resourceType':'Procedure','id':'2','subject':{'reference':'Patient/p1'}}"),
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

}  // namespace
}  // namespace mainstay::fhir
