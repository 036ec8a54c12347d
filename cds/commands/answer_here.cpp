#include "cds/commands/answer_here.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "cds/commands/command.hpp"

namespace mainstay::cds::commands {

namespace {
// What the call is answered with; a coroutine keeps references, so all of it outlives the run.
boost::asio::awaitable<http::response> run_once(const service::snapshot& s, const rules::service& service, std::string body,
                                                const gather::fetcher& fetch, const fhir::now& at, service::call_log& log) {
  auto response = co_await service::answer(s, service, std::move(body), fetch, at, log);
  co_return response;
}
}  // namespace

http::response answer_here(const service::snapshot& s, const rules::service& service, std::string body, const gather::fetcher& fetch,
                           const fhir::now& at) {
  boost::asio::io_context io;
  service::call_log log;
  http::response response;
  std::exception_ptr thrown;
  boost::asio::co_spawn(io, run_once(s, service, std::move(body), fetch, at, log), [&](std::exception_ptr e, http::response got) {
    thrown = e;
    response = std::move(got);
  });
  io.run();
  if (thrown) std::rethrow_exception(thrown);
  return response;
}

const rules::service& service_of(const rules::pack& pack, const std::string& id) {
  const auto found = std::find_if(pack.services.begin(), pack.services.end(), [&](const auto& s) { return s.id == id; });
  if (found == pack.services.end()) throw failure(exit_findings, "the pack has no service `" + id + "`");
  return *found;
}

}  // namespace mainstay::cds::commands
