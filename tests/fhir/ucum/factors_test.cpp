// Each unit's factor against factors.tsv, which Python made with its own parser and fractions (factors.py).
#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <fstream>
#include <sstream>

#include "fhir/ucum/atoms.hpp"
#include "fhir/ucum/symbols.hpp"

namespace mainstay::fhir::ucum {
namespace {

using real = boost::multiprecision::cpp_dec_float_50;

TEST(factors, are_those_of_an_independent_calculation) {
  std::ifstream in(MAINSTAY_SOURCE_DIR "/tests/fhir/ucum/factors.tsv");
  std::size_t count = 0;
  for (std::string line; std::getline(in, line); ++count) {
    std::istringstream columns(line);
    std::string symbol, digits;
    std::getline(columns, symbol, '\t');
    std::getline(columns, digits, '\t');
    std::array<std::int16_t, 7> dimension{};
    for (auto& e : dimension) columns >> e;
    ASSERT_TRUE(columns) << line;
    const auto row = find_row(symbol);
    ASSERT_NE(row, no_row) << symbol;
    EXPECT_EQ(atom(row).dimension, dimension) << symbol;
    const auto one = canonical(decimal(1), atom(row));
    ASSERT_TRUE(one.has_value()) << symbol;
    const real expected(digits);
    EXPECT_LE(abs(real(one->value.value.to_string()) - expected), expected * real("1e-29")) << symbol;
  }
  EXPECT_EQ(count, static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [](const row& r) {
    return !is_special(r) && r.kind != kind::arbitrary && r.kind != kind::metric_arbitrary;
  })));
}

}  // namespace
}  // namespace mainstay::fhir::ucum
