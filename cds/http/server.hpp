// The HTTP server: a strict gate before Boost.Beast's parser results, then one handler. Own request and response
// structs; at most five translation units include Beast. HTTP/1.1, and 1.0 for one request a connection; TLS ends at a
// reverse proxy.
// Threads: each connection is one coroutine on one of the workers, that with the fewest of them.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cds/http/rate.hpp"
#include "cds/http/workers.hpp"

namespace mainstay::cds::http {

/// A request that passed the gate. `path` is the target before `?`, percent-encoding left as it came and checked
/// (no `..`, no `//`, no encoded slash); `query` what follows.
struct request {
  std::string method, path, query, body;
  std::string content_type;                                         ///< media type only, lower-case: "application/json"
  std::vector<std::pair<std::string, std::string>> headers;         ///< names lower-case
  std::string_view header(std::string_view lower_case_name) const;  ///< first of that name, or empty
  bool has(std::string_view lower_case_name) const;
};
struct response {
  unsigned status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
};
/// Answers one request, on the connection's thread. An exception becomes a 500 with an id. HEAD comes as "HEAD": answer
/// it like GET, the server leaves the body out. A method that it does not know it answers itself (405).
using handler = std::function<boost::asio::awaitable<response>(request)>;
/// Makes the body of an error that the gate answers itself: status, machine code, sentence. Called on any worker.
using error_body = std::function<std::string(unsigned status, std::string_view code, std::string_view message)>;

/// Limits of the server, each with its reason; tested at the edge.
struct options {
  std::string address = "127.0.0.1";
  unsigned short port = 0;                        ///< 0: any free one
  std::size_t header_bytes = 16 << 10;            ///< a long JWT fits
  std::size_t body_bytes = std::size_t{8} << 20;  ///< the largest prefetch seen is far below
  /// Of all bodies under way, as announced (chunked: the limit of one) and then as read, until answered; more get 503.
  /// Keeps 1024 callers with 8 MiB each from taking the machine's memory.
  std::size_t total_body_bytes = std::size_t{256} << 20;
  std::size_t connections = 1024;                    ///< more get 503 with Retry-After and are closed
  rate_options rate;                                 ///< of requests with a body; more get 429 with Retry-After
  std::chrono::milliseconds header_deadline{10000};  ///< total, not per read
  std::chrono::milliseconds body_deadline{30000};
  std::chrono::milliseconds write_deadline{30000};
  std::chrono::milliseconds idle_deadline{60000};  ///< between requests
  /// How long a connection that we close is still read, so that a reset does not overtake the answer (RFC 9112 9.6).
  std::chrono::milliseconds linger_deadline{1000};
  std::chrono::milliseconds accept_backoff{100};             ///< after an accept error such as EMFILE
  std::size_t header_fields = 100;                           ///< browsers behind proxies send some 30
  std::size_t chunk_extension_bytes = 1024;                  ///< of all chunks of a body; nobody uses them
  std::vector<std::string> media_types{"application/json"};  ///< of bodies; the demo server adds application/fhir+json
  std::string error_content_type = "application/json";       ///< of what error_body makes
  /// Told of what no caller sees: `event` is "handler_exception" (detail: the id that the 500 carries, then what() of
  /// the exception), "accept_error" or "connection_exception". Called on any worker, must not throw; empty: nobody
  /// is told.
  std::function<void(std::string_view event, std::string_view detail)> report;
};

/// Threads: any. Must be destroyed before its workers; what is under way is then cut by them.
class server {
 public:
  /// Binds and listens; throws boost::system::system_error when the port cannot be had or `address` is no IP address.
  server(workers& on, options o, handler h, error_body e);
  ~server();
  unsigned short port() const;
  /// Starts accepting.
  void start();
  /// Stops accepting, answers what is under way with `Connection: close`, ends idle connections; `done` is called when
  /// the last is gone or after `deadline`, when the rest is cut (their handlers see a terminal cancellation). `done`
  /// runs on the first worker, once for each call of drain().
  void drain(std::chrono::milliseconds deadline, std::function<void()> done);
  std::size_t connections() const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace mainstay::cds::http
