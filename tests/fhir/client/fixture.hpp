// Short forms for the client's tests: queries, Bundles, and a fetch that waits for its result.
#pragma once

#include <future>
#include <string>
#include <utility>
#include <vector>

#include "fhir/client/client.hpp"
#include "tests/fhir/client/stub_server.hpp"

namespace mainstay::fhir::client::test {

inline search::query search_for(std::string type) {
  search::query q;
  q.type = std::move(type);
  q.patients = {"p1"};
  return q;
}
inline search::query read_of(std::string type, std::string id) {
  search::query q;
  q.type = std::move(type);
  q.read_id = std::move(id);
  return q;
}

/// A searchset of one Observation, with a next link unless that is empty.
inline std::string bundle(std::string_view id, std::string_view next = {}, std::string_view more = {}) {
  std::string text = R"({"resourceType":"Bundle","type":"searchset",)" + std::string(more);
  if (!next.empty())
    text += R"("link":[{"relation":"self","url":"x"},{"relation":"next","url":")" + std::string(next) + R"("}],)";
  return text + R"("entry":[{"resource":{"resourceType":"Observation","id":")" + std::string(id) + R"("}}]})";
}

/// Seconds that a test may take where all goes well; a failure then ends as a timeout and not in a hang.
inline constexpr std::chrono::milliseconds long_deadline{20000};

inline request ask(std::string base, std::vector<std::pair<std::string, search::query>> queries,
                   std::chrono::milliseconds deadline = long_deadline) {
  request r;
  r.base = std::move(base);
  r.queries = std::move(queries);
  r.deadline = deadline;
  return r;
}

inline result wait_for(client& c, request r) {
  std::promise<result> promise;
  auto future = promise.get_future();
  c.fetch(std::move(r), [&promise](result came) { promise.set_value(std::move(came)); });
  return future.get();
}

inline query_result fetch_one(client& c, const std::string& base, search::query q,
                              std::chrono::milliseconds deadline = long_deadline) {
  result r = wait_for(c, ask(base, {{"key", std::move(q)}}, deadline));
  return std::move(r.queries.at(0));
}

}  // namespace mainstay::fhir::client::test
