#include "fhir/ucum/unit.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fhir/ucum/symbols.hpp"

namespace mainstay::fhir::ucum {
namespace {

decimal d(std::string_view text) { return decimal::parse(text).value(); }
unit u(std::string_view text) { return parse(text).value(); }

struct refusal_row { const char* text; unit_errc code; std::size_t at, length; const char* message; };
const refusal_row refusals[] = {
    {"", unit_errc::empty, 0, 0, "an empty text is no unit; `1` is unity"},
    {"m/", unit_errc::no_operand, 1, 1, "`/` is not followed by a unit"},
    {"/", unit_errc::no_operand, 0, 1, "`/` is not followed by a unit"},
    {"m..s", unit_errc::no_operand, 1, 1, "`.` is not followed by a unit"},
    {"m/()", unit_errc::no_operand, 2, 1, "`(` is not followed by a unit"},
    {"(/m)", unit_errc::no_operand, 0, 1, "`(` is not followed by a unit"},
    {"iU", unit_errc::unknown_symbol, 0, 2, "`iU` is no unit of UCUM; `[iU]` is"},
    {"mg/DL", unit_errc::unknown_symbol, 3, 2, "`DL` is no unit of UCUM; `dL` is"},
    {"mmol/12h", unit_errc::no_operator, 7, 1, "between two units stands `.` or `/`"},
    {"m2s", unit_errc::no_operator, 2, 1, "between two units stands `.` or `/`"},
    {"kmin", unit_errc::not_metric, 0, 4, "`kmin` is no unit of UCUM: the unit in it takes no prefix"},
    {"10+3/uL", unit_errc::no_operator, 2, 1, "between two units stands `.` or `/`"},
    {"m-", unit_errc::bare_exponent, 1, 1, "`-` is not followed by the digits of an exponent"},
    {"m[H2O", unit_errc::open_bracket, 1, 1, "the square bracket is not closed"},
    {"m{abc", unit_errc::open_annotation, 1, 1, "the brace is not closed"},
    {"m{a{b}}", unit_errc::character, 3, 1, "this character cannot stand here in a unit"},
    {"m{a b}", unit_errc::character, 3, 1, "this character cannot stand here in a unit"},
    {"m s", unit_errc::character, 1, 1, "this character cannot stand here in a unit"},
    {"\xC2\xB5g", unit_errc::character, 0, 1, "this character cannot stand here in a unit"},
    {"mg/(kg.d", unit_errc::open_parenthesis, 8, 0, "a parenthesis is not closed"},
    {"mg/kg)", unit_errc::closing_parenthesis, 5, 1, "no parenthesis is open here"},
    {"{a}m", unit_errc::annotation_in_front, 0, 3, "the annotation `{a}` stands before its unit; it belongs behind it"},
    {"0", unit_errc::zero, 0, 1, "a unit cannot have the factor zero"},
    {"m/000", unit_errc::zero, 2, 3, "a unit cannot have the factor zero"},
    {"0.m", unit_errc::zero, 0, 1, "a unit cannot have the factor zero"},
};

// A unit that was met before is not read again; what it is, and what it must keep to, does not hang on that.
TEST(unit, met_before_is_the_same_unit) {
  constexpr limits never_kept{.depth = 30};
  const std::string longest_kept = "m" + std::string("{") + std::string(28, 'a') + "}";
  ASSERT_EQ(longest_kept.size(), 31u);
  std::vector<std::string> texts{longest_kept, longest_kept + "2", longest_kept + "/s"};
  for (const auto& row : rows) texts.emplace_back(row.symbol);
  for (int round = 0; round < 3; ++round)
    for (const auto& text : texts) {
      const auto met = parse(text), read = parse(text, never_kept);
      ASSERT_EQ(met.has_value(), read.has_value()) << text;
      if (met) EXPECT_EQ(*met, *read) << text;
    }
}

TEST(unit, met_before_keeps_to_the_limits_of_each_call) {
  const std::string deep = std::string(10, '(') + "m" + std::string(10, ')');
  for (int round = 0; round < 2; ++round) {
    EXPECT_TRUE(parse("mg/dL").has_value());
    EXPECT_EQ(parse("mg/dL", {.length = 4}).error().code, unit_errc::too_long);
    EXPECT_TRUE(parse("mg/dL", {.length = 5}).has_value());
    EXPECT_TRUE(parse(deep).has_value());
    EXPECT_EQ(parse(deep, {.depth = 9}).error().code, unit_errc::too_deep);
  }
}

TEST(unit, says_where_a_text_is_no_unit) {
  for (const auto& row : refusals) {
    SCOPED_TRACE(row.text);
    const auto parsed = parse(row.text);
    ASSERT_FALSE(parsed.has_value());
    EXPECT_EQ(parsed.error().code, row.code);
    EXPECT_EQ(parsed.error().at, row.at);
    EXPECT_EQ(parsed.error().length, row.length);
    EXPECT_EQ(parsed.error().message(row.text), row.message);
    const std::string_view text = row.text;
    if (text.empty()) continue;  // the functional tests name it "(unity)"
    const auto named = display(text);
    ASSERT_FALSE(named.has_value());
    EXPECT_EQ(named.error().code, row.code);
    EXPECT_EQ(named.error().at, row.at);
    EXPECT_EQ(named.error().length, row.length);
  }
}

struct same_row { const char *a, *b; };
const same_row same[] = {
    {"m/s", "m.s-1"}, {"/m", "m-1"}, {"a/b.m", "a.m/b"}, {"mol/(L.s)", "mol/L/s"}, {"m/(s/kg)", "m.kg/s"}, {"10*3/uL", "10*9/L"},
    {"10^3/uL", "10*9/L"}, {"/nL", "10*9/L"}, {"mmol/L", "mol/m3"}, {"%", "10*-2"}, {"1", "{score}"}, {"10*3{cells}/uL", "10*3/uL"},
    {"[IU]/mL", "k[iU]/L"}, {"mm[Hg]", "133322.Pa/1000"}, {"m0", "1"}, {"L", "l"}, {"(((m)))", "m"}, {"(m/s)/(m/s)", "1"},
    {"[iU]/[iU]", "1"}, {"m+2", "m2"}, {"10*400/10*399", "10"}, {"12345678901234567890000000000000000000000", "1234567890123456789.10*22"},
};

TEST(unit, is_the_same_however_it_is_written) {
  for (const auto& row : same) {
    SCOPED_TRACE(std::string(row.a) + " and " + row.b);
    EXPECT_EQ(u(row.a), u(row.b));
    EXPECT_EQ(compare(d("1"), u(row.a), d("1.0"), u(row.b)), std::strong_ordering::equal);
  }
}

struct base_row { const char *text, *value, *base; };
const base_row bases[] = {
    {"mmol/L", "602214076000000000000000", "m-3"}, {"mg/dL", "10", "g.m-3"}, {"N", "1000", "m.g.s-2"}, {"[iU]/mL", "1000000", "[iU].m-3"},
    {"Cel", "274.15", "K"}, {"1", "1", "1"}, {"[CFU].m/[iU]", "1", "m.[CFU].[iU]-1"}, {"[lb_av]", "453.59237", "g"},
    {"dB", "1.258925411794167210423954106", "1"},
};

TEST(unit, has_a_canonical_form) {
  for (const auto& row : bases) {
    SCOPED_TRACE(row.text);
    const auto result = canonical(decimal(1), u(row.text));
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->value.value.to_string(), row.value);
    EXPECT_EQ(result->unit, row.base);
  }
}

struct conversion_row { const char *value, *from, *to, *result; bool exact; };
const conversion_row conversions[] = {
    {"1.50", "L", "mL", "1500", true}, {"5", "mg/dL", "g/L", "0.05", true}, {"0.040", "%", "1", "0.00040", true},
    {"1", "mmol/L", "umol/mL", "1", true}, {"7.5", "10*3/uL", "10*9/L", "7.5", true}, {"1", "h", "s", "3600", true},
    {"1", "s", "h", "0.0002777777777777777777777777777777778", false}, {"9", "s", "h", "0.0025", true}, {"1", "U/L", "nkat/L", "16.66666666666666666666666666666667", false},
    {"1", "mo", "d", "30.4375", true}, {"1", "a", "d", "365.25", true}, {"1", "[pt_us]", "mL", "473.176473", true},
    {"180", "deg", "[pi].rad", "1.00", true}, {"30", "dB", "B", "3.0", true}, {"30", "dB[W]", "mB[W]", "3000", true}, {"30", "dB[W]", "B[kW]", "0", false}, {"1", "rad", "deg", "57.29577951308232087679815481410517", false},
    {"37.0", "Cel", "K", "310.15", true}, {"98.6", "[degF]", "Cel", "37", true}, {"37", "Cel", "[degF]", "98.6", true},
    {"-40", "Cel", "[degF]", "-40", true}, {"80", "[degRe]", "Cel", "100", true}, {"370", "dCel", "Cel", "37.0", true},
    {"0", "K", "Cel", "-273.15", true}, {"7", "[pH]", "mol/L", "0.0000001", false}, {"0.0000001", "mol/L", "[pH]", "7", false},
    {"3", "B", "1", "1000", false}, {"30", "dB", "1", "1000", false}, {"60", "dB[mV]", "V", "1", false}, {"1", "V", "B[uV]", "12", false},
    {"94", "dB[SPL]", "Pa", "1.002374467254544570003108374", false}, {"1", "Np", "1", "2.718281828459045235360287471", false},
    {"8", "bit_s", "1", "256", false}, {"100", "%[slope]", "deg", "45", false}, {"100", "[p'diop]", "deg", "45", false},
    {"3", "[hp'_X]", "1", "0.001", false}, {"2", "[hp'_C]", "1", "0.0001", false}, {"1", "[hp'_M]", "1", "0.001", false}, {"1", "[hp'_Q]", "1", "0.00002", false},
    {"3", "[m/s2/Hz^(1/2)]", "m2/s3", "9", false}, {"9", "m2/s3", "[m/s2/Hz^(1/2)]", "3", false}, {"2", "10.Cel", "Cel", "20", true},
    {"1", "meq/L", "mmol/L", "1", true}, {"1e-20", "10*30.m", "m", "10000000000", true}, {"0", "10*400.m", "m", "0", true},
};

TEST(unit, converts) {
  for (const auto& row : conversions) {
    SCOPED_TRACE(std::string(row.value) + " " + row.from + " in " + row.to);
    const auto result = convert(d(row.value), u(row.from), u(row.to));
    ASSERT_TRUE(result.has_value()) << to_text(result.error());
    EXPECT_EQ(result->value.to_string(), row.result);
    EXPECT_EQ(result->exact, row.exact);
  }
}

struct failure_row { const char *value, *from, *to; failure why; };
const failure_row failures[] = {
    {"1", "mg/dL", "mmol/L", failure::incommensurable}, {"1", "[iU]/L", "U/L", failure::incommensurable}, {"1", "[iU]", "1", failure::incommensurable},
    {"1", "[arb'U]", "[iU]", failure::incommensurable}, {"1", "{copies}/mL", "[iU]/mL", failure::incommensurable}, {"1", "[hp_X]", "[hp'_X]", failure::incommensurable},
    {"1", "W/Cel", "W/K", failure::special_in_product}, {"1", "Cel2", "K2", failure::special_in_product}, {"1", "m/Cel", "m/Cel", failure::special_in_product},
    {"0", "1", "B", failure::undefined}, {"-1", "mol/L", "[pH]", failure::undefined}, {"-3", "[m/s2/Hz^(1/2)]", "m2/s3", failure::undefined},
    {"2", "rad", "%[slope]", failure::undefined},
    {"1", "10*400.m", "m", failure::out_of_range}, {"1", "m", "10*400.m", failure::out_of_range}, {"1", "u9", "g9", failure::out_of_range},
    {"5000", "B", "1", failure::out_of_range}, {"1", "m40000", "m40000", failure::out_of_range}, {"1", "s9999", "min9999", failure::out_of_range},
};

TEST(unit, says_why_it_does_not_convert) {
  for (const auto& row : failures) {
    SCOPED_TRACE(std::string(row.value) + " " + row.from + " in " + row.to);
    const auto result = convert(d(row.value), u(row.from), u(row.to));
    ASSERT_FALSE(result.has_value()) << result->value.to_string();
    EXPECT_EQ(result.error(), row.why);
    EXPECT_FALSE(to_text(row.why).empty());
  }
}

struct order_row { const char *a, *in_a, *b, *in_b; std::optional<std::strong_ordering> order; };
const order_row orders[] = {
    {"5.1", "mmol/L", "0.0051", "mol/L", std::strong_ordering::equal}, {"5.1", "mmol/L", "5.11", "umol/mL", std::strong_ordering::less},
    {"-1", "h", "59", "min", std::strong_ordering::less}, {"60", "min", "1", "h", std::strong_ordering::equal}, {"0", "m", "0", "km", std::strong_ordering::equal},
    {"1", "[in_i]", "2.54", "cm", std::strong_ordering::equal}, {"-1", "[in_i]", "-2.541", "cm", std::strong_ordering::greater},
    {"37", "Cel", "98.6", "[degF]", std::strong_ordering::equal}, {"37", "Cel", "98.5", "[degF]", std::strong_ordering::greater}, {"36", "Cel", "36.5", "Cel", std::strong_ordering::less},
    {"7", "[pH]", "8", "[pH]", std::strong_ordering::less}, {"7", "[pH]", "1", "mol/L", std::nullopt}, {"1", "mg", "1", "mL", std::nullopt},
    {"1", "[iU]", "1", "U", std::nullopt}, {"1", "1/3", "0.3333333333333333333333333333333333", "1", std::strong_ordering::greater},
    {"1", "3.m/3", "1", "m", std::strong_ordering::equal}, {"1", "10*400.m", "1", "m", std::strong_ordering::greater}, {"1", "10*900.m", "1", "m", std::nullopt}, {"1", "[pi].rad", "180", "deg", std::strong_ordering::equal},
    {"1", "[pi].rad", "3.1416", "rad", std::strong_ordering::less}, {"30", "dB", "1001", "1", std::strong_ordering::less},
};

TEST(unit, compares_exactly_or_not_at_all) {
  for (const auto& row : orders) {
    SCOPED_TRACE(std::string(row.a) + " " + row.in_a + " and " + row.b + " " + row.in_b);
    EXPECT_EQ(compare(d(row.a), u(row.in_a), d(row.b), u(row.in_b)), row.order);
  }
}

struct product_row { const char *a, *in_a, *b, *in_b, *value, *base; bool divide; };
const product_row products[] = {
    {"1.5", "g", "2", "m", "3.0", "m.g", false}, {"3", "mg/dL", "2", "dL", "0.006", "g", false}, {"1", "g", "3", "m", "0.3333333333333333333333333333333333", "g.m-1", true},
    {"6", "[iU]", "3", "mL", "2000000", "[iU].m-3", true}, {"1", "kg", "1", "mg", "1000000", "1", true}, {"0", "m", "5", "s", "0", "m.s-1", true},
    {"-1", "m", "4", "s", "-0.25", "m.s-1", true},
};

TEST(unit, multiplies_and_divides) {
  for (const auto& row : products) {
    SCOPED_TRACE(std::string(row.a) + " " + row.in_a + " and " + row.b + " " + row.in_b);
    const decimal a = d(row.a), b = d(row.b);
    const unit in_a = u(row.in_a), in_b = u(row.in_b);
    const auto result = row.divide ? divide(a, in_a, b, in_b) : multiply(a, in_a, b, in_b);
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->value.value.to_string(), row.value);
    EXPECT_EQ(result->unit, row.base);
  }
  EXPECT_EQ(multiply(decimal(1), u("Cel"), decimal(1), u("m")).error(), failure::special_in_product);
  EXPECT_EQ(divide(decimal(1), u("g"), decimal(0), u("m")).error(), failure::zero_divisor);
  EXPECT_EQ(multiply(decimal(1), u("u5"), decimal(1), u("u5")).error(), failure::out_of_range);
}

TEST(unit, keeps_to_its_limits) {
  EXPECT_TRUE(parse(std::string(limits{}.length, '1')).has_value());
  EXPECT_EQ(parse(std::string(limits{}.length + 1, '1')).error().code, unit_errc::too_long);
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '(') + "m" + std::string(static_cast<std::size_t>(depth), ')');
  };
  EXPECT_EQ(u(nested(limits{}.depth)), u("m"));
  EXPECT_EQ(parse(nested(limits{}.depth + 1)).error().code, unit_errc::too_deep);
  EXPECT_EQ(parse(nested(65), {.depth = 1000}).error().code, unit_errc::too_deep);
  EXPECT_EQ(parse("m.s", {.length = 2}).error().code, unit_errc::too_long);
  for (const char c : {'(', 'm', '1', '[', '{', '/'}) EXPECT_FALSE(parse(std::string(100'000, c)).has_value());
  std::string four = "[iU].[CFU].[PFU].[AU]";
  EXPECT_FALSE(u(four).out_of_range);
  EXPECT_TRUE(u(four + ".[EU]").out_of_range);
}

}  // namespace
}  // namespace mainstay::fhir::ucum
