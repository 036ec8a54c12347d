#include "cds/demo/demo.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <set>
#include <stdexcept>

#include "fhir/json/document.hpp"

namespace mainstay::cds::demo {
namespace {

namespace json = fhir::json;
const std::string base = "http://127.0.0.1:8081/fhir";
const std::string fhir_json = "application/fhir+json";
const std::string form = "application/x-www-form-urlencoded";

std::string observation(const std::string& id, const std::string& patient, const std::string& day) {
  return R"({"resourceType":"Observation","id":")" + id +
         R"(","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"718-7"}]},)" +
         R"("subject":{"reference":"Patient/)" + patient + R"("},"effectiveDateTime":")" + day +
         R"(","valueQuantity":{"value":12.500}})";
}

class demo : public ::testing::Test {
 protected:
  demo() {
    put(R"({"resourceType":"Patient","id":"p1"})");
    put(R"({"resourceType":"Patient","id":"p2"})");
    for (int day = 1; day <= 7; ++day)
      put(observation("o" + std::to_string(day), "p1", "2026-01-0" + std::to_string(day)));
    put(observation("other", "p2", "2026-01-01"));
    put(R"({"resourceType":"Basic","id":"gone"})");
    EXPECT_TRUE(store_->remove("Basic", "gone").has_value());
    handle_ = make_handler(store_, [] { return base; });
  }
  void put(const std::string& text) { ASSERT_TRUE(store_->put(json::parse(text).value()).has_value()); }

  http::response ask(std::string method, std::string target, std::string body = "", std::string type = "") {
    http::request r;
    r.method = std::move(method);
    auto mark = target.find('?');
    r.path = target.substr(0, mark);
    if (mark != std::string::npos) r.query = target.substr(mark + 1);
    r.body = std::move(body);
    r.content_type = std::move(type);
    http::response out;
    auto keep = [&](std::exception_ptr e, http::response answer) {
      if (e) std::rethrow_exception(e);
      out = std::move(answer);
    };
    boost::asio::io_context io;
    boost::asio::co_spawn(io, handle_(std::move(r)), keep);
    io.run();
    return out;
  }
  std::string header(const http::response& r, std::string_view name) {
    for (const auto& [n, value] : r.headers)
      if (n == name) return value;
    return "";
  }
  static std::string link(const json::node& bundle, std::string_view relation) {
    for (const json::node& l : bundle.find("link")->items())
      if (l.string("relation") == relation) return std::string(l.string("url"));
    return "";
  }

  std::shared_ptr<fhir::store::store> store_ = std::make_shared<fhir::store::store>();
  http::handler handle_;
};

struct row {
  const char* name;
  std::string method, target, body, type;
  unsigned status;
  const char* has;  ///< in the body
};

TEST_F(demo, answers) {
  const std::string bundle = R"({"resourceType":"Bundle","type":"transaction","entry":[)";
  const row rows[] = {
      {"read", "GET", "/fhir/Patient/p1", "", "", 200, R"("id":"p1")"},
      {"a read keeps a number's zeros", "GET", "/fhir/Observation/o1", "", "", 200, "12.500"},
      {"read with a format", "GET", "/fhir/Patient/p1?_format=json", "", "", 200, R"("id":"p1")"},
      {"head", "HEAD", "/fhir/Patient/p1", "", "", 200, R"("id":"p1")"},
      {"read of nothing", "GET", "/fhir/Patient/nobody", "", "", 404, R"("code":"not-found")"},
      {"read of what was deleted", "GET", "/fhir/Basic/gone", "", "", 410, R"("code":"deleted")"},
      {"read with a search parameter", "GET", "/fhir/Patient/p1?patient=p2", "", "", 400, "`patient`"},
      {"search", "GET", "/fhir/Observation?patient=p2", "", "", 200, R"("total":1)"},
      {"search by a bare token", "GET", "/fhir/Observation?code=http://loinc.org|718-7&patient=p1", "", "", 200,
       R"("total":7)"},
      {"search by an encoded token", "GET", "/fhir/Observation?code=http%3A%2F%2Floinc.org%7C1&patient=p1", "", "", 200,
       R"("total":0)"},
      {"search of another patient", "GET", "/fhir/Observation?patient=nobody", "", "", 200, R"("total":0)"},
      {"search without a value", "GET", "/fhir/Observation?patient=", "", "", 400, R"("code":"invalid")"},
      {"unknown parameter", "GET", "/fhir/Observation?patient=p1&pateint=p1", "", "", 400, "`pateint`"},
      {"wrong date", "GET", "/fhir/Observation?patient=p1&date=yesterday", "", "", 400, "`date`"},
      {"misspelt type", "GET", "/fhir/Observations?patient=p1", "", "", 404, R"("code":"not-found")"},
      {"lower-case type", "GET", "/fhir/observation?patient=p1", "", "", 404, R"("code":"not-found")"},
      {"post search", "POST", "/fhir/Observation/_search", "patient=p2&code=http%3A%2F%2Floinc.org%7C718-7", form, 200,
       R"("total":1)"},
      {"post search with a query too", "POST", "/fhir/Observation/_search?patient=p1", "date=ge2026-01-06", form, 200,
       R"("total":2)"},
      {"post search without a body", "POST", "/fhir/Observation/_search?patient=p2", "", "", 200, R"("total":1)"},
      {"post search with a JSON body", "POST", "/fhir/Observation/_search", "{}", fhir_json, 415,
       R"("code":"not-supported")"},
      {"post search with an unknown parameter", "POST", "/fhir/Observation/_search", "patient=p1&x=1", form, 400,
       "`x`"},
      {"post search with a line end", "POST", "/fhir/Observation/_search", "patient=p1\r\n", form, 400, "`patient`"},
      {"update", "PUT", "/fhir/Patient/p1", R"({"resourceType":"Patient","id":"p1","active":true})", fhir_json, 200,
       R"("active":true)"},
      {"update that makes", "PUT", "/fhir/Patient/new", R"({"resourceType":"Patient","id":"new"})", "application/json",
       201, R"("id":"new")"},
      {"update of another id", "PUT", "/fhir/Patient/p1", R"({"resourceType":"Patient","id":"p2"})", fhir_json, 400,
       "`id`"},
      {"update of another type", "PUT", "/fhir/Patient/p1", R"({"resourceType":"Basic","id":"p1"})", fhir_json, 400,
       "`resourceType`"},
      {"update without a body", "PUT", "/fhir/Patient/p1", "", "", 400, R"("code":"structure")"},
      {"update with bad JSON", "PUT", "/fhir/Patient/p1", R"({"resourceType":"Patient",)", fhir_json, 400,
       R"("code":"structure")"},
      {"update with a key twice", "PUT", "/fhir/Patient/p1", R"({"resourceType":"Patient","id":"p1","id":"p1"})",
       fhir_json, 400, R"("code":"structure")"},
      {"update with an array", "PUT", "/fhir/Patient/p1", "[]", fhir_json, 400, R"("code":"invalid")"},
      {"update by a form", "PUT", "/fhir/Patient/p1", "id=p1", form, 415, R"("code":"not-supported")"},
      {"create of another type", "POST", "/fhir/Patient", R"({"resourceType":"Basic"})", fhir_json, 400,
       "`resourceType`"},
      {"create with bad JSON", "POST", "/fhir/Patient", "{", fhir_json, 400, R"("code":"structure")"},
      {"transaction that is none", "POST", "/fhir", R"({"resourceType":"Patient"})", fhir_json, 400,
       R"("code":"invalid")"},
      {"transaction of nothing", "POST", "/fhir", bundle + "]}", fhir_json, 200, "transaction-response"},
      {"transaction with a bad entry", "POST", "/fhir/",
       bundle + R"({"request":{"method":"PATCH","url":"Patient/p1"}}]})", fhir_json, 422, R"("code":"not-supported")"},
      {"transaction with a dangling urn", "POST", "/fhir",
       bundle +
           R"({"resource":{"resourceType":"Basic","subject":{"reference":"urn:uuid:x"}},"request":{"method":"POST","url":"Basic"}}]})",
       fhir_json, 400, "`entry[0]`"},
      {"delete of nothing", "DELETE", "/fhir/Patient/nobody", "", "", 404, R"("code":"not-found")"},
      {"delete of what was deleted", "DELETE", "/fhir/Basic/gone", "", "", 204, ""},
      {"delete of a type", "DELETE", "/fhir/Patient?_id=p1", "", "", 405, "GET, HEAD, POST"},
      {"post to an instance", "POST", "/fhir/Patient/p1", "{}", fhir_json, 405, "GET, HEAD, PUT, DELETE"},
      {"patch", "PATCH", "/fhir/Patient/p1", "{}", fhir_json, 405, "GET, HEAD, PUT, DELETE"},
      {"search of everything", "GET", "/fhir", "", "", 405, "POST"},
      {"get of _search", "GET", "/fhir/Patient/_search", "", "", 405, "POST"},
      {"post to metadata", "POST", "/fhir/metadata", "{}", fhir_json, 405, "GET, HEAD"},
      {"history", "GET", "/fhir/Patient/p1/_history/1", "", "", 404, R"("code":"not-found")"},
      {"operation", "GET", "/fhir/Patient/p1/$everything", "", "", 404, R"("code":"not-found")"},
      {"another root", "GET", "/fhirx/Patient/p1", "", "", 404, R"("code":"not-found")"},
      {"no root", "GET", "/Patient/p1", "", "", 404, R"("code":"not-found")"},
      {"escape in an id", "GET", "/fhir/Patient/%70%31", "", "", 404, R"("code":"not-found")"},
  };
  for (const row& r : rows) {
    SCOPED_TRACE(r.name);
    http::response a = ask(r.method, r.target, r.body, r.type);
    EXPECT_EQ(a.status, r.status) << a.body;
    EXPECT_NE(a.body.find(r.has), std::string::npos) << a.body;
    if (a.status == 405) EXPECT_EQ(header(a, "Allow"), r.has);
    if (a.status == 204) continue;
    EXPECT_EQ(a.content_type, fhir_json);
    auto parsed = json::parse(a.body);
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->root().string("resourceType") == "OperationOutcome", a.status >= 400);
  }
}

TEST_F(demo, next_links_lead_through_all_rows_once) {
  for (const char* start :
       {"/fhir/Observation?patient=p1&_sort=-date&_count=3", "/fhir/Observation?patient=p1&_count=1"}) {
    SCOPED_TRACE(start);
    std::set<std::string> seen;
    std::string target = start;
    int pages = 0;
    while (!target.empty() && pages < 100) {
      ++pages;
      http::response a = ask("GET", target);
      ASSERT_EQ(a.status, 200u);
      auto bundle = json::parse(a.body).value();
      EXPECT_EQ(bundle.root().find("total")->text(), "7");
      for (const json::node& entry : bundle.root().find("entry")->items()) {
        EXPECT_TRUE(seen.emplace(entry.find("resource")->string("id")).second);
        EXPECT_TRUE(entry.string("fullUrl").starts_with(base + "/Observation/"));
      }
      std::string next = link(bundle.root(), "next");
      if (!next.empty()) {
        ASSERT_TRUE(next.starts_with(base + "/Observation?")) << next;
        EXPECT_NE(next.find("_offset="), std::string::npos);
        EXPECT_NE(next.find("_count="), std::string::npos);
      }
      target = next.empty() ? "" : "/fhir" + next.substr(base.size());
    }
    EXPECT_EQ(seen.size(), 7u);
    EXPECT_EQ(pages, std::string_view(start).ends_with("=3") ? 3 : 7);
  }
}

TEST_F(demo, the_next_link_of_a_posted_search_is_a_get) {
  auto bundle = json::parse(ask("POST", "/fhir/Observation/_search", "patient=p1&_count=5", form).body).value();
  std::string next = link(bundle.root(), "next");
  ASSERT_TRUE(next.starts_with(base));
  auto last = json::parse(ask("GET", "/fhir" + next.substr(base.size())).body).value();
  EXPECT_EQ(last.root().find("entry")->items().size(), 2u);
  EXPECT_EQ(link(last.root(), "next"), "");
}

TEST_F(demo, created_updated_and_deleted) {
  http::response made =
      ask("POST", "/fhir/Patient", R"({"resourceType":"Patient","id":"p1","active":false})", fhir_json);
  ASSERT_EQ(made.status, 201u) << made.body;
  std::string location = header(made, "Location");
  ASSERT_TRUE(location.starts_with(base + "/Patient/")) << location;
  std::string target = "/fhir" + location.substr(base.size());
  EXPECT_NE(target, "/fhir/Patient/p1");  // an id that came with a create is not used (R4 3.1.0.8)
  EXPECT_EQ(ask("GET", target).body, made.body);
  EXPECT_EQ(header(ask("PUT", "/fhir/Patient/x", R"({"resourceType":"Patient","id":"x"})", fhir_json), "Location"),
            base + "/Patient/x");
  EXPECT_EQ(ask("DELETE", target).status, 204u);
  EXPECT_EQ(ask("GET", target).status, 410u);
  EXPECT_EQ(ask("DELETE", target).status, 204u);
  EXPECT_EQ(ask("PUT", "/fhir/Basic/gone", R"({"resourceType":"Basic","id":"gone"})", fhir_json).status, 201u);
  EXPECT_EQ(ask("GET", "/fhir/Basic/gone").status, 200u);
}

TEST_F(demo, transaction_is_all_or_nothing) {
  const std::string good =
      R"({"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}},)"
      R"({"resource":{"resourceType":"Observation","id":"t","subject":{"reference":"urn:uuid:1"}},"request":{"method":"PUT","url":"Observation/t"}})";
  const std::string bad =
      R"(,{"resource":{"resourceType":"Patient","id":"a"},"request":{"method":"PUT","url":"Patient/b"}})";
  const std::string begin = R"({"resourceType":"Bundle","type":"transaction","entry":[)";
  std::size_t before = store_->size();
  EXPECT_EQ(ask("POST", "/fhir", begin + good + bad + "]}", fhir_json).status, 400u);
  EXPECT_EQ(store_->size(), before);
  http::response done = ask("POST", "/fhir", begin + good + "]}", fhir_json);
  ASSERT_EQ(done.status, 200u) << done.body;
  EXPECT_EQ(store_->size(), before + 2);
  auto bundle = json::parse(done.body).value();
  std::string patient(bundle.root().find("entry")->items()[0].find("response")->string("location"));
  EXPECT_NE(ask("GET", "/fhir/Observation/t").body.find('"' + patient + '"'), std::string::npos);
}

TEST_F(demo, metadata_says_what_a_search_takes) {
  http::response a = ask("GET", "/fhir/metadata");
  ASSERT_EQ(a.status, 200u);
  auto statement = json::parse(a.body).value();
  const json::node& root = statement.root();
  EXPECT_EQ(root.string("resourceType"), "CapabilityStatement");
  EXPECT_EQ(root.string("fhirVersion"), "4.0.1");
  EXPECT_EQ(root.find("implementation")->string("url"), base);
  const json::node& rest = root.find("rest")->items()[0];
  std::size_t parameters = 0;
  for (const json::node& type : rest.find("resource")->items())
    for (const json::node& parameter : type.find("searchParam")->items()) {
      ++parameters;
      std::string name(parameter.string("name"));
      std::string value = parameter.string("type") == "date" ? "2026-01-01" : "x";
      std::string target = "/fhir/" + std::string(type.string("type")) + "?" + name + "=" + value;
      EXPECT_EQ(ask("GET", target).status, 200u) << target;
    }
  EXPECT_GT(parameters, 50u);
}

TEST(operation_outcome, keeps_issue_types_and_wraps_machine_codes) {
  struct {
    unsigned status;
    const char *code, *severity, *issue, *detail;
  } rows[] = {
      {404, "not-found", "error", "not-found", ""},
      {400, "bad_framing", "error", "invalid", "bad_framing"},
      {413, "too_large", "error", "too-long", "too_large"},
      {415, "media_type", "error", "not-supported", "media_type"},
      {503, "busy", "fatal", "transient", "busy"},
      {500, "internal_error", "fatal", "exception", "internal_error"},
      {408, "timeout", "error", "timeout", ""},
      {422, "", "error", "processing", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.code);
    auto parsed = json::parse(operation_outcome(row.status, row.code, "say \"what\" to do")).value();
    const json::node& issue = parsed.root().find("issue")->items()[0];
    EXPECT_EQ(issue.string("severity"), row.severity);
    EXPECT_EQ(issue.string("code"), row.issue);
    EXPECT_EQ(issue.string("diagnostics"), "say \"what\" to do");
    const json::node* details = issue.find("details");
    EXPECT_EQ(details ? details->find("coding")->items()[0].string("code") : "", row.detail);
  }
}

TEST(make_options, allows_what_the_handler_reads) {
  http::options o = make_options();
  EXPECT_EQ(o.error_content_type, "application/fhir+json");
  EXPECT_EQ(o.media_types, (std::vector<std::string>{fhir_json, "application/json", form}));
}

}  // namespace
}  // namespace mainstay::cds::demo
