// mainstay replay: a recorded call again, the same bytes.
#include <cstdio>

#include "cds/commands/answer_here.hpp"
#include "cds/commands/command.hpp"
#include "cds/resources/files.hpp"
#include "cds/service/recording.hpp"

namespace mainstay::cds::commands {

namespace {
struct flags { std::string file, now, pack; };

int replay(const flags& f) {
  auto text = resources::read_file(f.file);
  if (!text) throw failure(exit_usage, text.error().message);
  auto made = service::read_recording(std::move(text).value());
  if (!made) throw failure(exit_usage, "`" + f.file + "` cannot be replayed: " + made.error().message);
  const auto pack = open_pack(f.pack).pack;
  if (pack->hash != made->pack_hash)
    std::fprintf(stderr, "recorded with another pack (%s); this one is %s %s (%s)\n", made->pack_hash.substr(0, 12).c_str(), pack->id.c_str(),
                 pack->version.c_str(), pack->hash.substr(0, 12).c_str());
  const auto& service = service_of(*pack, made->service);
  gather::options fetch;
  fetch.servers = made->permitted;
  const auto snapshot = service::make_snapshot(pack, std::move(fetch));
  const auto fetcher = service::fetcher_of(std::move(made->fetched));
  const auto response = answer_here(*snapshot, service, made->request, fetcher, now_option(f.now.empty() ? made->now : f.now));
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
