// One request of the client: all its queries in parallel, page after page, until each has ended one way or another.
// Lives on the client's thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fhir/client/loop.hpp"
#include "fhir/client/page_check.hpp"
#include "fhir/client/server_url.hpp"

namespace mainstay::fhir::client {

class fetch_run : public std::enable_shared_from_this<fetch_run> {
 public:
  /// `done` is called exactly once, when all queries have ended; `at_end` right before it.
  fetch_run(loop& l, const options& o, request r, std::function<void(result)> done);
  void start(std::function<void()> at_end);
  /// Ends every open query with `reason` and calls `done`, if that has not been done.
  void end_all(const std::string& reason);

 private:
  struct running_query {
    search::query query;
    query_result result;
    std::set<std::string> visited;
    transfer* under_way = nullptr;
    std::uint64_t matches = 0, total = 0;
    bool open = true;
    bool retried = false;
  };
  void get(std::size_t index, std::string url);
  void on_reply(std::size_t index, const std::string& url, reply r);
  bool retry(std::size_t index, const std::string& url, const reply& r);
  void on_page(std::size_t index, const std::string& url, checked_page page);
  void follow(std::size_t index, const std::string& current, const checked_page& page);
  /// Ends a query: without a reason it is complete, else partial where it has pages, and failed where it has none.
  void end(std::size_t index, std::string reason);
  void finish_if_all_ended();

  loop& loop_;
  const options& options_;
  request request_;
  std::function<void(result)> done_;
  std::function<void()> at_end_;
  steady_clock::time_point begun_;
  steady_clock::time_point deadline_;
  std::optional<server_url> server_;
  std::shared_ptr<std::size_t> budget_;
  std::vector<running_query> queries_;
  std::size_t open_ = 0;
};

}  // namespace mainstay::fhir::client
