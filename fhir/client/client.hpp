// The FHIR client on libcurl: all searches of a request in parallel over reused connections, `next` links followed,
// one deadline for all. A thread of its own runs curl_multi_poll; completions are called on that thread and must only
// hand over (post) what they get. Nothing of rules/ or the rest of fhir/ includes this header.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fhir/chart/chart.hpp"
#include "fhir/json/document.hpp"
#include "fhir/search/query.hpp"

namespace mainstay::fhir::client {

/// Limits of the client, each with its reason.
struct options {
  std::chrono::milliseconds connect_timeout{2000};
  std::size_t body_bytes = std::size_t{8} << 20;  ///< one page
  std::size_t header_bytes = std::size_t{64} << 10;  ///< of one answer; libcurl keeps all of them
  std::size_t pages = 20;                         ///< a query's `next` links
  std::size_t total_bytes = std::size_t{64} << 20;///< all pages of one request
  long connections_per_host = 16;
  std::size_t requests_in_flight = 256;           ///< more are refused at once as `failed: busy`
  json::limits json{};
  std::string user_agent = "mainstay";
  std::string ca_file;                            ///< empty: the system's
};

/// A bearer token that cannot be printed by accident. Wiped on destruction.
class secret {
 public:
  secret() = default;
  explicit secret(std::string value) : value_(std::move(value)) {}
  secret(secret&&) noexcept = default;
  secret& operator=(secret&&) noexcept = default;
  secret(const secret&) = default;
  secret& operator=(const secret&) = default;
  ~secret();
  bool empty() const { return value_.empty(); }
  /// For the one header that needs it.
  const std::string& reveal() const { return value_; }
 private:
  std::string value_;
};

struct request {
  std::string base;  ///< "https://hospital.example/fhir", no trailing slash needed; permitted by the caller
  secret token;      ///< empty: no Authorization header
  std::vector<std::pair<std::string, search::query>> queries;  ///< prefetch key and query
  std::chrono::milliseconds deadline{1500};                    ///< for all of them together
};

/// A page as it came, for recordings.
struct page {
  std::string url;
  unsigned status = 0;
  json::document body;
};

struct query_result {
  std::string key;
  completeness how = completeness::failed;
  std::string reason;  ///< "timeout", "connection refused", "status 401", "not json", "too large", "next link leaves the server"...
  std::vector<page> pages;
};
struct result {
  std::vector<query_result> queries;  ///< in the order asked
  std::chrono::microseconds took{};
};

/// Cancels the request it came from; safe from any thread, also when all is done.
class ticket {
 public:
  ticket() = default;
  void cancel();
 private:
  friend class client;
  struct state;
  std::shared_ptr<state> state_;
};

class client {
 public:
  explicit client(options o = {});
  /// Ends the thread; requests under way complete with `failed: cancelled` first.
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;
  /// Starts all queries; `done` is called exactly once, on the client's thread. A 404 to a read is `complete`, empty.
  ticket fetch(request r, std::function<void(result)> done);
  /// One plain request for `sandbox load`, `call` and tests: method, absolute URL, body (application/fhir+json or
  /// application/json); blocks the caller.
  struct plain_request {
    std::string method, url, body, content_type;
    secret token;
    std::chrono::milliseconds deadline{30000};
    std::string accept = {};  ///< what the answer may be, instead of what fits `content_type`; of this program, not from outside
  };
  struct plain_response {
    unsigned status = 0;
    std::string body, content_type, error;
    std::vector<std::pair<std::string, std::string>> headers;  ///< of the answer, names in lower case
  };
  plain_response send(plain_request r);
 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace mainstay::fhir::client
