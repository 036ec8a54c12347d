// Who may ask again, and when.
#include "cds/http/rate.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "raw_client.hpp"
#include "tests/cds/http/echo.hpp"

namespace mainstay::cds::http {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using boost::asio::ip::make_address;

constexpr rate::clock::time_point begin{1h};

TEST(rate, lets_pass_what_it_should) {
  struct ask { std::chrono::milliseconds at, wait; };
  struct row { const char* name; rate_options limit; std::vector<ask> asks; };
  const row table[] = {
      {"no limit", {0ms, 1, 1}, {{0ms, 0ms}, {0ms, 0ms}, {0ms, 0ms}}},
      {"one at a time", {100ms, 1, 9}, {{0ms, 0ms}, {0ms, 100ms}, {99ms, 1ms}, {100ms, 0ms}, {100ms, 100ms}}},
      {"a burst of none is one", {100ms, 0, 9}, {{0ms, 0ms}, {0ms, 100ms}}},
      {"a burst, then its rate", {100ms, 3, 9}, {{0ms, 0ms}, {0ms, 0ms}, {0ms, 0ms}, {0ms, 100ms}, {100ms, 0ms}, {100ms, 100ms}}},
      {"what is refused costs nothing", {100ms, 1, 9}, {{0ms, 0ms}, {0ms, 100ms}, {0ms, 100ms}, {100ms, 0ms}}},
      {"the allowance fills, and no further", {100ms, 2, 9}, {{0ms, 0ms}, {0ms, 0ms}, {10000ms, 0ms}, {10000ms, 0ms}, {10000ms, 100ms}}},
      {"a clock read by two threads in another order", {100ms, 2, 9}, {{50ms, 0ms}, {49ms, 0ms}, {49ms, 100ms}}},
      {"the largest rate of the command line", {10us, 1, 9}, {{0ms, 0ms}, {1ms, 0ms}}},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.name);
    rate r(row.limit);
    for (const auto& ask : row.asks) EXPECT_EQ(r.take(make_address("192.0.2.1"), begin + ask.at), ask.wait) << ask.at.count();
  }
}

TEST(rate, tells_callers_apart) {
  struct row { const char* name; const char* other; bool same; };
  const row table[] = {
      {"the same", "192.0.2.1", true},
      {"as an IPv6 socket names it", "::ffff:192.0.2.1", true},
      {"another", "192.0.2.2", false},
      {"an IPv6 address of the same bits", "0:0:c000:201::", false},
      {"an IPv6 address that ends so", "::192.0.2.1", false},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.name);
    rate r({100ms, 1, 9});
    EXPECT_EQ(r.take(make_address("192.0.2.1"), begin), 0ms);
    EXPECT_EQ(r.take(make_address(row.other), begin), row.same ? 100ms : 0ms);
  }
  rate r({100ms, 1, 9});
  EXPECT_EQ(r.take(make_address("2001:db8:0:1::1"), begin), 0ms);
  EXPECT_EQ(r.take(make_address("2001:db8:0:1:ffff::2"), begin), 100ms);  // one customer's
  EXPECT_EQ(r.take(make_address("2001:db8:0:2::1"), begin), 0ms);
}

TEST(rate, remembers_as_many_as_it_may) {
  rate r({100ms, 2, 3});  // full again after 200 ms
  const auto from = [](int i) { return make_address("192.0.2." + std::to_string(i)); };
  for (int i = 1; i <= 3; ++i) EXPECT_EQ(r.take(from(i), begin), 0ms);
  EXPECT_EQ(r.callers(), 3u);
  // Those beyond share one allowance, and take nothing from the three.
  EXPECT_EQ(r.take(from(4), begin), 0ms);
  EXPECT_EQ(r.take(from(5), begin), 0ms);
  EXPECT_EQ(r.take(from(6), begin), 100ms);
  EXPECT_EQ(r.take(from(1), begin), 0ms);
  EXPECT_EQ(r.callers(), 3u);
  // At 200 ms all are forgotten: the first, who asked twice, has just paid.
  EXPECT_EQ(r.take(from(7), begin + 200ms), 0ms);
  EXPECT_EQ(r.callers(), 1u);
  EXPECT_EQ(r.take(from(7), begin + 200ms), 0ms);
  EXPECT_EQ(r.take(from(7), begin + 200ms), 100ms);
}

TEST(server, caller_who_asks_too_often_gets_429) {
  options o;
  o.rate = {1h, 2, 9};
  running s(o, echo);
  for (int i = 0; i < 2; ++i) {
    raw_client c(s->port());
    ASSERT_TRUE(c.send(post("/", "{}")));
    EXPECT_EQ(c.receive()->status, 200u);
  }
  raw_client c(s->port());
  // The answer comes before the body.
  ASSERT_TRUE(c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"));
  const auto a = c.receive();
  ASSERT_TRUE(a);
  EXPECT_EQ(a->status, 429u);
  EXPECT_TRUE(a->has("Connection: close\r\n"));
  // An hour less what has passed since, told in whole seconds.
  EXPECT_TRUE(a->has("Retry-After: 3"));
  raw_client page(s->port());
  ASSERT_TRUE(page.send(get));  // discovery and probes are not counted
  EXPECT_EQ(page.receive()->status, 200u);
}

}  // namespace
}  // namespace mainstay::cds::http
