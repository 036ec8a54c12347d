// One connection: reads requests through the gate, calls the handler, writes answers, in one coroutine on one
// thread. Used by server.cpp only.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "cds/http/gate.hpp"
#include "cds/http/server.hpp"

namespace mainstay::cds::http {

/// What the connections of one server have in common; immutable but for the atomics and `pace`.
struct shared {
  explicit shared(options o) : limits(std::move(o)) {}
  options limits;
  handler handle;
  error_body body_of_error;
  rate pace{limits.rate};
  std::string id_prefix;  ///< of error ids: tells two runs of the program apart
  std::atomic<std::uint64_t> failures{0};
  std::atomic<std::size_t> body_bytes{0};  ///< of bodies under way
  std::atomic<bool> draining{false};
  void report(std::string_view event, std::string_view detail) const;
};

/// Threads: everything but drain() and cut() runs on the one thread of the socket's executor.
class connection : public std::enable_shared_from_this<connection> {
 public:
  connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<shared> common);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// Serves requests until either side closes.
  boost::asio::awaitable<void> serve();
  /// Answers 503 with Retry-After, whatever is asked, and closes.
  boost::asio::awaitable<void> refuse();
  /// Ends the connection where it waits for a request; one under way is answered with `Connection: close`. Any thread.
  void drain();
  /// Closes at once; a handler under way sees a terminal cancellation. Any thread.
  void cut();

  boost::asio::any_io_executor executor() { return socket_.get_executor(); }
  /// On that thread, as is the completion handler of serve().
  bool was_cut() const { return cut_; }
  boost::asio::cancellation_slot slot() { return cancel_.slot(); }

 private:
  struct inbox;     // Beast's buffer: what was read and not yet used
  struct exchange;  // one request read, or why not
  enum class expiry { stop_reading, close };

  boost::asio::awaitable<exchange> read_request();
  /// Of the caller, until his next request may be read; zero: now.
  rate::clock::duration pause();
  boost::asio::awaitable<exchange> read_header();
  boost::asio::awaitable<exchange> read_body(head what);
  boost::asio::awaitable<response> call(request incoming);
  boost::asio::awaitable<bool> send(response answer, bool without_body, bool close);
  boost::asio::awaitable<void> linger();
  response answer_to(const refusal& why) const;
  response internal_error(std::string_view what);

  void arm(std::chrono::milliseconds total, expiry action);
  void disarm();
  void stop_reading();

  boost::asio::ip::tcp::socket socket_;
  std::shared_ptr<shared> shared_;
  boost::asio::steady_timer timer_;
  boost::asio::cancellation_signal cancel_;
  std::unique_ptr<inbox> inbox_;
  std::uint64_t armed_ = 0;  // which arm() a firing timer belongs to
  bool expired_ = false;
  bool fresh_ = true;  // no request yet: a new caller has no reason to be idle
  bool idle_ = false;  // waiting for the first byte of a request
  bool cut_ = false;
};

}  // namespace mainstay::cds::http
