// Many at once: in parallel, over kept connections, cancelled, timed out, and ended with the client.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/fhir/client/fixture.hpp"

namespace mainstay::fhir::client::test {
namespace {

const std::vector<std::pair<std::string, search::query>> three = {
    {"a", search_for("Observation")}, {"b", search_for("Condition")}, {"c", search_for("Procedure")}};

TEST(client_concurrency, has_all_queries_in_flight_before_one_is_answered) {
  stub_server* self = nullptr;
  stub_server server(
      [&](const stub_request&) { return self->wait_for_requests(3) ? answer(200, bundle("o1")) : std::string(); });
  self = &server;
  client c;
  const result got = wait_for(c, ask(server.base(), three));
  for (const query_result& q : got.queries) EXPECT_EQ(q.how, completeness::complete) << q.reason;
}

TEST(client_concurrency, keeps_connections_for_the_next_request) {
  stub_server* self = nullptr;
  std::size_t together = 3;
  stub_server server([&](const stub_request&) {
    return self->wait_for_requests(together) ? answer(200, bundle("o1")) : std::string();
  });
  self = &server;
  client c;
  wait_for(c, ask(server.base(), three));
  together = 6;
  wait_for(c, ask(server.base(), three));
  EXPECT_EQ(server.requests().size(), 6u);
  EXPECT_EQ(server.connections(), 3u);
}

TEST(client_concurrency, opens_a_new_connection_where_the_old_one_was_closed) {
  stub_server server([&](const stub_request&) { return answer(200, bundle("o1"), "Connection: close\r\n"); });
  client c;
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(fetch_one(c, server.base(), search_for("Observation")).how, completeness::complete);
  EXPECT_EQ(server.connections(), 3u);
}

TEST(client_concurrency, ends_at_the_deadline_with_what_there_is) {
  stub_server* self = nullptr;
  stub_server server([&](const stub_request& r) {
    if (r.target == "/fhir/Observation?patient=p1") return answer(200, bundle("o1"));
    if (r.target == "/fhir/Condition?patient=p1") return answer(200, bundle("c1", "?page=2"));
    self->wait_for_stop();
    return std::string();
  });
  self = &server;
  client c;
  const result got = wait_for(c, ask(server.base(), three, std::chrono::milliseconds(1000)));
  EXPECT_EQ(got.queries[0].how, completeness::complete);
  EXPECT_EQ(got.queries[1].how, completeness::partial);
  EXPECT_EQ(got.queries[1].reason, "timeout");
  EXPECT_EQ(got.queries[1].pages.size(), 1u);
  EXPECT_EQ(got.queries[2].how, completeness::failed);
  EXPECT_EQ(got.queries[2].reason, "timeout");
}

TEST(client_concurrency, counts_the_wait_for_a_connection_as_time) {
  stub_server* self = nullptr;
  stub_server server([&](const stub_request&) {
    self->wait_for_stop();
    return std::string();
  });
  self = &server;
  options o;
  o.connections_per_host = 1;
  client c(o);
  const result got = wait_for(c, ask(server.base(), three, std::chrono::milliseconds(200)));
  for (const query_result& q : got.queries) EXPECT_EQ(q.reason, "timeout");
}

TEST(client_concurrency, asks_nothing_when_the_time_is_over) {
  stub_server server([&](const stub_request&) { return answer(200, bundle("o1")); });
  client c;
  for (const int ms : {0, -5})
    EXPECT_EQ(fetch_one(c, server.base(), search_for("Observation"), std::chrono::milliseconds(ms)).reason, "timeout");
  EXPECT_EQ(server.connections(), 0u);
}

TEST(client_concurrency, cancels_from_another_thread) {
  stub_server* self = nullptr;
  stub_server server([&](const stub_request& r) {
    if (r.target == "/fhir/Condition?patient=p1") return answer(200, bundle("c1", "?page=2"));
    self->wait_for_stop();
    return std::string();
  });
  self = &server;
  client c;
  std::promise<result> promise;
  ticket t = c.fetch(ask(server.base(), three), [&](result r) { promise.set_value(std::move(r)); });
  ASSERT_TRUE(server.wait_for_requests(4));  // three and the second page
  std::thread([&] { t.cancel(); }).join();
  const result got = promise.get_future().get();
  EXPECT_EQ(got.queries[0].how, completeness::failed);
  EXPECT_EQ(got.queries[0].reason, "cancelled");
  EXPECT_EQ(got.queries[1].how, completeness::partial);
  EXPECT_EQ(got.queries[1].reason, "cancelled");
  t.cancel();  // again, when all is done
  ticket().cancel();
}

TEST(client_concurrency, cancels_a_request_that_waits_to_try_again) {
  stub_server server([](const stub_request&) { return answer(503, "", "Retry-After: 5\r\n"); });
  client c;
  std::promise<result> promise;
  ticket t = c.fetch(ask(server.base(), {{"a", search_for("Observation")}}),
                     [&](result r) { promise.set_value(std::move(r)); });
  ASSERT_TRUE(server.wait_for_requests(1));
  t.cancel();
  EXPECT_EQ(promise.get_future().get().queries[0].reason, "cancelled");
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(client_concurrency, ends_with_transfers_running) {
  stub_server* self = nullptr;
  stub_server server([&](const stub_request&) {
    self->wait_for_stop();
    return std::string();
  });
  self = &server;
  std::vector<std::string> reasons;  // written on the client's thread, read after its end
  ticket t;
  {
    client c;
    for (int i = 0; i < 4; ++i)
      t = c.fetch(ask(server.base(), three), [&](result r) {
        for (const query_result& q : r.queries) reasons.push_back(q.reason);
      });
    ASSERT_TRUE(server.wait_for_requests(12));
  }
  EXPECT_EQ(reasons, std::vector<std::string>(12, "cancelled"));
  t.cancel();  // outlives its client
}

TEST(client_concurrency, answers_what_is_asked_while_it_ends) {
  stub_server* self = nullptr;
  stub_server server([&](const stub_request&) {
    self->wait_for_stop();
    return std::string();
  });
  self = &server;
  std::vector<std::string> reasons;
  std::function<void(result)> ask_again;
  const request one = ask(server.base(), {{"a", search_for("Observation")}});
  {
    client c;
    ask_again = [&](result r) {
      reasons.push_back(r.queries[0].reason);
      if (reasons.size() < 3) c.fetch(one, ask_again);
    };
    c.fetch(one, ask_again);
    ASSERT_TRUE(server.wait_for_requests(1));
  }
  EXPECT_EQ(reasons, std::vector<std::string>(3, "cancelled"));
}

TEST(client_concurrency, refuses_more_than_it_may_have_in_flight) {
  stub_server* self = nullptr;
  stub_server server(
      [&](const stub_request&) { return self->wait_for_requests(3) ? answer(200, bundle("o1")) : std::string(); });
  self = &server;
  options o;
  o.requests_in_flight = 2;
  client c(o);
  const auto one = [&] { return ask(server.base(), {{"a", search_for("Observation")}}); };
  std::promise<result> first, second;
  c.fetch(one(), [&](result r) { first.set_value(std::move(r)); });
  c.fetch(one(), [&](result r) { second.set_value(std::move(r)); });
  const result refused = wait_for(c, one());
  EXPECT_EQ(refused.queries[0].how, completeness::failed);
  EXPECT_EQ(refused.queries[0].reason, "busy");
  // The third request that the server waits for.
  EXPECT_EQ(c.send({"GET", server.base(), "", "", {}, long_deadline}).status, 200u);
  EXPECT_EQ(first.get_future().get().queries[0].how, completeness::complete);
  EXPECT_EQ(second.get_future().get().queries[0].how, completeness::complete);
  EXPECT_EQ(wait_for(c, one()).queries[0].how, completeness::complete);
}

TEST(client_concurrency, serves_many_threads) {
  stub_server server([](const stub_request& r) {
    const std::size_t at = r.target.find("patient=") + 8;
    return answer(200, bundle(r.target.substr(at)));
  });
  client c;
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        search::query q = search_for("Observation");
        q.patients = {"p" + std::to_string(t) + "-" + std::to_string(i)};
        const std::string id = q.patients[0];
        const query_result got = fetch_one(c, server.base(), std::move(q));
        if (got.pages.size() == 1 &&
            got.pages[0].body.root().find("entry")->items()[0].find("resource")->string("id") == id)
          ++right;
      }
    });
  for (auto& t : threads) t.join();
  EXPECT_EQ(right, 160);
}

TEST(client_concurrency, goes_past_a_proxy_of_the_environment) {
  stub_server canary([](const stub_request&) { return answer(200, bundle("proxy")); });
  stub_server server([](const stub_request&) { return answer(200, bundle("o1")); });
  for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
    ::setenv(name, canary.origin().c_str(), 1);
  {
    client c;
    EXPECT_EQ(fetch_one(c, server.base(), search_for("Observation")).how, completeness::complete);
    EXPECT_EQ(c.send({"GET", server.base(), "", "", {}, long_deadline}).status, 200u);
  }
  for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
  EXPECT_EQ(server.requests().size(), 2u);
  EXPECT_EQ(canary.connections(), 0u);
}

}  // namespace
}  // namespace mainstay::fhir::client::test
