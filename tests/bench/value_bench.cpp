// Decimals, dates and units, one operation at a time.
#include <benchmark/benchmark.h>

#include <array>
#include <string>
#include <string_view>

#include "fhir/types/date.hpp"
#include "fhir/types/decimal.hpp"
#include "fhir/ucum/unit.hpp"

namespace mainstay::fhir {
namespace {

constexpr std::array<std::string_view, 8> numbers{"0.040", "7.2", "150", "0.0001", "13.85", "1e-4", "98.6", "6.02214076"};
constexpr std::array<std::string_view, 8> units{"mmol/L", "10*3/uL", "mg/dL", "%", "[iU]/mL", "g/L", "10*9/L", "mL/min"};
constexpr std::array<std::string_view, 8> dates{"2026-03-01", "2026-03-01T10:00:00Z", "2025-12", "2026-03-01T11:00:00+01:00",
                                                "2025", "2026-02-28T23:59:59.999-05:00", "2026-03-02", "2026-03-01T10:00:00Z"};

void decimal_parse(benchmark::State& state) {
  std::size_t i = 0;
  for (auto _ : state) {
    std::string_view text = numbers[i++ % numbers.size()];
    benchmark::DoNotOptimize(text);
    benchmark::DoNotOptimize(decimal::parse(text));
  }
}

void decimal_compare(benchmark::State& state) {
  std::array<decimal, numbers.size()> values;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = decimal::parse(numbers[i]).value();
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(values);
    benchmark::DoNotOptimize(values[i % values.size()] < values[(i + 1) % values.size()]);
    ++i;
  }
}

void date_compare(benchmark::State& state) {
  std::array<date_time, dates.size()> values;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = date_time::parse(dates[i]).value();
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(values);
    benchmark::DoNotOptimize(before(values[i % values.size()], values[(i + 1) % values.size()]));
    ++i;
  }
}

/// Units met before, as nearly all of a chart are.
void unit_parse(benchmark::State& state) {
  std::size_t i = 0;
  for (auto _ : state) {
    std::string_view text = units[i++ % units.size()];
    benchmark::DoNotOptimize(text);
    benchmark::DoNotOptimize(ucum::parse(text));
  }
}

/// Each with an annotation that no other has.
void unit_parse_new(benchmark::State& state) {
  std::array<std::string, 4096> texts;
  for (std::size_t i = 0; i < texts.size(); ++i)
    texts[i] = std::string(units[i % units.size()]) + "{" + std::to_string(i) + "}";
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(ucum::parse(texts[i++ % texts.size()]));
}

/// Between units that are parsed already: mg/dL and g/L.
void unit_convert(benchmark::State& state) {
  auto from = ucum::parse("mg/dL").value();
  auto to = ucum::parse("g/L").value();
  auto value = decimal::parse("7.25").value();
  for (auto _ : state) {
    benchmark::DoNotOptimize(from);
    benchmark::DoNotOptimize(to);
    benchmark::DoNotOptimize(value);
    benchmark::DoNotOptimize(ucum::convert(value, from, to));
  }
}

/// A factor that is no power of ten: the slower way.
void unit_convert_by_ratio(benchmark::State& state) {
  auto from = ucum::parse("[lb_av]").value();
  auto to = ucum::parse("kg").value();
  auto value = decimal::parse("154.5").value();
  for (auto _ : state) {
    benchmark::DoNotOptimize(from);
    benchmark::DoNotOptimize(to);
    benchmark::DoNotOptimize(value);
    benchmark::DoNotOptimize(ucum::convert(value, from, to));
  }
}

void unit_compare(benchmark::State& state) {
  auto a = ucum::parse("mmol/L").value();
  auto b = ucum::parse("umol/mL").value();
  auto value = decimal::parse("7.25").value();
  for (auto _ : state) {
    benchmark::DoNotOptimize(a);
    benchmark::DoNotOptimize(b);
    benchmark::DoNotOptimize(value);
    benchmark::DoNotOptimize(ucum::compare(value, a, value, b));
  }
}

BENCHMARK(decimal_parse);
BENCHMARK(decimal_compare);
BENCHMARK(date_compare);
BENCHMARK(unit_parse);
BENCHMARK(unit_parse_new);
BENCHMARK(unit_convert);
BENCHMARK(unit_convert_by_ratio);
BENCHMARK(unit_compare);

}  // namespace
}  // namespace mainstay::fhir

BENCHMARK_MAIN();
