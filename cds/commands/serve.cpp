// mainstay serve: the service, and with --demo a FHIR server with the example patients.
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "cds/commands/command.hpp"
#include "cds/demo/demo.hpp"
#include "cds/http/server.hpp"
#include "cds/resources/files.hpp"
#include "cds/service/application.hpp"
#include "cds/service/zone.hpp"

namespace mainstay::cds::commands {

namespace {
struct flags {
  std::string address = "127.0.0.1", pack, fixtures, timezone, log_level = "info", now, record;
  unsigned short port = 8080, fhir_port = 0;
  unsigned calls_per_second = 0, threads = 0, drain_seconds = 10, fetch_milliseconds = 1500;
  std::vector<std::string> permit;
  bool demo = false;
};

std::string url_of(const std::string& address, unsigned short port) {
  const bool v6 = address.find(':') != std::string::npos;
  return "http://" + (v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

std::unique_ptr<http::server> listen_on(http::workers& on, http::options o, http::handler h, http::error_body e, const char* flag) {
  const auto address = o.address;
  const auto port = o.port;
  try {
    return std::make_unique<http::server>(on, std::move(o), std::move(h), std::move(e));
  } catch (const boost::system::system_error& error) {
    std::string why = error.code().message();
    if (!why.empty() && why[0] >= 'A' && why[0] <= 'Z') why[0] = static_cast<char>(why[0] - 'A' + 'a');
    throw failure(exit_findings, "cannot listen on `" + address + ":" + std::to_string(port) + "`: " + why + "; choose another with `" +
                                     flag + "`");
  }
}

std::shared_ptr<fhir::store::store> load_store(const std::string& folder) {
  const auto files = resources::read_fixtures(folder);
  if (!files) throw failure(exit_usage, files.error().message);
  auto store = std::make_shared<fhir::store::store>();
  for (const auto& file : *files) {
    const auto loaded = store->load_ndjson(file.text);
    if (!loaded) throw failure(exit_usage, "`" + file.path + "`: " + loaded.error().message);
  }
  return store;
}

std::vector<gather::permitted_server> permitted(const std::vector<std::string>& texts) {
  std::vector<gather::permitted_server> out;
  for (const auto& text : texts) {
    auto server = gather::parse_permitted(text);
    if (!server)
      throw failure(exit_usage, "`--permit " + text + "` is not a base URL like `https://hospital.example/fhir`, with `,token` after it where it needs one");
    out.push_back(std::move(*server));
  }
  return out;
}

// Where `now` comes from: --now, else the day that the example patients are told for, else the clock.
std::function<fhir::now()> clock_for(const flags& f) {
  std::optional<service::zone> zone = f.timezone.empty() ? service::zone::machine() : service::zone::parse(f.timezone);
  if (!zone)
    throw failure(exit_usage, "`--timezone " + f.timezone + "` is neither an offset like `+01:00` nor a zone that this machine knows, like `Europe/Berlin`");
  std::string fixed = f.now == "clock" ? "" : f.now;
  if (f.demo && f.now.empty()) {
    fixed = examples_day(f.fixtures);
    if (!fixed.empty()) std::fprintf(stderr, "the example patients are told for %s, so that is today here; `--now clock` for the real date\n", fixed.c_str());
  }
  if (fixed.empty()) return [z = *zone] { return z.now(); };
  return [at = now_option(fixed)] { return at; };
}

void check_record_directory(const std::string& directory) {
  std::error_code ignored;
  if (!directory.empty() && !std::filesystem::is_directory(directory, ignored))
    throw failure(exit_usage, "`--record " + directory + "` is not a folder");
}

// Of an event's detail the id alone: the rest may be a piece of a request.
void report(std::string_view event, std::string_view detail) {
  service::log_event("error", event, {{"id", std::string(detail.substr(0, std::min<std::size_t>(detail.find(' '), 40)))}});
}

// All that lives while the service runs; destroyed in reverse order, so that the client ends before the executor.
struct running {
  explicit running(unsigned threads) : on(threads) {}
  http::workers on;
  std::unique_ptr<fhir::client::client> client = std::make_unique<fhir::client::client>();
  std::unique_ptr<http::server> demo, service;
  std::unique_ptr<service::application> application;
  std::string fhir_base;
};

void start_demo(running& r, const flags& f) {
  http::options o = demo::make_options();
  o.address = f.address;
  o.port = f.fhir_port;
  o.report = report;
  r.demo = listen_on(r.on, o, demo::make_handler(load_store(f.fixtures), [&r] { return r.fhir_base; }), &demo::operation_outcome, "--fhir-port");
  r.fhir_base = url_of(f.address, r.demo->port()) + "/fhir";
}

void serve_until_signal(running& r, const flags& f, boost::asio::signal_set& signals) {
  bool draining = false;
  std::function<void(const boost::system::error_code&, int)> on_signal = [&](const boost::system::error_code& error, int number) {
    if (error) return;
    if (draining) {  // a second signal: at once
      r.on.stop();
      return;
    }
    draining = true;
    service::log_event("info", "draining", {{"signal", number == SIGTERM ? "SIGTERM" : "SIGINT"}});
    r.application->begin_drain();
    signals.async_wait(on_signal);
    r.service->drain(std::chrono::seconds(f.drain_seconds), [&r] {
      if (!r.demo) r.on.stop();
      else r.demo->drain(std::chrono::milliseconds(0), [&r] { r.on.stop(); });
    });
  };
  signals.async_wait(on_signal);

  r.on.run();
}

int serve(const flags& f) {
  if (!service::set_log_level(f.log_level))
    throw failure(exit_usage, "`--log-level " + f.log_level + "` is none of `trace`, `debug`, `info`, `warn`, `error`, `off`");
  check_record_directory(f.record);
  gather::options fetch{permitted(f.permit), std::chrono::milliseconds(f.fetch_milliseconds)};
  const auto clock = clock_for(f);
  const auto pack = open_pack(f.pack).pack;

  running r(f.threads ? f.threads : std::max(1u, std::thread::hardware_concurrency()));
  if (f.demo) {
    start_demo(r, f);
    fetch.servers.push_back({r.fhir_base, false});
  }
  r.application = std::make_unique<service::application>(service::make_snapshot(pack, std::move(fetch)),
                                                         service::options{clock, gather::fetcher_of(*r.client), f.record});
  http::options o;
  o.address = f.address;
  o.port = f.port;
  o.report = report;
  if (f.calls_per_second > 0) o.rate.every = std::chrono::nanoseconds(std::chrono::seconds(1)) / f.calls_per_second;
  r.service = listen_on(r.on, o, [&r](http::request q) { return r.application->handle(std::move(q)); }, &service::application::error_body, "--port");
  if (r.demo) r.demo->start();
  r.service->start();
  boost::asio::signal_set signals(r.on.main(), SIGTERM, SIGINT);  // whoever reads "ready" may send one
  const auto url = url_of(f.address, r.service->port());
  std::printf("mainstay %s\n", url.c_str());
  if (r.demo) std::printf("fhir %s\n", r.fhir_base.c_str());
  std::puts("ready");
  std::fflush(stdout);
  service::log_event("info", "listening", {{"url", url}, {"pack", pack->id}, {"version", pack->version}, {"hash", pack->hash}});
  if (!f.record.empty()) service::log_event("warn", "recording patients' data", {{"folder", f.record}});
  serve_until_signal(r, f, signals);
  service::log_event("info", "stopped");
  return exit_good;
}
}  // namespace

void add_serve(CLI::App& app, int& exit) {
  auto f = std::make_shared<flags>();
  auto* sub = app.add_subcommand("serve", "run the CDS Hooks service");
  sub->add_option("--address", f->address, "address to listen on")->capture_default_str();
  sub->add_option("--port", f->port, "port to listen on, 0 for any free one")->capture_default_str();
  sub->add_option("--pack", f->pack, "folder of the pack to serve, instead of the one in this binary")->type_name("DIR");
  sub->add_flag("--demo", f->demo, "also run a FHIR server with the example patients, and permit it");
  sub->add_option("--fhir-port", f->fhir_port, "port of that FHIR server, 0 for any free one")->capture_default_str();
  sub->add_option("--fixtures", f->fixtures, "folder of NDJSON files for that FHIR server, instead of the example patients")->type_name("DIR");
  sub->add_option("--permit", f->permit, "a FHIR server that may be asked; `URL,token`: only with a token; may be repeated")
      ->type_name("URL[,token]")->allow_extra_args(false);
  sub->add_option("--fetch-milliseconds", f->fetch_milliseconds, "deadline of all questions to a FHIR server of one call")->capture_default_str()
      ->check(CLI::Range(1u, 60000u));
  sub->add_option("--calls-per-second", f->calls_per_second, "calls that one address may make a second, and at most 50 at once; 0 for any number, as behind a proxy, where all come from one")
      ->capture_default_str()->check(CLI::Range(0u, 100000u));
  sub->add_option("--threads", f->threads, "threads, 0 for one a processor")->capture_default_str()->check(CLI::Range(0u, 256u));
  sub->add_option("--timezone", f->timezone, "the hospital's zone, `+01:00` or `Europe/Berlin`, instead of this machine's")->type_name("ZONE");
  sub->add_option("--log-level", f->log_level, "trace, debug, info, warn, error or off")->capture_default_str();
  sub->add_option("--drain-seconds", f->drain_seconds, "how long calls under way may take after SIGTERM")->capture_default_str()
      ->check(CLI::Range(0u, 3600u));
  sub->add_option("--record", f->record, "folder for a recording of each call, for `mainstay replay`; holds patients' data, mode 0600")->type_name("DIR");
  sub->add_option("--now", f->now, "the date or instant that every call takes for now; `clock` for the real one")->type_name("DATE");
  sub->footer("example:\n  mainstay serve --port 8080 --permit https://hospital.example/fhir,token --timezone Europe/Berlin\n  mainstay serve --demo --port 0");
  sub->callback([f, &exit] { exit = serve(*f); });
}

}  // namespace mainstay::cds::commands
