#include "fhir/types/measurement.hpp"

#include <gtest/gtest.h>

namespace mainstay::fhir {
namespace {

ucum::unit unit(std::string_view code) { return ucum::parse(code).value(); }

std::string show(const interval& v) {
  return (v.low && !v.low_open ? "[" : "(") + (v.low ? v.low->to_string() : "") + "," +
         (v.high ? v.high->to_string() : "") + (v.high && !v.high_open ? "]" : ")");
}
std::string show(const measurement_result& r) {
  if (r.value)
    return show(r.value->values) + " as " + r.value->shown +
           (r.value->spelling.empty() ? "" : " for " + r.value->spelling);
  switch (r.error) {
    case measurement_error::no_value: return "no value";
    case measurement_error::no_unit: return "no unit";
    case measurement_error::unknown_unit: return "unknown unit " + r.unit;
    case measurement_error::zero_denominator: return "zero denominator";
    case measurement_error::not_finite: return "not finite";
  }
  return {};
}

/// Rows write `UCUM` for a UCUM system member and `'` for a double quote.
json::document read(std::string text) {
  for (std::size_t at; (at = text.find("UCUM")) != std::string::npos;)
    text.replace(at, 4, "'system':'http://unitsofmeasure.org'");
  for (char& c : text)
    if (c == '\'') c = '"';
  return json::parse(std::move(text)).value();
}

TEST(measurement, from_a_quantity) {
  const struct {
    const char *element, *in;
    spellings allowed;
    const char* expected;
  } rows[] = {
      {"{'value':1.20,UCUM,'code':'10*9/L'}", "10*9/L", spellings::ucum, "[1.20,1.20] as 1.20 10*9/L"},
      {"{'value':1.20,UCUM,'code':'10^9/L'}", "10*9/L", spellings::ucum, "[1.20,1.20] as 1.20 10^9/L"},
      {"{'value':0.999,'unit':'G/L',UCUM,'code':'10*9/L'}", "10*9/L", spellings::ucum, "[0.999,0.999] as 0.999 G/L"},
      {"{'value':5,'comparator':'<',UCUM,'code':'10*9/L'}", "10*3/uL", spellings::ucum, "(,5) as < 5 10*9/L"},
      {"{'value':5,'comparator':'>=',UCUM,'code':'g/dL'}", "g/dL", spellings::ucum, "[5,) as >= 5 g/dL"},
      {"{'value':1,UCUM,'code':'[iU]/L'}", "[iU]/L", spellings::ucum, "[1,1] as 1 [iU]/L"},
      // another dimension; arbitrary units are never converted
      {"{'value':1,UCUM,'code':'mg/dL'}", "10*9/L", spellings::ucum, "unknown unit mg/dL"},
      {"{'value':1,UCUM,'code':'[iU]/L'}", "U/L", spellings::ucum, "unknown unit [iU]/L"},
      {"{'value':1,'unit':'10*9/L',UCUM,'code':'mg'}", "10*9/L", spellings::laboratory, "unknown unit mg"},
      {"{'value':1,UCUM,'code':'x10E3/uL'}", "10*9/L", spellings::laboratory, "unknown unit x10E3/uL"},
      // kelvin per microlitre to UCUM, thousand per microlitre to a laboratory
      {"{'value':1,UCUM,'code':'K/uL'}", "10*9/L", spellings::laboratory, "unknown unit K/uL"},
      {"{'value':1,'unit':'K/uL'}", "10*9/L", spellings::laboratory, "[1,1] as 1 10*3/uL for K/uL"},
      {"{'value':1,'unit':'K/uL'}", "10*9/L", spellings::ucum, "unknown unit K/uL"},
      {"{'value':1,'unit':'K/uL','code':'K/uL'}", "10*9/L", spellings::laboratory, "[1,1] as 1 10*3/uL for K/uL"},
      {"{'value':1,'unit':'mg/dL'}", "mg/dL", spellings::laboratory, "[1,1] as 1 mg/dL"},
      {"{'value':1,'unit':'mg/dL'}", "mg/dL", spellings::ucum, "unknown unit mg/dL"},
      {"{'value':1,'unit':'lots'}", "mg/dL", spellings::laboratory, "unknown unit lots"},
      {"{'value':1}", "10*9/L", spellings::laboratory, "no unit"},
      {"{'value':1,UCUM}", "10*9/L", spellings::laboratory, "no unit"},
      {"{'value':1,UCUM,'code':''}", "1", spellings::laboratory, "no unit"},
      {"{'value':'1',UCUM,'code':'10*9/L'}", "10*9/L", spellings::ucum, "no value"},
      {"{UCUM,'code':'10*9/L'}", "10*9/L", spellings::ucum, "no value"},
      {"'1 10*9/L'", "10*9/L", spellings::ucum, "no value"},
      {"{'value':1e37,UCUM,'code':'10*30/L'}", "10*-30/L", spellings::ucum, "not finite"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.element);
    EXPECT_EQ(show(read_measurement(read(row.element).root(), unit(row.in), row.allowed)), row.expected);
  }
}

TEST(measurement, from_a_range) {
  const struct {
    const char *element, *expected;
  } rows[] = {
      {"{'low':{'value':1,UCUM,'code':'10*9/L'},'high':{'value':2,UCUM,'code':'10*3/uL'}}", "[1,2] as 1 10*9/L to 2 10*3/uL"},
      {"{'low':{'value':1,'unit':'K/uL'},'high':{'value':2,UCUM,'code':'10*9/L'}}", "[1,2] as 1 10*3/uL to 2 10*9/L for K/uL"},
      {"{'low':{'value':1,UCUM,'code':'10*9/L'}}", "[1,) as >= 1 10*9/L"},
      {"{'high':{'value':1,UCUM,'code':'10*9/L'}}", "(,1] as <= 1 10*9/L"},
      {"{'low':{'value':2,UCUM,'code':'10*9/L'},'high':{'value':1,UCUM,'code':'10*9/L'}}", "no value"},
      {"{'low':{'value':1,'comparator':'>',UCUM,'code':'10*9/L'}}", "no value"},
      {"{'low':{'value':1},'high':{'value':2,UCUM,'code':'10*9/L'}}", "no unit"},
      {"{'low':{'value':1,UCUM,'code':'10*9/L'},'high':{'value':2,UCUM,'code':'g'}}", "unknown unit g"},
      {"{'low':null}", "no value"},
      {"{}", "no value"},
      {"[]", "no value"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.element);
    EXPECT_EQ(show(read_measurement_range(read(row.element).root(), unit("10*9/L"), spellings::laboratory)), row.expected);
  }
}

TEST(measurement, converts_every_value_of_an_interval) {
  const struct {
    const char *low, *high;
    bool open;
    const char *from, *to, *expected;
  } rows[] = {
      {"1000", "1000", false, "/uL", "10*9/L", "[1.000,1.000]"},
      {"", "1000", true, "/uL", "10*9/L", "(,1.000)"},
      {"0.5", "1.5", true, "g/dL", "g/L", "(5,15)"},
      {"37", "38", false, "Cel", "K", "[310.15,311.15]"},
      {"98.6", "98.6", false, "[degF]", "Cel", "[37,37]"},
      // a third has no end: the interval grows by less than any digit that matters, and is open there
      {"1", "1", false, "d", "wk", "(0.1428571428571428571328571428571429,0.1428571428571428571528571428571429)"},
      {"1", "2", false, "g", "mol", "none"},
      // more of the one is less of the other
      {"7", "8", false, "[pH]", "mol/L", "none"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.from) + " " + row.to);
    interval v;
    if (*row.low != 0) v.low = decimal::parse(row.low);
    if (*row.high != 0) v.high = decimal::parse(row.high);
    v.low_open = row.open && v.low;
    v.high_open = row.open && v.high;
    const auto got = convert(v, unit(row.from), unit(row.to));
    EXPECT_EQ(got ? show(*got) : "none", row.expected);
  }
}

TEST(measurement, prints_intervals) {
  const auto n = [](const char* text) { return decimal::parse(text); };
  EXPECT_EQ(to_string(interval{.low = n("0.80"), .high = n("0.8")}), "0.80");
  EXPECT_EQ(to_string(interval{.low = n("0.5"), .high = n("1")}), "0.5 to 1");
  EXPECT_EQ(to_string(interval{.high = n("0.5"), .high_open = true}), "< 0.5");
  EXPECT_EQ(to_string(interval{.high = n("0.5")}), "<= 0.5");
  EXPECT_EQ(to_string(interval{.low = n("0.5"), .low_open = true}), "> 0.5");
  EXPECT_EQ(to_string(interval{.low = n("0.5")}), ">= 0.5");
  EXPECT_EQ(to_string(interval{}), "");
}

}  // namespace
}  // namespace mainstay::fhir
