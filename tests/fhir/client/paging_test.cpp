// `next` links: followed to the end, never off the server, never for ever.
#include <gtest/gtest.h>

#include "tests/fhir/client/fixture.hpp"

namespace mainstay::fhir::client::test {
namespace {

std::vector<std::string> ids(const query_result& r) {
  std::vector<std::string> all;
  for (const page& p : r.pages)
    for (const json::node& entry : p.body.root().find("entry")->items())
      all.emplace_back(entry.find("resource")->string("id"));
  return all;
}

TEST(client_paging, follows_every_form_of_next) {
  stub_server* self = nullptr;
  stub_server server([&](const stub_request& r) {
    if (r.target == "/fhir/Observation?patient=p1")
      return answer(200, bundle("o1", self->base() + "?_getpages=ab&_getpagesoffset=1"));
    if (r.target == "/fhir?_getpages=ab&_getpagesoffset=1") return answer(200, bundle("o2", "Observation?page=3"));
    if (r.target == "/fhir/Observation?page=3") return answer(200, bundle("o3", "?page=4"));
    if (r.target == "/fhir/Observation?page=4") return answer(200, bundle("o4", "/fhir/Observation/_search?page=5"));
    if (r.target == "/fhir/Observation/_search?page=5") return answer(200, bundle("o5"));
    return answer(500, "");
  });
  self = &server;
  client c;
  const query_result got = fetch_one(c, server.base(), search_for("Observation"));
  EXPECT_EQ(got.how, completeness::complete) << got.reason;
  EXPECT_EQ(ids(got), (std::vector<std::string>{"o1", "o2", "o3", "o4", "o5"}));
  EXPECT_EQ(got.pages[1].url, server.base() + "?_getpages=ab&_getpagesoffset=1");
}

TEST(client_paging, counts_entries_over_all_pages_against_the_total) {
  stub_server server([](const stub_request& r) {
    return r.target.find("page=2") == std::string::npos ? answer(200, bundle("o1", "?page=2", R"("total":2,)"))
                                                        : answer(200, bundle("o2"));
  });
  client c;
  EXPECT_EQ(fetch_one(c, server.base(), search_for("Observation")).how, completeness::complete);
}

TEST(client_paging, keeps_the_pages_before_one_that_fails) {
  struct row {
    std::string name, second, reason;
  };
  const row rows[] = {
      {"expired search", answer(410, ""), "status 410"},
      {"read-like not found", answer(404, ""), "status 404"},
      {"html", answer(200, "<html>"), "not json"},
      {"outcome", answer(200, R"({"resourceType":"OperationOutcome"})"), "OperationOutcome"},
      {"closed", "", "connection lost"},
      {"link to itself", answer(200, bundle("o2", "?page=2")), "next links form a loop"},
      {"link back to the first", answer(200, bundle("o2", "Observation?patient=p1")), "next links form a loop"},
      {"downgrade or other scheme", answer(200, bundle("o2", "https://127.0.0.1/fhir?x")),
       "next link leaves the server"},
      {"other path", answer(200, bundle("o2", "/admin?x")), "next link leaves the server"},
      {"link without url",
       answer(200, R"({"resourceType":"Bundle","link":[{"relation":"next"}],"entry":[{"resource":{"id":"o2"}}]})"),
       "next link not understood"},
  };
  for (const row& r : rows) {
    SCOPED_TRACE(r.name);
    stub_server server([&](const stub_request& asked) {
      return asked.target.find("page=2") == std::string::npos ? answer(200, bundle("o1", "?page=2")) : r.second;
    });
    client c;
    const query_result got = fetch_one(c, server.base(), search_for("Observation"));
    EXPECT_EQ(got.how, completeness::partial);
    EXPECT_EQ(got.reason, r.reason);
    EXPECT_EQ(ids(got)[0], "o1");
  }
}

TEST(client_paging, never_shows_another_origin_the_token) {
  stub_server canary([](const stub_request&) { return answer(200, bundle("evil")); });
  for (const std::string& link :
       {canary.base() + "?_getpages=x", "//127.0.0.1:" + std::to_string(canary.port()) + "/fhir?x",
        "http://127.0.0.1@127.0.0.1:" + std::to_string(canary.port()) + "/fhir?x"}) {
    SCOPED_TRACE(link);
    stub_server server([&](const stub_request&) { return answer(200, bundle("o1", link)); });
    client c;
    request r = ask(server.base(), {{"key", search_for("Observation")}});
    r.token = secret("canary-token");
    const result got = wait_for(c, std::move(r));
    EXPECT_EQ(got.queries[0].how, completeness::partial);
    EXPECT_EQ(got.queries[0].reason, "next link leaves the server");
    EXPECT_EQ(got.queries[0].pages.size(), 1u);
    EXPECT_EQ(server.requests().size(), 1u);
  }
  EXPECT_EQ(canary.connections(), 0u);
}

TEST(client_paging, ends_at_the_last_page_allowed) {
  std::atomic<int> served = 0;
  int pages = 0;
  stub_server server([&](const stub_request&) {
    const int n = ++served;
    return answer(200, bundle("o" + std::to_string(n), n < pages ? "?page=" + std::to_string(n + 1) : ""));
  });
  options o;
  o.pages = 3;
  client c(o);
  pages = 3;
  EXPECT_EQ(fetch_one(c, server.base(), search_for("Observation")).how, completeness::complete);
  served = 0;
  pages = 4;
  const query_result got = fetch_one(c, server.base(), search_for("Observation"));
  EXPECT_EQ(got.how, completeness::partial);
  EXPECT_EQ(got.reason, "too many pages");
  EXPECT_EQ(got.pages.size(), 3u);
  EXPECT_EQ(served, 3);
}

TEST(client_paging, bounds_the_bytes_of_all_pages_and_queries_together) {
  const std::string first = bundle("o1", "?page=2");
  const std::string second = bundle("o2");
  stub_server server([&](const stub_request& r) {
    return r.target.find("page=2") == std::string::npos ? answer(200, first) : answer(200, second);
  });
  options o;
  o.total_bytes = first.size() + second.size();
  client enough(o);
  EXPECT_EQ(fetch_one(enough, server.base(), search_for("Observation")).how, completeness::complete);
  --o.total_bytes;
  client c(o);
  const query_result got = fetch_one(c, server.base(), search_for("Observation"));
  EXPECT_EQ(got.how, completeness::partial);
  EXPECT_EQ(got.reason, "too large");
  EXPECT_EQ(got.pages.size(), 1u);
  // The next request begins with a budget of its own.
  EXPECT_EQ(fetch_one(c, server.base(), search_for("Observation")).pages.size(), 1u);
}

}  // namespace
}  // namespace mainstay::fhir::client::test
