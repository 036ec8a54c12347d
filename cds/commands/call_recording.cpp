#include "cds/commands/call_recording.hpp"

#include <cstdio>

#include "cds/commands/answer_here.hpp"
#include "cds/commands/command.hpp"
#include "cds/service/recording.hpp"

namespace mainstay::cds::commands {

namespace {
std::string header(const fhir::client::client::plain_response& r, std::string_view name) {
  for (const auto& [n, value] : r.headers)
    if (n == name) return value;
  return {};
}

// Nothing here is a call of a clinician who waits.
constexpr std::chrono::seconds patience{30};

// Fills what the service got from its FHIR server.
void fetch_again(service::recording& into, const std::string& pack_folder, const called& c, fhir::client::client& client) {
  const auto pack = open_pack(pack_folder).pack;
  if (pack->hash != into.pack_hash)
    throw failure(exit_findings, "the service answers by another pack (" + into.pack_hash.substr(0, 12) + ") than this one, " + pack->id + " " +
                                     pack->version + " (" + pack->hash.substr(0, 12) + "); name the folder of its pack with `--pack`");
  into.pack_id = pack->id;
  into.pack_version = pack->version;
  // A service that may not ask this server answers from the prefetch alone.
  const std::vector<gather::permitted_server> ways[] = {{{c.fhir, false}}, {}};
  for (const auto& permitted : ways) {
    service::page_keeper keeper;
    const auto snapshot = service::make_snapshot(pack, gather::options{permitted, patience});
    const auto fetch = keeper.around(gather::fetcher_of(client));
    const auto again = answer_here(*snapshot, service_of(*pack, c.service), c.request, fetch, now_option(into.now));
    if (again.status != into.status || again.body != into.response) continue;
    into.permitted = permitted;
    into.fetched = keeper.take();
    return;
  }
  throw failure(exit_findings, "nothing was recorded: what `" + c.fhir +
                                   "` gives now does not lead to the service's answer; try again, or record at the service with `mainstay serve --record`");
}
}  // namespace

void record_call(const std::string& file, const std::string& pack_folder, const called& c, fhir::client::client& client) {
  service::recording made;
  made.service = c.service;
  made.now = header(c.answer, "mainstay-now");
  made.pack_hash = header(c.answer, "mainstay-pack");
  if (made.now.empty()) throw failure(exit_findings, "nothing was recorded: the answer does not say what it came from");
  const auto parsed = fhir::json::parse(c.request);
  made.request = service::without_token(parsed.value().root());
  made.status = c.answer.status;
  made.response = c.answer.body;
  if (!c.fhir.empty()) fetch_again(made, pack_folder, c, client);
  if (const auto why = service::write_private(file, service::to_json(made))) throw failure(exit_findings, "cannot write `" + file + "`: " + *why);
  std::fprintf(stderr, "`%s` holds this patient's data: only you may read it (mode 0600); delete it when it has served\n", file.c_str());
}

}  // namespace mainstay::cds::commands
