// The service: its routes and what each answers. The composition root of a hook call; made by `mainstay serve`.
// Threads: handle() may run on any number; a request keeps the snapshot that it began with.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "cds/gather/gather.hpp"
#include "cds/http/server.hpp"
#include "cds/service/answer.hpp"
#include "fhir/types/date.hpp"

namespace mainstay::cds::service {

struct options {
  std::function<fhir::now()> now;  ///< the clock, asked once a request
  gather::fetcher fetch;
  std::string record_directory;    ///< one recording a call; empty: none
};

class application {
 public:
  application(std::shared_ptr<const snapshot> first, options o);

  /// Answers any request that passed the gate. Never throws: an exception is a 500 whose id the log has.
  boost::asio::awaitable<http::response> handle(http::request r);
  /// The snapshot of requests to come.
  void replace(std::shared_ptr<const snapshot> next);
  /// From now on /readyz says 503, so that a proxy looks elsewhere.
  void begin_drain() { draining_ = true; }

  /// Body of an error of the gate.
  static std::string error_body(unsigned status, std::string_view code, std::string_view message);

 private:
  struct route;
  static const route routes[];
  std::shared_ptr<const snapshot> current() const;
  boost::asio::awaitable<http::response> dispatch(http::request r, call_log& log);
  boost::asio::awaitable<http::response> discovery(http::request r, std::string id, call_log& log);
  boost::asio::awaitable<http::response> call(http::request r, std::string id, call_log& log);
  boost::asio::awaitable<http::response> health(http::request r, std::string id, call_log& log);
  boost::asio::awaitable<http::response> ready(http::request r, std::string id, call_log& log);
  void record(const snapshot& s, const std::string& service, const fhir::now& at, std::string request,
              const std::string& fhir_server, std::vector<struct recorded_query> fetched, const http::response& response);

  mutable std::mutex guard_;
  std::shared_ptr<const snapshot> snapshot_;
  const options options_;
  std::atomic<bool> draining_{false};
};

}  // namespace mainstay::cds::service
