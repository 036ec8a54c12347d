// Servers to measure against, on the service's own HTTP code.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "cds/http/server.hpp"

namespace mainstay::bench {

/// The least that a hook call can cost: parses the body, answers a fixed text. Prints its URL and `ready` as the
/// service does; runs until SIGTERM on as many threads as the service.
int run_floor_server();

/// A FHIR server that answers every GET with `body` after `delay`; on one thread of its own.
class slow_server {
 public:
  slow_server(std::chrono::milliseconds delay, std::string body);
  ~slow_server();
  std::string base() const;

 private:
  cds::http::workers on_{1};
  std::unique_ptr<cds::http::server> server_;
};

}  // namespace mainstay::bench
