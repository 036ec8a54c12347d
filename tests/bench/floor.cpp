#include "tests/bench/floor.hpp"

#include <algorithm>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdio>
#include <vector>

#include "fhir/json/document.hpp"

namespace mainstay::bench {
namespace {

namespace asio = boost::asio;
namespace http = cds::http;

std::string no_error_body(unsigned, std::string_view, std::string_view) {
  return "{}";
}

asio::awaitable<http::response> parse_and_answer(http::request r) {
  const auto body = fhir::json::parse(std::move(r.body));
  http::response answer;
  answer.status = body ? 200 : 400;
  answer.body = R"({"cards":[]})";
  co_return answer;
}

asio::awaitable<http::response> answer_after(std::chrono::milliseconds delay, std::string body) {
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, delay);
  co_await timer.async_wait(asio::use_awaitable);
  http::response answer;
  answer.body = std::move(body);
  answer.content_type = "application/fhir+json";
  co_return answer;
}

}  // namespace

int run_floor_server() {
  http::workers on(std::max(1u, std::thread::hardware_concurrency()));
  http::server server(on, {}, parse_and_answer, no_error_body);
  asio::signal_set signals(on.main(), SIGTERM);
  signals.async_wait([&on](const boost::system::error_code&, int) { on.stop(); });
  server.start();
  std::printf("floor http://127.0.0.1:%u/\nready\n", unsigned{server.port()});
  std::fflush(stdout);
  on.run();
  return 0;
}

slow_server::slow_server(std::chrono::milliseconds delay, std::string body) {
  const auto handle = [delay, body = std::move(body)](http::request) { return answer_after(delay, body); };
  server_ = std::make_unique<http::server>(on_, http::options{}, handle, no_error_body);
  server_->start();
  on_.start();
}

slow_server::~slow_server() {
  on_.stop();
  on_.join();
}

std::string slow_server::base() const {
  return "http://127.0.0.1:" + std::to_string(server_->port()) + "/fhir";
}

}  // namespace mainstay::bench
