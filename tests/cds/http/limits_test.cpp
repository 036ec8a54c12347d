#include "tests/cds/http/echo.hpp"
#include "tests/cds/http/raw_client.hpp"

namespace mainstay::cds::http {
namespace {

using namespace std::chrono_literals;
using namespace testing;

TEST(server, deadlines_end_the_connection) {
  struct row {
    const char* name;
    std::string bytes;
    unsigned status;  // 0: closed without an answer
  };
  const row rows[] = {
      {"nothing sent", "", 0},
      {"half a header", "GET / HTTP/1.1\r\nHo", 408},
      {"half a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\nabc",
       408},
      {"half a chunk", chunked("9\r\nabc"), 408},
      {"continue, then nothing",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\nExpect: "
       "100-continue\r\n\r\n",
       100},
  };
  options o;
  o.header_deadline = o.body_deadline = o.idle_deadline = o.linger_deadline = 30ms;
  running s(o, echo);
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    raw_client c(s->port());
    ASSERT_TRUE(c.send(r.bytes));
    if (r.status != 0) EXPECT_EQ(c.receive()->status, r.status);
    if (r.status == 100) EXPECT_EQ(c.receive()->status, 408u);
    EXPECT_TRUE(c.closed());
  }
  raw_client kept(s->port());
  ASSERT_TRUE(kept.send(get));
  EXPECT_EQ(kept.receive()->status, 200u);
  EXPECT_TRUE(kept.closed());  // idle
}

TEST(server, header_deadline_is_total) {
  options o;
  o.header_deadline = 200ms;
  running s(o, echo);
  raw_client c(s->port());
  // A byte at a time for ever: only a deadline that no byte extends ends this.
  bool open = c.send("GET / HTTP/1.1\r\nX: ");
  std::optional<testing::answer> a;
  std::thread reader([&] { a = c.receive(); });
  while (open) {
    open = c.send("x");
    std::this_thread::yield();
  }
  reader.join();
  raw_client good(s->port());
  ASSERT_TRUE(good.send(get));
  EXPECT_EQ(good.receive()->status, 200u);
}

TEST(server, reader_that_does_not_read_is_cut) {
  options o;
  o.write_deadline = 50ms;
  running s(o, echo);
  raw_client c(s->port(), 4096);
  ASSERT_TRUE(c.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n"));
  // Nothing is read until the server has given up, which its count shows.
  while (s->connections() == 0) std::this_thread::yield();
  while (s->connections() > 0) std::this_thread::yield();
  EXPECT_FALSE(c.receive());
}

TEST(server, connections_over_the_limit_get_503) {
  options o;
  o.connections = 2;
  running s(o, echo);
  {
    raw_client one(s->port()), two(s->port());
    ASSERT_TRUE(one.send(get) && two.send(get));
    EXPECT_EQ(one.receive()->status, 200u);
    EXPECT_EQ(two.receive()->status, 200u);
    EXPECT_EQ(s->connections(), 2u);
    raw_client three(s->port());
    auto a = three.receive();
    ASSERT_TRUE(a);
    EXPECT_EQ(a->status, 503u);
    EXPECT_TRUE(a->has("Retry-After: 1\r\n"));
    EXPECT_TRUE(a->has("Connection: close\r\n"));
    EXPECT_TRUE(three.closed());
  }
  while (s->connections() > 0) std::this_thread::yield();
  raw_client again(s->port());
  ASSERT_TRUE(again.send(get));
  EXPECT_EQ(again.receive()->status, 200u);
}

TEST(server, bodies_together_over_the_limit_get_503) {
  options o;
  o.body_bytes = 800;
  o.total_body_bytes = 1000;
  running s(o, echo);
  const std::string large =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 800\r\nExpect: "
      "100-continue\r\n\r\n";
  raw_client one(s->port());
  ASSERT_TRUE(one.send(large));
  EXPECT_EQ(one.receive()->status, 100u);  // from here its share is taken
  struct row {
    const char* name;
    std::string bytes;
    unsigned status;
  };
  const row rows[] = {
      {"no body", get, 200},
      {"just fits", post("/", std::string(200, ' ')), 200},
      {"one byte over", post("/", std::string(201, ' ')), 503},
      {"chunked may be as large as one may be", chunked("1\r\n \r\n0\r\n\r\n"), 503},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    raw_client c(s->port());
    ASSERT_TRUE(c.send(r.bytes));
    auto a = c.receive();
    ASSERT_TRUE(a);
    EXPECT_EQ(a->status, r.status);
    EXPECT_EQ(a->has("Retry-After: 1\r\n"), r.status == 503);
  }
  ASSERT_TRUE(one.send(std::string(800, ' ')));
  EXPECT_EQ(one.receive()->status, 200u);
  for (int i = 0; i < 3; ++i) {  // all is given back
    raw_client c(s->port());
    ASSERT_TRUE(c.send(chunked("1\r\n \r\n0\r\n\r\n")));
    EXPECT_EQ(c.receive()->status, 200u);
    ASSERT_TRUE(one.send(post("/", std::string(800, ' '))));
    EXPECT_EQ(one.receive()->status, 200u);
  }
}

}  // namespace
}  // namespace mainstay::cds::http
