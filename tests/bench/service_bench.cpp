// What a hook call costs beside the least that it can cost on the same HTTP code; what a fetch adds to the FHIR
// server's own time; how soon the service is ready and what it weighs. Prints a table and judges nothing.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <future>
#include <string>
#include <vector>

#include "fhir/client/client.hpp"
#include "tests/bench/child.hpp"
#include "tests/bench/floor.hpp"
#include "tests/bench/load.hpp"
#include "tests/bench/workload.hpp"

namespace mainstay::bench {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds fhir_delay{20};

struct plan {
  std::string binary = MAINSTAY_BINARY;
  unsigned rounds = 60;
  milliseconds each{150};
};

// The rounds of one row of the table. Short and many: what else the machine does then meets both rows of a round alike.
struct row {
  std::vector<double> p50, p99, per_second;
  void add(const load_result& r) {
    p50.push_back(r.p50_us);
    p99.push_back(r.p99_us);
    per_second.push_back(r.per_second);
  }
  void print(const char* name, unsigned callers) const {
    std::printf("%-28s %2u  %10.0f %10.0f %12.0f\n", name, callers, median(p50), median(p99), median(per_second));
  }
};

// Of each round, by size: a round's two rows were measured one after the other.
std::vector<double> ratios(const row& of, const row& to) {
  std::vector<double> out;
  for (std::size_t i = 0; i < of.per_second.size(); ++i) out.push_back(of.per_second[i] / to.per_second[i]);
  std::sort(out.begin(), out.end());
  return out;
}

void measure_calls(const plan& p, const std::string& service, const std::string& floor, const std::string& body) {
  std::printf("hook call, prefetch of %zu bytes; medians of %u rounds of %.1f s, rows interleaved\n", body.size(),
              p.rounds, std::chrono::duration<double>(p.each).count());
  std::printf("%-28s %2s  %10s %10s %12s\n", "", "at", "p50 us", "p99 us", "calls/s");
  const std::vector<unsigned> callers{1, 8};
  std::vector<row> floors(callers.size()), services(callers.size());
  for (unsigned round = 0; round < p.rounds; ++round)
    for (std::size_t i = 0; i < callers.size(); ++i) {
      floors[i].add(run_load(floor, body, {}, callers[i], p.each));
      services[i].add(run_load(service, body, {}, callers[i], p.each));
    }
  for (std::size_t i = 0; i < callers.size(); ++i) {
    floors[i].print("floor", callers[i]);
    services[i].print("service", callers[i]);
    const auto each = ratios(services[i], floors[i]);
    std::printf("%-28s %2u  %.2f of the floor's calls/s (aim: 0.6); of the rounds %.2f to %.2f\n", "ratio", callers[i],
                median(each), each.front(), each.back());
  }
}

// Three searches in parallel on warm connections, from the call to the completion.
void measure_fetch() {
  slow_server slow(fhir_delay, R"({"resourceType":"Bundle","type":"searchset","entry":[]})");
  fhir::client::client client;
  std::vector<double> times;
  for (int i = 0; i < 101; ++i) {
    fhir::client::request r;
    r.base = slow.base();
    for (const char* type : {"Observation", "Condition", "Procedure"}) {
      fhir::search::query q;
      q.type = type;
      q.patients = {std::string(patient)};
      r.queries.emplace_back(type, std::move(q));
    }
    std::promise<fhir::client::result> promise;
    auto future = promise.get_future();
    client.fetch(std::move(r), [&promise](fhir::client::result result) { promise.set_value(std::move(result)); });
    const fhir::client::result result = future.get();
    for (const auto& q : result.queries)
      if (q.how != fhir::completeness::complete) throw std::runtime_error("a search failed: " + q.reason);
    if (i > 0) times.push_back(static_cast<double>(result.took.count()));  // the first opens the connections
  }
  const double took = median(times) / 1000;
  std::printf(
      "fetch of three searches, each answered after %d ms: median %.1f ms, %.2f times that (aim: at most 1.2)\n",
      static_cast<int>(fhir_delay.count()), took, took / static_cast<double>(fhir_delay.count()));
}

void measure_fetching_call(const plan& p) {
  slow_server slow(fhir_delay, R"({"resourceType":"Bundle","type":"searchset","entry":[]})");
  child service({p.binary, "serve", "--port", "0", "--log-level", "warn", "--permit", slow.base()});
  const std::string url = service.printed("mainstay") + std::string(service_path);
  const std::string body = make_fetch_request(slow.base());
  run_load(url, body, {}, 1, milliseconds(200));
  const load_result r = run_load(url, body, {}, 1, 12 * p.each);
  std::printf("hook call that fetches all from that server: median %.1f ms, %.2f times its answer\n", r.p50_us / 1000,
              r.p50_us / 1000 / static_cast<double>(fhir_delay.count()));
}

void measure_start(const plan& p) {
  std::vector<double> bare, demo;
  for (unsigned i = 0; i < p.rounds / 3 + 1; ++i) {
    bare.push_back(static_cast<double>(child({p.binary, "serve", "--port", "0"}).start_to_ready().count()) / 1000);
    demo.push_back(static_cast<double>(child({p.binary, "serve", "--port", "0", "--demo"}).start_to_ready().count()) /
                   1000);
  }
  std::printf("start to ready: median %.0f ms (aim: under 100 ms); with --demo %.0f ms\n", median(bare), median(demo));
}

void run(const plan& p) {
  measure_start(p);
  {
    child service({p.binary, "serve", "--port", "0", "--demo", "--log-level", "warn"});
    child floor({"/proc/self/exe", "--floor"});
    fhir::client::client client;
    const std::string body = make_prefetch_request(client, service.printed("mainstay"), service.printed("fhir"), 36000);
    const std::string url = service.printed("mainstay") + std::string(service_path);
    const long before = service.resident_kb();
    measure_calls(p, url, floor.printed("floor"), body);
    std::printf("resident memory: %.1f MB when ready, %.1f MB after the calls (aim: under 30 MB)\n",
                static_cast<double>(before) / 1024, static_cast<double>(service.resident_kb()) / 1024);
  }
  measure_fetch();
  measure_fetching_call(p);
}

}  // namespace
}  // namespace mainstay::bench

int main(int argc, char** argv) {
  using namespace mainstay::bench;
  plan p;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--floor") == 0) return run_floor_server();
    if (std::strcmp(argv[i], "--quick") == 0) {
      p.rounds = 1;
      p.each = std::chrono::milliseconds(200);
    } else if (std::strcmp(argv[i], "--binary") == 0 && i + 1 < argc) {
      p.binary = argv[++i];
    } else {
      std::fprintf(stderr, "usage: %s [--quick] [--binary MAINSTAY]\n", argv[0]);
      return 2;
    }
  }
  try {
    run(p);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
