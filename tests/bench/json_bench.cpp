// Reading a hook's body: json::parse with all its checks beside RapidJSON's own tree. Rows are interleaved, the best of
// forty counts: what else the machine does makes a row slower, never faster. Prints a table and judges nothing.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "fhir/json/document.hpp"
#include "fhir/json/writer.hpp"
#include "tests/bench/json_peer.hpp"

namespace mainstay::bench {
namespace {

using fhir::json::writer;

/// A call with laboratory results as servers send them in `prefetch`, on one line (indent 0) or indented.
std::string make_body(std::size_t size, unsigned indent) {
  writer w(indent);
  w.begin_object().member("hook", "patient-view").member("hookInstance", "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea");
  w.key("context").begin_object().member("userId", "Practitioner/example").member("patientId", "example").end_object();
  w.key("prefetch").begin_object().key("observations").begin_object().member("resourceType", "Bundle").member("type", "searchset").key("entry").begin_array();
  for (int i = 0; w.text().size() < size; ++i) {
    const std::string id = "mrd-" + std::to_string(1000 + i);
    w.begin_object().member("fullUrl", "https://fhir.example.org/r4/Observation/" + id).key("resource").begin_object();
    w.member("resourceType", "Observation").member("id", id);
    w.key("meta").begin_object().member("versionId", "1").member("lastUpdated", "2026-02-20T10:15:30.000+00:00");
    w.end_object();
    w.key("text").begin_object().member("status", "generated");
    w.member("div", "<div xmlns=\"http://www.w3.org/1999/xhtml\">Minimal residual disease by flow cytometry</div>");
    w.end_object();
    w.member("status", "final").key("category").begin_array().begin_object().key("coding").begin_array().begin_object();
    w.member("system", "http://terminology.hl7.org/CodeSystem/observation-category").member("code", "laboratory");
    w.end_object().end_array().end_object().end_array();
    w.key("code").begin_object().key("coding").begin_array().begin_object().member("system", "http://loinc.org");
    w.member("code", "99999-9").member("display", "MRD by flow cytometry, marrow").end_object().end_array();
    w.member("text", "MRD (M\xC3\xBCnchen)").end_object();
    w.key("subject").begin_object().member("reference", "Patient/example").end_object();
    w.member("effectiveDateTime", "2026-02-20T09:00:00+01:00").key("valueQuantity").begin_object();
    w.key("value").raw_number("0.00" + std::to_string(i % 9 + 1)).member("unit", "%");
    w.member("system", "http://unitsofmeasure.org").member("code", "%").end_object();
    w.end_object().key("search").begin_object().member("mode", "match").end_object().end_object();
  }
  return std::move(w.end_array().end_object().end_object().end_object()).text();
}

using clock = std::chrono::steady_clock;

struct row {
  const char* name;
  std::function<bool(const std::string&)> read;
  double best = std::numeric_limits<double>::max();  ///< microseconds
};

void measure(const std::string& body, const char* form) {
  constexpr int rounds = 40;
  constexpr std::size_t bytes_a_turn = 2 << 20;  // enough calls to read the clock rarely
  const std::size_t calls = std::max<std::size_t>(1, bytes_a_turn / body.size());
  const auto document = fhir::json::parse(body);
  std::array rows{row{"mainstay, all checks", [](const std::string& text) { return fhir::json::parse(text).has_value(); }},
                  row{"RapidJSON in place, encoding checked", rapidjson_in_place},
                  row{"RapidJSON default", rapidjson_default},
                  row{"mainstay, written again",
                      [&](const std::string&) { return !fhir::json::to_text(document->root()).empty(); }}};
  for (int round = 0; round < rounds; ++round)
    for (auto& r : rows) {
      const auto begun = clock::now();
      bool good = true;
      for (std::size_t i = 0; i < calls; ++i) good = r.read(body) && good;
      const double took = std::chrono::duration<double, std::micro>(clock::now() - begun).count();
      if (!good) std::abort();
      r.best = std::min(r.best, took / static_cast<double>(calls));
    }
  const auto in_place = rows[1].best;
  for (const auto& r : rows)
    std::printf("%7zu bytes %-9s %-37s %9.1f us  %.2f of RapidJSON's speed in place\n", body.size(), form, r.name, r.best,
                in_place / r.best);
}

}  // namespace
}  // namespace mainstay::bench

int main() {
  using namespace mainstay::bench;
  for (const std::size_t size : {std::size_t{36'000}, std::size_t{660'000}}) {
    measure(make_body(size, 0), "one line");
    measure(make_body(size, 2), "indented");
  }
}
