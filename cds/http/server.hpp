// The HTTP server: a strict gate before Boost.Beast's parser results, then one handler. Own request and response
// structs; at most five translation units include Beast. HTTP/1.1 only; TLS ends at a reverse proxy.
// Threads: one io_context on N threads, one coroutine per connection on its own strand.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mainstay::cds::http {

/// A request that passed the gate. `path` is the target before `?`, percent-encoding left as it came and checked
/// (no `..`, no `//`, no encoded slash); `query` what follows.
struct request {
  std::string method, path, query, body;
  std::string content_type;    ///< media type only, lower-case: "application/json"
  std::vector<std::pair<std::string, std::string>> headers;  ///< names lower-case
  std::string_view header(std::string_view lower_case_name) const;  ///< first of that name, or empty
};
struct response {
  unsigned status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
};
using handler = std::function<boost::asio::awaitable<response>(request)>;
/// Makes the body of an error that the gate answers itself: status, machine code, sentence.
using error_body = std::function<std::string(unsigned status, std::string_view code, std::string_view message)>;

/// Limits of the server, each with its reason; tested at the edge.
struct options {
  std::string address = "127.0.0.1";
  unsigned short port = 0;                         ///< 0: any free one
  std::size_t header_bytes = 16 << 10;             ///< a long JWT fits
  std::size_t body_bytes = std::size_t{8} << 20;   ///< the largest prefetch seen is far below
  std::size_t connections = 1024;                  ///< more get 503 with Retry-After and are closed
  std::chrono::milliseconds header_deadline{10000};///< total, not per read
  std::chrono::milliseconds body_deadline{30000};
  std::chrono::milliseconds write_deadline{30000};
  std::chrono::milliseconds idle_deadline{60000};  ///< between requests
  std::vector<std::string> media_types{"application/json"};  ///< of bodies; the demo server adds application/fhir+json
};

class server {
 public:
  /// Binds and listens; throws boost::system::system_error when the port cannot be had.
  server(boost::asio::io_context& io, options o, handler h, error_body e);
  ~server();
  unsigned short port() const;
  /// Starts accepting.
  void start();
  /// Stops accepting, answers what is under way with `Connection: close`, ends idle connections; `done` is called when the
  /// last is gone or after `deadline`, when the rest is cut.
  void drain(std::chrono::milliseconds deadline, std::function<void()> done);
  std::size_t connections() const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace mainstay::cds::http
