// Reading a body of 36 kB: json::parse beside RapidJSON's own tree, read in place with the encoding checked.
// Run with --benchmark_enable_random_interleaving=true --benchmark_repetitions=9, and compare the medians.
#include <benchmark/benchmark.h>
#include <rapidjson/document.h>

#include <cstdint>
#include <string>
#include <utility>

#include "fhir/json/document.hpp"
#include "fhir/json/writer.hpp"

namespace mainstay::fhir::json {
namespace {

/// A searchset of laboratory results as servers send them, on one line (indent 0) or indented.
std::string make_body(std::size_t size, unsigned indent) {
  writer w(indent);
  w.begin_object().member("resourceType", "Bundle").member("type", "searchset").key("entry").begin_array();
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
  return std::move(w.end_array().end_object()).text();
}

const std::string& body(benchmark::State& state) {
  static const std::string line = make_body(36'000, 0);
  static const std::string indented = make_body(36'000, 2);
  return state.range(0) == 0 ? line : indented;
}

void finish(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body(state).size()));
  state.SetLabel(state.range(0) == 0 ? "one line" : "indented");
}

void mainstay_parse(benchmark::State& state) {
  for (auto _ : state) {
    std::string text = body(state);  // a body comes as its own text
    const auto d = parse(std::move(text));
    benchmark::DoNotOptimize(d->root());
  }
  finish(state);
}

void rapidjson_parse_in_place(benchmark::State& state) {
  for (auto _ : state) {
    std::string text = body(state);
    rapidjson::Document d;
    d.ParseInsitu<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text.data());
    benchmark::DoNotOptimize(d.IsObject());
  }
  finish(state);
}

void write(benchmark::State& state) {
  const auto d = parse(body(state));
  for (auto _ : state) benchmark::DoNotOptimize(to_text(d->root()));
  finish(state);
}

BENCHMARK(mainstay_parse)->Arg(0)->Arg(1);
BENCHMARK(rapidjson_parse_in_place)->Arg(0)->Arg(1);
BENCHMARK(write)->Arg(0)->Arg(1);

}  // namespace
}  // namespace mainstay::fhir::json

BENCHMARK_MAIN();
