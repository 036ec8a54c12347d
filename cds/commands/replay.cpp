// mainstay replay: a recorded call again, the same bytes.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>

#include "cds/commands/command.hpp"
#include "cds/resources/files.hpp"
#include "cds/service/answer.hpp"
#include "cds/service/recording.hpp"

namespace mainstay::cds::commands {

namespace {
struct flags { std::string file, now, pack; };

// What the call is answered with; a coroutine keeps references, so all of it outlives the run.
struct replayed {
  std::shared_ptr<const service::snapshot> snapshot;
  const rules::service* service;
  gather::fetcher fetch;
  fhir::now at;
  service::call_log log;
};

boost::asio::awaitable<http::response> run_once(replayed& r, std::string body) {
  auto response = co_await service::answer(*r.snapshot, *r.service, std::move(body), r.fetch, r.at, r.log);
  co_return response;
}

int replay(const flags& f) {
  auto text = resources::read_file(f.file);
  if (!text) throw failure(exit_usage, text.error().message);
  auto made = service::read_recording(std::move(text).value());
  if (!made) throw failure(exit_usage, "`" + f.file + "` cannot be replayed: " + made.error().message);
  const auto pack = open_pack(f.pack).pack;
  if (pack->hash != made->pack_hash)
    std::fprintf(stderr, "recorded with another pack (%s); this one is %s %s (%s)\n", made->pack_hash.substr(0, 12).c_str(), pack->id.c_str(),
                 pack->version.c_str(), pack->hash.substr(0, 12).c_str());
  const auto service = std::find_if(pack->services.begin(), pack->services.end(), [&](const auto& s) { return s.id == made->service; });
  if (service == pack->services.end()) throw failure(exit_findings, "the pack has no service `" + made->service + "`");

  gather::options fetch;
  fetch.servers = made->permitted;
  replayed r{service::make_snapshot(pack, std::move(fetch)), &*service, service::fetcher_of(std::move(made->fetched)),
             now_option(f.now.empty() ? made->now : f.now), {}};
  boost::asio::io_context io;
  http::response response;
  std::exception_ptr thrown;
  boost::asio::co_spawn(io, run_once(r, made->request), [&](std::exception_ptr e, http::response got) {
    thrown = e;
    response = std::move(got);
  });
  io.run();
  if (thrown) std::rethrow_exception(thrown);
  std::printf("%s\n", response.body.c_str());
  if (f.now.empty() && !made->response.empty() && (response.body != made->response || response.status != made->status))
    throw failure(exit_findings, "this is not the answer that was recorded");
  return exit_good;
}
}  // namespace

void add_replay(CLI::App& app, int& exit) {
  auto f = std::make_shared<flags>();
  auto* sub = app.add_subcommand("replay", "answer a recorded call again: the same bytes");
  sub->add_option("RECORDING", f->file, "file of `serve --record` or `call --record`")->required();
  sub->add_option("--now", f->now, "another date or instant than the recorded one")->type_name("DATE");
  sub->add_option("--pack", f->pack, "folder of the pack, instead of the one in this binary")->type_name("DIR");
  sub->footer("example:\n  mainstay replay recording.json");
  sub->callback([f, &exit] { exit = replay(*f); });
}

}  // namespace mainstay::cds::commands
