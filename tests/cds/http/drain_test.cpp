#include <boost/asio/post.hpp>

#include "tests/cds/http/echo.hpp"
#include "tests/cds/http/raw_client.hpp"

namespace mainstay::cds::http {
namespace {

using namespace std::chrono_literals;
using namespace testing;

TEST(server, drain_answers_what_is_under_way_and_ends_the_rest) {
  std::unique_ptr<latch> gate;
  auto slow = [&](request r) -> asio::awaitable<response> {
    if (r.path == "/slow") co_await gate->wait();
    response out;
    out.body = "\"done\"";
    co_return out;
  };
  running s({}, slow);
  gate = std::make_unique<latch>(s.io());
  auto entered = gate->entered();
  raw_client idle(s->port()), fresh(s->port()), busy(s->port());
  ASSERT_TRUE(idle.send(get));
  EXPECT_EQ(idle.receive()->status, 200u);
  ASSERT_TRUE(busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"));
  entered.wait();
  std::promise<void> done;
  s->drain(60s, [&] { done.set_value(); });
  EXPECT_TRUE(idle.closed());
  EXPECT_TRUE(fresh.closed());
  auto finished = done.get_future();
  EXPECT_EQ(finished.wait_for(0s), std::future_status::timeout);
  asio::post(s.io(), [&] { gate->open(); });
  auto a = busy.receive();
  ASSERT_TRUE(a);
  EXPECT_EQ(a->body, "\"done\"");
  EXPECT_TRUE(a->has("Connection: close\r\n"));
  EXPECT_TRUE(busy.closed());
  finished.wait();
  EXPECT_FALSE(raw_client(s->port()).connected());
  gate.reset();  // it must end before the workers
}

TEST(server, drain_cuts_at_its_deadline) {
  std::unique_ptr<latch> gate;
  std::promise<void> cancelled;
  auto stuck = [&](request) -> asio::awaitable<response> {
    try {
      co_await gate->wait();
      // The wait ends by the cancellation; the next suspension then throws.
      co_await gate->wait();
    } catch (...) {
      cancelled.set_value();
      throw;
    }
    co_return response{};
  };
  running s({}, stuck);
  gate = std::make_unique<latch>(s.io());
  auto entered = gate->entered();
  raw_client c(s->port());
  ASSERT_TRUE(c.send(get));
  entered.wait();
  std::promise<void> done;
  s->drain(10ms, [&] { done.set_value(); });
  done.get_future().wait();
  EXPECT_TRUE(c.closed());
  cancelled.get_future().wait();
  gate.reset();  // it must end before the workers
}

TEST(server, drain_without_connections_is_done_at_once) {
  running s({}, echo);
  std::promise<void> done;
  s->drain(60s, [&] { done.set_value(); });
  done.get_future().wait();
}

TEST(server, destroyed_with_requests_under_way) {
  std::unique_ptr<latch> gate;
  auto stuck = [&](request) -> asio::awaitable<response> {
    co_await gate->wait();
    co_return response{};
  };
  raw_client* c = nullptr;
  {
    running s({}, stuck);
    gate = std::make_unique<latch>(s.io());
    auto entered = gate->entered();
    c = new raw_client(s->port());
    ASSERT_TRUE(c->send(get));
    entered.wait();
    EXPECT_EQ(s->connections(), 1u);
    s.halt();  // the handler may still be on its way into the wait
    gate.reset();
  }
  EXPECT_TRUE(c->closed());
  delete c;
}

}  // namespace
}  // namespace mainstay::cds::http
