#include "cds/http/server.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <stdexcept>

#include "raw_client.hpp"

namespace mainstay::cds::http {
namespace {

using namespace std::chrono_literals;
using testing::raw_client;
using testing::running;
namespace asio = boost::asio;

/// Lets a handler wait until the test opens it.
class latch {
 public:
  explicit latch(asio::io_context& io) : timer_(io, asio::steady_timer::time_point::max()) {}
  std::future<void> entered() { return entered_.get_future(); }
  asio::awaitable<void> wait() {
    timer_.expires_at(asio::steady_timer::time_point::max());
    entered_.set_value();
    boost::system::error_code aborted;
    auto token = asio::redirect_error(asio::use_awaitable, aborted);
    co_await timer_.async_wait(token);
  }
  void open() { timer_.cancel(); }

 private:
  asio::steady_timer timer_;
  std::promise<void> entered_;
};

asio::awaitable<response> echo(request r) {
  if (r.path == "/throw") throw std::runtime_error("inner words");
  response out;
  out.content_type = "text/plain";
  if (r.path == "/split") out.headers.emplace_back("X", "1\r\nSet-Cookie: a=b");
  if (r.path == "/status") out.status = 42;
  if (r.path == "/framing") out.headers.emplace_back("Content-Length", "1");
  if (r.path == "/none") out.status = 204;
  if (r.path == "/large")
    out.body.assign(std::size_t{32} << 20, 'x');
  else
    out.body = r.method + " " + r.path + " " + r.query + " " + r.content_type + " " + r.body;
  out.headers.emplace_back("X-Test", "yes");
  co_return out;
}

const std::string get = "GET /a?b=c HTTP/1.1\r\nHost: a\r\n\r\n";
std::string post(std::string_view path, std::string_view body, std::string_view more = "") {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(more) + "\r\n" + std::string(body);
}
std::string chunked(std::string_view bytes) {
  return "POST /c HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
         std::string(bytes);
}

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

struct wire_form {
  const char* name;
  std::string bytes;
  unsigned status;
};

TEST(server, bad_bytes_are_refused_and_nothing_behind_them_is_read_as_a_request) {
  options o;
  o.header_bytes = 2000;
  o.body_bytes = 1000;
  running s(o, echo);
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  const wire_form forms[] = {
      {"coding gzip",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: gzip\r\n\r\n" + smuggled,
       400},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + smuggled, 400},
      {"folded line", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n" + smuggled, 400},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n" + smuggled, 505},
      {"bare LF without an end", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"TLS hello", std::string("\x16\x03\x01\x02\x00\x01", 6), 400},
      {"header at one byte over", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000 - 31, 'x') + "\r\n\r\n", 431},
      {"header without an end", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(5000, 'x'), 431},
      {"length over the limit", post("/", std::string(1001, ' ')), 413},
      {"chunks over the limit", chunked("3e8\r\n" + std::string(1000, ' ') + "\r\n1\r\n \r\n0\r\n\r\n"), 413},
      {"one chunk over the limit", chunked("3e9\r\n" + std::string(1001, ' ')), 413},
      {"chunk size beyond 64 bits", chunked("10000000000000001\r\na\r\n0\r\n\r\n"), 400},
      {"chunk size negative", chunked("-1\r\na\r\n0\r\n\r\n"), 400},
      {"chunk size with a prefix", chunked("0x1\r\na\r\n0\r\n\r\n"), 400},
      {"chunk size empty", chunked("\r\na\r\n0\r\n\r\n"), 400},
      {"chunk longer than its size", chunked("1\r\nab\r\n0\r\n\r\n"), 400},
      {"chunk end with bare LF", chunked("1\r\na\n0\r\n\r\n"), 400},
      {"chunk size line with bare LF", chunked("1\na\r\n0\r\n\r\n"), 400},
      {"chunk extension of a megabyte", chunked("1;x=" + std::string(1 << 20, 'x') + "\r\na\r\n0\r\n\r\n"), 400},
      {"chunk extension one byte over", chunked("1;" + std::string(1024, 'x') + "\r\na\r\n0\r\n\r\n"), 400},
      {"many chunk extensions", chunked([] {
         std::string all;
         for (int i = 0; i < 20; ++i) all += "1;" + std::string(99, 'x') + "\r\na\r\n";
         return all;
       }() + "0\r\n\r\n"),
       400},
      {"trailer with a bare LF", chunked("0\r\nX: 1\n\r\n"), 400},
      {"other type", "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nContent-Length: 2\r\n\r\nab", 415},
      {"gzip", post("/", "ab", "Content-Encoding: gzip\r\n"), 415},
      {"expectation", post("/", "ab", "Expect: nothing\r\n"), 417},
  };
  for (const auto& form : forms) {
    SCOPED_TRACE(form.name);
    raw_client c(s->port());
    c.send(form.bytes);
    c.end_of_sending();  // where a bare LF hides the end of a line, Beast would wait for the rest
    auto a = c.receive();
    ASSERT_TRUE(a);
    EXPECT_EQ(a->status, form.status);
    EXPECT_TRUE(a->has("Connection: close\r\n"));
    EXPECT_EQ(a->body.substr(0, 3), std::to_string(form.status));
    EXPECT_EQ(a->body.find("smuggled"), std::string::npos);
    EXPECT_TRUE(c.closed());
    raw_client good(s->port());
    ASSERT_TRUE(good.send(get));
    EXPECT_EQ(good.receive()->status, 200u);
  }
}

TEST(server, limits_hold_what_is_just_inside) {
  options o;
  o.header_bytes = 2000;
  o.body_bytes = 1000;
  running s(o, echo);
  raw_client c(s->port());
  std::string header = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  header += std::string(2000 - header.size() - 4, 'x') + "\r\n\r\n";
  ASSERT_TRUE(c.send(header));
  EXPECT_EQ(c.receive()->status, 200u);
  // The same size with a body, which Beast sees too.
  header = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\nX: ";
  header += std::string(2000 - header.size() - 4, 'x') + "\r\n\r\n";
  ASSERT_TRUE(c.send(header + std::string(1000, ' ')));
  EXPECT_EQ(c.receive()->status, 200u);
  ASSERT_TRUE(c.send(chunked("3e8;" + std::string(1023, 'x') + "\r\n" + std::string(1000, ' ') + "\r\n0\r\n\r\n")));
  EXPECT_EQ(c.receive()->status, 200u);
}

TEST(server, body_that_ends_early) {
  running s({}, echo);
  raw_client c(s->port());
  ASSERT_TRUE(c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\nabc"));
  c.end_of_sending();
  EXPECT_EQ(c.receive()->status, 400u);
  EXPECT_TRUE(c.closed());
}

TEST(server, continue_is_sent_before_the_body) {
  running s({}, echo);
  raw_client c(s->port());
  ASSERT_TRUE(
      c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: "
             "100-continue\r\n\r\n"));
  auto interim = c.receive();
  ASSERT_TRUE(interim);
  EXPECT_EQ(interim->status, 100u);
  ASSERT_TRUE(c.send("[]"));
  EXPECT_EQ(c.receive()->body, "POST /  application/json []");
  // Refused before anything is sent: no interim answer.
  ASSERT_TRUE(c.send(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(c.receive()->status, 415u);
  EXPECT_TRUE(c.closed());
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

TEST(server, drain_answers_what_is_under_way_and_ends_the_rest) {
  std::unique_ptr<latch> gate;
  auto slow = [&](request r) -> asio::awaitable<response> {
    if (r.path == "/slow") co_await gate->wait();
    response out;
    out.body = "\"done\"";
    co_return out;
  };
  running s({}, slow);
  gate = std::make_unique<latch>(s.io);
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
  asio::post(s.io, [&] { gate->open(); });
  auto a = busy.receive();
  ASSERT_TRUE(a);
  EXPECT_EQ(a->body, "\"done\"");
  EXPECT_TRUE(a->has("Connection: close\r\n"));
  EXPECT_TRUE(busy.closed());
  finished.wait();
  EXPECT_FALSE(raw_client(s->port()).connected());
  gate.reset();  // its timer must end before the io_context
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
  gate = std::make_unique<latch>(s.io);
  auto entered = gate->entered();
  raw_client c(s->port());
  ASSERT_TRUE(c.send(get));
  entered.wait();
  std::promise<void> done;
  s->drain(10ms, [&] { done.set_value(); });
  done.get_future().wait();
  EXPECT_TRUE(c.closed());
  cancelled.get_future().wait();
  gate.reset();  // its timer must end before the io_context
}

TEST(server, drain_without_connections_is_done_at_once) {
  running s({}, echo);
  std::promise<void> done;
  s->drain(60s, [&] { done.set_value(); });
  done.get_future().wait();
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
  asio::io_context io;
  options o;
  o.port = s->port();
  EXPECT_THROW(server(io, o, echo, {}), boost::system::system_error);
  o.address = "no address";
  EXPECT_THROW(server(io, o, echo, {}), boost::system::system_error);
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
    gate = std::make_unique<latch>(s.io);
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
