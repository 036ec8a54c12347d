#include "fhir/types/decimal.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace mainstay::fhir {
namespace {

constexpr const char* largest = "170141183460469231731687303715884105727";  // 2^127 - 1

std::string show(const std::optional<decimal>& d) { return d ? d->to_string() : "none"; }
decimal number(const std::string& text) { return decimal::parse(text).value(); }

TEST(decimal, parses_and_prints) {
  const struct {
    std::string text, expected;
  } rows[] = {
      {"0", "0"},
      {"-0", "0"},
      {"-0.0", "0.0"},
      {"0.040", "0.040"},
      {"-3", "-3"},
      {"1.50", "1.50"},
      {"-0.001", "-0.001"},
      {"1E+2", "100"},
      {"1e2", "100"},
      {"1e-3", "0.001"},
      {"1.50e1", "15.0"},
      {"1.50e2", "150"},
      {"1.5e3", "1500"},
      {"12.5E-1", "1.25"},
      {"0e5", "0"},
      {"0e400", "0"},
      {"0.00e99999999999999999999", "0"},
      {"1e00000000000000000000002", "100"},
      {"1e-60", "0." + std::string(59, '0') + "1"},
      {"1e-61", "none"},
      {"1.0e-60", "none"},
      {"0e-60", "0." + std::string(60, '0')},
      {"0e-61", "none"},
      {"0." + std::string(59, '0') + "1", "0." + std::string(59, '0') + "1"},
      {"0." + std::string(60, '0') + "1", "none"},
      {"1e38", "1" + std::string(38, '0')},
      {"1e39", "none"},
      {"1e99999999999999999999", "none"},
      {"1e-99999999999999999999", "none"},
      {largest, largest},
      {"-" + std::string(largest), "-" + std::string(largest)},
      {"170141183460469231731687303715884105728", "none"},
      {"-170141183460469231731687303715884105728", "none"},
      {"1.70141183460469231731687303715884105727", "1.70141183460469231731687303715884105727"},
      {std::string(34, '9'), std::string(34, '9')},
      {"0." + std::string(34, '9'), "0." + std::string(34, '9')},
      {std::string(10'000, '9'), "none"},
      {"0." + std::string(10'000, '9'), "none"},
      {std::string(30, '9') + "e9", "none"},
      {std::string(30, '9') + "e8", std::string(30, '9') + std::string(8, '0')},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(show(decimal::parse(row.text)), row.expected);
  }
}

TEST(decimal, refuses_what_is_no_json_number) {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {""sv, "-"sv, "+1"sv, "01"sv, "-01"sv, "00"sv, ".5"sv, "1."sv, "1.e1"sv, "1e"sv, "1e+"sv, "1e1.5"sv, "1 "sv,
        " 1"sv, "1,5"sv, "1.2.3"sv, "0x1"sv, "NaN"sv, "Infinity"sv, "--1"sv, "1e--1"sv, "1\0"sv, "\0"sv, "1.5%"sv,
        "\xD9\xA1"sv}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(show(decimal::parse(text)), "none");
  }
}

TEST(decimal, make_takes_scales_up_to_60) {
  EXPECT_EQ(show(decimal::make(15, 1)), "1.5");
  EXPECT_EQ(show(decimal::make(0, 60)), "0." + std::string(60, '0'));
  EXPECT_EQ(show(decimal::make(1, 61)), "none");
  EXPECT_EQ(show(decimal::make(1, -1)), "none");
  const auto smallest = static_cast<__int128>(static_cast<unsigned __int128>(1) << 127);
  EXPECT_EQ(show(decimal::make(smallest, 0)), "none");
  EXPECT_EQ(show(decimal::make(smallest + 1, 0)), "-" + std::string(largest));
}

TEST(decimal, compares_by_value) {
  const struct {
    std::string a, b;
    int order;
  } rows[] = {
      {"0.10", "0.1", 0},
      {"0", "-0.000", 0},
      {"1", "1.0000000000000000000000000000000000000", 0},
      {"100", "1e2", 0},
      {"0.1", "0.11", -1},
      {"-0.1", "-0.11", 1},
      {"-1", "1", -1},
      {"0", "1e-60", -1},
      {"0", "-1e-60", 1},
      {largest, "1e-60", 1},
      {"-" + std::string(largest), "-1e-60", -1},
      {largest, "0." + std::string(largest), 1},
      {"-" + std::string(largest), "1e-60", -1},
      {"1e38", "9.9999999999999999999999999999999999999", 1},
      {"2", "1.9999999999999999999999999999999999999", 1},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.a + " and " + row.b);
    const auto order = number(row.a) <=> number(row.b);
    EXPECT_EQ(order < 0 ? -1 : order > 0 ? 1 : 0, row.order);
    const auto back = number(row.b) <=> number(row.a);
    EXPECT_EQ(back < 0 ? -1 : back > 0 ? 1 : 0, -row.order);
    EXPECT_EQ(number(row.a) == number(row.b), row.order == 0);
  }
}

TEST(decimal, adds_subtracts_and_multiplies_exactly) {
  const struct {
    std::string a, b, sum, difference, product;
  } rows[] = {
      {"0.1", "0.2", "0.3", "-0.1", "0.02"},
      {"1.10", "2", "3.10", "-0.90", "2.20"},
      {"0", "-0.00", "0.00", "0.00", "0.00"},
      {"-5", "5", "0", "-10", "-25"},
      {largest, "1", "none", "170141183460469231731687303715884105726", largest},
      {largest, "-1", "170141183460469231731687303715884105726", "none", "-" + std::string(largest)},
      {largest, "0.0", largest, largest, "0.0"},  // trailing zeros give way before a value is lost
      {"-" + std::string(largest), "1", "-170141183460469231731687303715884105726", "none", "-" + std::string(largest)},
      {largest, "2", "none", "170141183460469231731687303715884105725", "none"},
      {largest, "0.1", "none", "none", "17014118346046923173168730371588410572.7"},
      {"1e30", "1e-9", "none", "none", "1000000000000000000000.000000000"},
      {"1e30", "1e-8", "1000000000000000000000000000000.00000001", "999999999999999999999999999999.99999999",
       "10000000000000000000000.00000000"},
      {"1e-30", "1e-30", "0.000000000000000000000000000002", "0.000000000000000000000000000000",
       "0." + std::string(59, '0') + "1"},
      {"1e-30", "1e-31", "0.0000000000000000000000000000011", "0.0000000000000000000000000000009", "none"},
      {"1.0e-30", "1.0e-29", "0.0000000000000000000000000000110", "-0.0000000000000000000000000000090",
       "0." + std::string(58, '0') + "1"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.a + " and " + row.b);
    const decimal a = number(row.a);
    const decimal b = number(row.b);
    EXPECT_EQ(show(a.add(b)), row.sum);
    EXPECT_EQ(show(b.add(a)), row.sum);
    EXPECT_EQ(show(a.subtract(b)), row.difference);
    EXPECT_EQ(show(a.multiply(b)), row.product);
    EXPECT_EQ(show(b.multiply(a)), row.product);
  }
}

TEST(decimal, divides_rounding_half_away_from_zero) {
  const struct {
    std::string a, b;
    int digits;
    std::string expected;
  } rows[] = {
      {"1", "3", 20, "0.33333333333333333333"},
      {"2", "3", 4, "0.6667"},
      {"-2", "3", 4, "-0.6667"},
      {"1", "8", 3, "0.125"},
      {"1", "8", 2, "0.13"},
      {"-1", "8", 2, "-0.13"},
      {"1", "8", 0, "0"},
      {"1", "2", 0, "1"},
      {"-1", "2", 0, "-1"},
      {"5", "10", 0, "1"},
      {"49", "100", 0, "0"},
      {"0", "7", 2, "0.00"},
      {"1", "0", 2, "none"},
      {"0", "0.00", 2, "none"},
      {"1", "3", -1, "none"},
      {"1", "3", 61, "none"},
      {"1", "10000", 20, "0.00010000000000000000"},
      {"1.5", "0.3", 1, "5.0"},
      {"1e-60", "1", 20, "0.00000000000000000000"},
      {"1e-60", largest, 60, "0." + std::string(60, '0')},
      {"1e-60", "2e-60", 0, "1"},
      {"4e-60", "1e1", 59, "0." + std::string(59, '0')},
      {"5e-60", "1", 59, "0." + std::string(58, '0') + "1"},
      {largest, "1", 0, largest},
      {largest, "1", 1, "none"},
      {largest, largest, 37, "1." + std::string(37, '0')},
      {largest, largest, 39, "none"},
      {largest, "1e-60", 0, "none"},
      {"1", largest, 60, "0.000000000000000000000000000000000000005877471754111437539844"},
      {"170141183460469231731687303715884105726", largest, 37, "1." + std::string(37, '0')},
      {"170141183460469231731687303715884105726", largest, 38, "0." + std::string(38, '9')},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.a + " / " + row.b);
    EXPECT_EQ(show(number(row.a).divide(number(row.b), row.digits)), row.expected);
  }
}

TEST(decimal, shifts_rounds_and_normalizes) {
  EXPECT_EQ(show(number("0.01").shifted(-2)), "0.0001");
  EXPECT_EQ(show(number("1.50").shifted(1)), "15.0");
  EXPECT_EQ(show(number("1.50").shifted(3)), "1500");
  EXPECT_EQ(show(number("-3").shifted(2)), "-300");
  EXPECT_EQ(show(number("0").shifted(1000)), "0");
  EXPECT_EQ(show(number("0.0").shifted(-1000)), "0");
  EXPECT_EQ(show(number("1").shifted(38)), "1" + std::string(38, '0'));
  EXPECT_EQ(show(number("1").shifted(39)), "none");
  EXPECT_EQ(show(number("1").shifted(-60)), "0." + std::string(59, '0') + "1");
  EXPECT_EQ(show(number("1").shifted(-61)), "none");
  EXPECT_EQ(show(number("1.0").shifted(-60)), "0." + std::string(59, '0') + "1");
  EXPECT_EQ(show(number("1").shifted(2147483647)), "none");
  EXPECT_EQ(show(number("1").shifted(-2147483647 - 1)), "none");

  EXPECT_EQ(number("0.125").rounded(2).to_string(), "0.13");
  EXPECT_EQ(number("-0.125").rounded(2).to_string(), "-0.13");
  EXPECT_EQ(number("0.124").rounded(2).to_string(), "0.12");
  EXPECT_EQ(number("9.5").rounded(0).to_string(), "10");
  EXPECT_EQ(number("1.5").rounded(3).to_string(), "1.5");
  EXPECT_EQ(number("1e-60").rounded(59).to_string(), "0." + std::string(59, '0'));

  EXPECT_EQ(number("1.500").normalized().to_string(), "1.5");
  EXPECT_EQ(number("100").normalized().to_string(), "100");
  EXPECT_EQ(number("0.000").normalized().to_string(), "0");
  EXPECT_EQ(number("-2.0").normalized().to_string(), "-2");
  EXPECT_EQ(number(largest).negated().to_string(), "-" + std::string(largest));
  EXPECT_EQ(number("0.0").negated().to_string(), "0.0");
  EXPECT_EQ(decimal(-7).to_string(), "-7");
  EXPECT_EQ(decimal().to_string(), "0");
  EXPECT_TRUE(number("-0").is_zero());
  EXPECT_FALSE(number("-0").is_negative());
  EXPECT_TRUE(number("-0.1").is_negative());
  EXPECT_EQ(number("0.040").scale(), 3);
}

}  // namespace
}  // namespace mainstay::fhir
