#include "fhir/store/store.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "fhir/json/writer.hpp"
#include "tests/fhir/search/quoted.hpp"

namespace mainstay::fhir::store {
namespace {

std::string observation(const std::string& id, const std::string& patient, const std::string& day = "2024-03-10") {
  return "{'resourceType':'Observation','id':'" + id +
         "','status':'final','code':{'coding':[{'system':'s','code':'c'}]},"
         "'subject':{'reference':'Patient/" +
         patient + "'},'effectiveDateTime':'" + day + "'}";
}

void put(store& s, const std::string& text) {
  ASSERT_TRUE(s.put(document_of(text)));
}

std::string ids(const store& s, const std::string& url) {
  const auto q = search::parse_url(url);
  if (!q) return q.error().message;
  const auto found = s.search(*q);
  if (!found) return found.error().message;
  std::string out;
  for (const json::node* n : found->resources)
    out += std::string(out.empty() ? "" : " ") + std::string(n->string("id"));
  return out;
}

std::string error_of(const auto& result) {
  return result ? "none" : std::to_string(result.error().status) + " " + result.error().code;
}

TEST(store, put_replaces_and_moves_between_patients) {
  store s;
  put(s, observation("1", "p1"));
  put(s, observation("2", "p1"));
  EXPECT_EQ(ids(s, "Observation?patient=p1"), "1 2");
  put(s, observation("1", "p2"));
  EXPECT_EQ(s.size(), 2u);
  EXPECT_EQ(ids(s, "Observation?patient=p1"), "2");
  EXPECT_EQ(ids(s, "Observation?patient=p2"), "1");
  EXPECT_EQ(ids(s, "Observation?patient=p1,p2"), "1 2");
  EXPECT_EQ(s.put(document_of(observation("3", "p1"))).value(), "Observation/3");
}

TEST(store, put_refuses) {
  const struct {
    std::string name, text;
  } rows[] = {
      {"an array", "[]"},
      {"a text", "'x'"},
      {"null", "null"},
      {"no type", "{'id':'1'}"},
      {"no id", "{'resourceType':'Patient'}"},
      {"type not a name", "{'resourceType':'../x','id':'1'}"},
      {"type a number", "{'resourceType':1,'id':'1'}"},
      {"id with a slash", "{'resourceType':'Patient','id':'a/b'}"},
      {"id a number", "{'resourceType':'Patient','id':1}"},
      {"id too long", "{'resourceType':'Patient','id':'" + std::string(65, 'a') + "'}"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    store s;
    EXPECT_EQ(error_of(s.put(document_of(row.text))), "400 invalid");
    EXPECT_EQ(s.size(), 0u);
  }
}

TEST(store, holds_as_many_as_its_limit) {
  limits two;
  two.resources = 2;
  store s(two);
  put(s, observation("1", "p1"));
  put(s, observation("2", "p1"));
  EXPECT_EQ(error_of(s.put(document_of(observation("3", "p1")))), "422 too-costly");
  EXPECT_TRUE(s.put(document_of(observation("2", "p9"))));  // replacing takes no room
  EXPECT_EQ(error_of(s.load_ndjson(quoted(observation("3", "p1")))), "422 too-costly");
  EXPECT_EQ(s.size(), 2u);
}

TEST(store, read_and_remove) {
  store s;
  put(s, observation("1", "p1"));
  EXPECT_EQ(s.read("Observation", "1").value()->string("id"), "1");
  EXPECT_EQ(error_of(s.read("Observation", "2")), "404 not-found");
  EXPECT_EQ(error_of(s.read("Procedure", "1")), "404 not-found");
  EXPECT_EQ(error_of(s.remove("Observation", "2")), "404 not-found");
  EXPECT_TRUE(s.remove("Observation", "1"));
  EXPECT_EQ(error_of(s.read("Observation", "1")), "410 deleted");
  EXPECT_TRUE(s.remove("Observation", "1"));
  EXPECT_EQ(ids(s, "Observation?patient=p1"), "");
  EXPECT_EQ(s.size(), 0u);
  EXPECT_TRUE(s.counts().empty());
  put(s, observation("1", "p1"));
  EXPECT_TRUE(s.read("Observation", "1"));
  EXPECT_EQ(s.counts().at("Observation"), 1u);
}

TEST(store, loads_ndjson) {
  store s;
  const std::string text =
      quoted(observation("1", "p1") + "\r\n\n  \n" + observation("2", "p1") + "\n" + observation("1", "p2"));
  EXPECT_EQ(s.load_ndjson(text).value(), 3u);
  EXPECT_EQ(s.size(), 2u);
  EXPECT_EQ(ids(s, "Observation?patient=p2"), "1");  // the later line of the same id
  EXPECT_EQ(s.load_ndjson("").value(), 0u);
}

TEST(store, names_the_line_of_a_bad_one_and_loads_nothing) {
  const struct {
    std::string name, line;
  } rows[] = {
      {"not JSON", "{"},
      {"two values", "{} {}"},
      {"no id", "{\"resourceType\":\"Patient\"}"},
      {"an array", "[]"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    store s;
    const auto got =
        s.load_ndjson(quoted(observation("1", "p1")) + "\n\n" + row.line + "\n" + quoted(observation("2", "p1")));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().status, 400u);
    EXPECT_TRUE(got.error().message.starts_with("line 3: ")) << got.error().message;
    EXPECT_EQ(s.size(), 0u);
  }
}

TEST(store, finds_by_read_id_and_type) {
  store s;
  put(s, "{'resourceType':'Patient','id':'p1'}");
  put(s, observation("1", "p1", "2024-01-01"));
  put(s, observation("2", "p1", "2024-02-01"));
  put(s, observation("3", "p2", "2024-03-01"));
  const struct {
    std::string url, expected;
  } rows[] = {
      {"Patient/p1", "p1"},
      {"Patient/p2", ""},
      {"Patient?_id=p1", "p1"},
      {"Observation", "1 2 3"},
      {"Procedure", ""},
      {"Observation?_id=3,1,9", "1 3"},
      {"Observation?_id=3&patient=p1", ""},
      {"Observation?patient=p1&_sort=-date", "2 1"},
      {"Observation?subject=Patient/p2", "3"},
      {"Observation?date=ge2024-02", "2 3"},
      {"Observation?code=s|c&_count=2", "1 2"},
      {"Observation?code=s|d", ""},
      {"Observation?_offset=2", "3"},
  };
  for (const auto& row : rows) EXPECT_EQ(ids(s, row.url), row.expected) << row.url;
}

TEST(store, pages) {
  limits few;
  few.default_count = 3;
  few.max_count = 4;
  store s(few);
  for (int i = 0; i < 10; ++i) put(s, observation("o" + std::to_string(i), "p1", "2024-03-1" + std::to_string(i)));
  const struct {
    std::string name, url;
    std::size_t offset;
    std::string expected;
    unsigned count;
    bool next;
  } rows[] = {
      {"default", "Observation?patient=p1", 0, "o0 o1 o2", 3, true},
      {"asked", "Observation?patient=p1&_count=2", 2, "o2 o3", 2, true},
      {"capped", "Observation?patient=p1&_count=100", 0, "o0 o1 o2 o3", 4, true},
      {"at the cap", "Observation?patient=p1&_count=4", 0, "o0 o1 o2 o3", 4, true},
      {"sorted before paged", "Observation?patient=p1&_sort=-date&_count=3", 3, "o6 o5 o4", 3, true},
      {"last page, short", "Observation?patient=p1", 9, "o9", 3, false},
      {"last page, full", "Observation?patient=p1&_count=2", 8, "o8 o9", 2, false},
      {"at the end", "Observation?patient=p1", 10, "", 3, false},
      {"past the end", "Observation?patient=p1", 1000, "", 3, false},
      {"none", "Observation?patient=p1&_count=0", 0, "", 0, false},
      {"no match", "Observation?patient=p2", 0, "", 3, false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto found = s.search(search::parse_url(row.url).value(), row.offset).value();
    std::string got;
    for (const json::node* n : found.resources)
      got += std::string(got.empty() ? "" : " ") + std::string(n->string("id"));
    EXPECT_EQ(got, row.expected);
    EXPECT_EQ(found.count, row.count);
    EXPECT_EQ(found.total, row.name == "no match" ? 0u : 10u);
    EXPECT_EQ(found.has_next(), row.next);
  }
}

TEST(to_bundle, has_links_that_lead_to_every_row) {
  store s;
  for (int i = 0; i < 7; ++i) put(s, observation("o" + std::to_string(i), "p1"));
  std::string url = "Observation?patient=p1&code=s%7Cc&_sort=-date&_count=3";
  std::vector<std::string> seen;
  std::vector<std::string> selves;
  while (!url.empty()) {
    const auto q = search::parse_url(url).value();
    const auto bundle = document_of(to_bundle(s.search(q).value(), q, "http://h:1/fhir/"));
    const json::node& root = bundle.root();
    EXPECT_EQ(root.string("resourceType"), "Bundle");
    EXPECT_EQ(root.string("type"), "searchset");
    EXPECT_EQ(root.find("total")->text(), "7");
    url.clear();
    for (const json::node& link : root.find("link")->items()) {
      const std::string to(link.string("url"));
      ASSERT_TRUE(to.starts_with("http://h:1/fhir/Observation?")) << to;
      if (link.string("relation") == "next") url = to.substr(std::string("http://h:1/fhir/").size());
      if (link.string("relation") == "self") selves.push_back(to);
    }
    for (const json::node& entry : root.find("entry")->items()) {
      seen.emplace_back(entry.find("resource")->string("id"));
      EXPECT_EQ(entry.string("fullUrl"), "http://h:1/fhir/Observation/" + seen.back());
      EXPECT_EQ(entry.find("search")->string("mode"), "match");
    }
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"o0", "o1", "o2", "o3", "o4", "o5", "o6"}));
  EXPECT_EQ(selves, (std::vector<std::string>{
                        "http://h:1/fhir/Observation?patient=p1&code=s%7Cc&_sort=-date&_count=3",
                        "http://h:1/fhir/Observation?patient=p1&code=s%7Cc&_sort=-date&_count=3&_offset=3",
                        "http://h:1/fhir/Observation?patient=p1&code=s%7Cc&_sort=-date&_count=3&_offset=6"}));
}

TEST(to_bundle, without_rows_has_no_entry) {
  store s;
  const auto q = search::parse_url("Observation?patient=p1").value();
  const auto bundle = document_of(to_bundle(s.search(q).value(), q, "http://h/fhir"));
  EXPECT_EQ(bundle.root().find("entry"), nullptr);
  EXPECT_EQ(bundle.root().find("total")->text(), "0");
  EXPECT_EQ(bundle.root().find("link")->items().size(), 1u);
}

// The index and the matcher are two ways to the same rows.
TEST(store_property, search_finds_what_matches) {
  EXPECT_TRUE(rc::check([] {
    store s;
    std::vector<json::document> all;
    const auto pick = [](std::vector<std::string> from) { return *rc::gen::elementOf(from); };
    const int n = *rc::gen::inRange(0, 30);
    for (int i = 0; i < n; ++i) {
      const std::string type = pick({"Observation", "Procedure"});
      const std::string text = "{'resourceType':'" + type + "','id':'" + pick({"a", "b", "c", "d", "e", "f"}) +
                               "','status':'" + pick({"final", "completed"}) + "','code':{'coding':[{'system':'" +
                               pick({"s", "http://loinc.org"}) + "','code':'" + pick({"1", "2"}) +
                               "'}]},'subject':{'reference':'" +
                               pick({"Patient/p1", "Patient/p2", "Patient/p1/_history/1", "https://h/fhir/Patient/p2",
                                     "Group/p1", "urn:uuid:1"}) +
                               "'},'" + (type == "Observation" ? "effective" : "performed") + "DateTime':'" +
                               pick({"2024", "2024-02", "2024-02-03", "2024-02-03T10:00:00Z"}) + "'}";
      s.put(document_of(text)).value();
    }
    for (const std::string type : {"Observation", "Procedure"})
      for (const char id : std::string("abcdef"))
        if (const auto found = s.read(type, std::string(1, id))) all.push_back(document_of(json::to_text(**found)));
    const std::string url = pick({"Observation", "Procedure"}) + "?_count=500" +
                            pick({"", "&patient=p1", "&patient=p1,p2", "&subject=Group/p1", "&subject=p1"}) +
                            pick({"", "&code=1", "&code=http://loinc.org|1", "&code=urn:oid:2.16.840.1.113883.6.1|2"}) +
                            pick({"", "&_id=a,b,c", "&status=final"}) +
                            pick({"", "&date=ge2024-02-03", "&date=2024-02", "&date=lt2024-02-03"}) +
                            pick({"", "&_sort=-date", "&_sort=-_id"});
    const auto q = search::parse_url(url).value();
    std::multiset<std::string> matched, found;
    for (const json::document& d : all)
      if (search::matches(q, d.root())) matched.insert(json::to_text(d.root()));
    const auto page = s.search(q).value();
    for (const json::node* row : page.resources) found.insert(json::to_text(*row));
    RC_ASSERT(found == matched);
    RC_ASSERT(page.total == matched.size());
    // and by the query as printed
    const auto again = s.search(search::parse_url(search::to_url(q)).value()).value();
    RC_ASSERT(again.resources == page.resources);
  }));
}

TEST(store_property, pages_cover_a_search_without_overlap) {
  EXPECT_TRUE(rc::check([] {
    store s;
    const int n = *rc::gen::inRange(0, 40);
    for (int i = 0; i < n; ++i)
      s.put(document_of(
                observation("o" + std::to_string(i), "p1", "2024-03-1" + std::to_string(*rc::gen::inRange(0, 3)))))
          .value();
    auto q = search::parse_url("Observation?patient=p1").value();
    q.sort = {*rc::gen::elementOf(std::vector<std::string>{"date", "-date", "_id"})};
    q.count = 100;
    const auto whole = s.search(q).value().resources;
    q.count = *rc::gen::inRange(1u, 9u);
    std::vector<const json::node*> together;
    for (std::size_t offset = 0;;) {
      const auto p = s.search(q, offset).value();
      together.insert(together.end(), p.resources.begin(), p.resources.end());
      if (!p.has_next()) break;
      offset += p.resources.size();
    }
    RC_ASSERT(together == whole);
  }));
}

}  // namespace
}  // namespace mainstay::fhir::store
