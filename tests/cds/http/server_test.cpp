#include "cds/http/server.hpp"

#include <mutex>

#include "tests/cds/http/echo.hpp"
#include "tests/cds/http/raw_client.hpp"

namespace mainstay::cds::http {
namespace {

using namespace testing;

TEST(server, answers_and_keeps_the_connection) {
  running s({}, echo);
  raw_client c(s->port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(c.send(get));
    auto a = c.receive();
    ASSERT_TRUE(a);
    EXPECT_EQ(a->status, 200u);
    EXPECT_EQ(a->body, "GET /a b=c  ");
    EXPECT_TRUE(a->has("X-Test: yes\r\n"));
    EXPECT_TRUE(a->has("Content-Type: text/plain\r\n"));
    EXPECT_FALSE(a->has("Connection: close"));
  }
  ASSERT_TRUE(c.send(post("/p", "{\"a\":1}")));
  EXPECT_EQ(c.receive()->body, "POST /p  application/json {\"a\":1}");
}

TEST(server, pipelined_requests_are_answered_in_order) {
  running s({}, echo);
  raw_client c(s->port());
  std::string all;
  for (int i = 0; i < 200; ++i)
    all += post("/p" + std::to_string(i), std::string(static_cast<std::size_t>(i), '1')) + get;
  ASSERT_TRUE(c.send(all));
  for (int i = 0; i < 200; ++i) {
    auto a = c.receive();
    ASSERT_TRUE(a);
    EXPECT_EQ(a->body,
              "POST /p" + std::to_string(i) + "  application/json " + std::string(static_cast<std::size_t>(i), '1'));
    EXPECT_EQ(c.receive()->body, "GET /a b=c  ");
  }
}

TEST(server, head_has_the_length_and_no_body) {
  running s({}, echo);
  raw_client c(s->port());
  ASSERT_TRUE(c.send("HEAD /h HTTP/1.1\r\nHost: a\r\n\r\n" + get));
  auto a = c.receive(true);
  ASSERT_TRUE(a);
  EXPECT_TRUE(a->has("Content-Length: 10\r\n"));
  EXPECT_EQ(c.receive()->body, "GET /a b=c  ");
  ASSERT_TRUE(c.send("HEAD //h HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_EQ(c.receive(true)->status, 400u);
  EXPECT_TRUE(c.closed());
}

TEST(server, no_content_has_no_length) {
  running s({}, echo);
  raw_client c(s->port());
  ASSERT_TRUE(c.send("DELETE /none HTTP/1.1\r\nHost: a\r\n\r\n" + get));
  auto a = c.receive();
  ASSERT_TRUE(a);
  EXPECT_EQ(a->status, 204u);
  EXPECT_FALSE(a->has("Content-Length"));
  EXPECT_EQ(c.receive()->status, 200u);
}

TEST(server, closes_when_asked) {
  running s({}, echo);
  raw_client c(s->port());
  ASSERT_TRUE(c.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get));
  auto a = c.receive();
  ASSERT_TRUE(a);
  EXPECT_TRUE(a->has("Connection: close\r\n"));
  EXPECT_TRUE(c.closed());
}

TEST(server, chunked_body_is_joined_and_the_connection_closed) {
  running s({}, echo);
  raw_client c(s->port());
  ASSERT_TRUE(c.send(chunked("3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\nHost: other\r\n\r\n") + get));
  auto a = c.receive();
  ASSERT_TRUE(a);
  EXPECT_EQ(a->body, "POST /c  application/json {\"a\":1}");
  EXPECT_TRUE(a->has("Connection: close\r\n"));
  EXPECT_TRUE(c.closed());  // the request behind it is not answered
}

TEST(server, faults_of_the_handler_are_500_with_an_id_and_reported) {
  std::mutex mutex;
  std::vector<std::string> reported;
  options o;
  o.error_content_type = "application/fhir+json";
  o.report = [&](std::string_view event, std::string_view detail) {
    std::lock_guard lock(mutex);
    reported.push_back(std::string(event) + " " + std::string(detail));
  };
  running s(o, echo);
  raw_client c(s->port());
  for (const char* path : {"/throw", "/split", "/status", "/framing"}) {
    SCOPED_TRACE(path);
    ASSERT_TRUE(c.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n"));
    auto a = c.receive();
    ASSERT_TRUE(a);
    EXPECT_EQ(a->status, 500u);
    EXPECT_TRUE(a->has("Content-Type: application/fhir+json\r\n"));
    EXPECT_FALSE(a->has("Set-Cookie"));
    EXPECT_EQ(a->body.find("inner words"), std::string::npos);
    auto from = a->body.find("id `") + 4;
    std::string id = a->body.substr(from, a->body.find('`', from) - from);
    std::lock_guard lock(mutex);
    ASSERT_FALSE(reported.empty());
    EXPECT_TRUE(reported.back().starts_with("handler_exception " + id + " ")) << reported.back();
  }
  EXPECT_EQ(reported.size(), 4u);
  EXPECT_NE(reported.front().find("inner words"), std::string::npos);
}

TEST(server, many_callers_at_once) {
  running s({}, echo);
  std::vector<std::thread> callers;
  std::atomic<int> good{0};
  for (int t = 0; t < 8; ++t)
    callers.emplace_back([&, t] {
      raw_client c(s->port());
      for (int i = 0; i < 50; ++i) {
        std::string body = std::to_string(t * 1000 + i);
        if (!c.send(post("/m", body))) return;
        auto a = c.receive();
        if (a && a->body == "POST /m  application/json " + body) ++good;
      }
    });
  for (auto& t : callers) t.join();
  EXPECT_EQ(good, 400);
}

TEST(server, a_port_in_use_is_an_exception) {
  running s({}, echo);
  workers on(1);
  options o;
  o.port = s->port();
  EXPECT_THROW(server(on, o, echo, {}), boost::system::system_error);
  o.address = "no address";
  EXPECT_THROW(server(on, o, echo, {}), boost::system::system_error);
}

}  // namespace
}  // namespace mainstay::cds::http
