// What the tests of the server send, and a handler that says what came.
#pragma once

#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <stdexcept>
#include <string>
#include <utility>

#include "cds/http/server.hpp"

namespace mainstay::cds::http::testing {

namespace asio = boost::asio;

/// Lets a handler wait until the test opens it.
class latch {
 public:
  explicit latch(asio::io_context& io) : opened_(io, 1) {}
  std::future<void> entered() { return entered_.get_future(); }
  /// Ends when it is opened, were that before or after, or by cancellation.
  asio::awaitable<void> wait() {
    if (!std::exchange(told_, true)) entered_.set_value();
    boost::system::error_code aborted;
    auto token = asio::redirect_error(asio::use_awaitable, aborted);
    co_await opened_.async_receive(token);
  }
  void open() { opened_.try_send(boost::system::error_code{}); }

 private:
  asio::experimental::concurrent_channel<void(boost::system::error_code)> opened_;
  std::promise<void> entered_;
  bool told_ = false;
};

inline asio::awaitable<response> echo(request r) {
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

inline const std::string get = "GET /a?b=c HTTP/1.1\r\nHost: a\r\n\r\n";
inline std::string post(std::string_view path, std::string_view body, std::string_view more = "") {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(more) + "\r\n" + std::string(body);
}
inline std::string chunked(std::string_view bytes) {
  return "POST /c HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
         std::string(bytes);
}

}  // namespace mainstay::cds::http::testing
