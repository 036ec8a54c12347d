#include "fhir/types/quantity.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace mainstay::fhir {
namespace {

std::string show(const interval& v) {
  return (v.low && !v.low_open ? "[" : "(") + (v.low ? v.low->to_string() : "") + "," +
         (v.high ? v.high->to_string() : "") + (v.high && !v.high_open ? "]" : ")");
}

std::string show(const proportion_result& r) {
  if (r.value) return show(r.value->values) + " as " + r.value->shown;
  switch (r.error) {
    case proportion_error::no_value: return "no value";
    case proportion_error::no_unit: return "no unit";
    case proportion_error::unknown_unit: return "unknown unit " + r.unit;
    case proportion_error::zero_denominator: return "zero denominator";
    case proportion_error::not_finite: return "not finite";
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

TEST(quantity, is_read_and_printed) {
  const struct {
    const char *element, *text, *values;
  } rows[] = {
      {"{'value':0.001,'unit':'%',UCUM,'code':'%'}", "0.001 %", "[0.001,0.001]"},
      {"{'value':0.1,'comparator':'<','unit':'%'}", "< 0.1 %", "(,0.1)"},
      {"{'value':0.1,'comparator':'<=','unit':'%'}", "<= 0.1 %", "(,0.1]"},
      {"{'value':5,'comparator':'>','unit':'cells'}", "> 5 cells", "(5,)"},
      {"{'value':5,'comparator':'>='}", ">= 5", "[5,)"},
      {"{'value':1.50,UCUM,'code':'10*9/L'}", "1.50 10*9/L", "[1.50,1.50]"},
      {"{'value':1.50,'unit':'x10e9/L',UCUM,'code':'10*9/L'}", "1.50 x10e9/L", "[1.50,1.50]"},
      {"{'value':0.5,UCUM,'code':'1'}", "0.5", "[0.5,0.5]"},
      {"{'value':-1E+2,'unit':'mL'}", "-100 mL", "[-100,-100]"},
      {"{'value':1,'unit':7}", "1", "[1,1]"},
      {"{'value':1,'unit':'%',UCUM,'code':7}", "none", ""},
      {"{'value':1,'unit':'%','system':['http://unitsofmeasure.org'],'code':'%'}", "none", ""},
      {"{'value':'0.001','unit':'%'}", "none", ""},
      {"{'unit':'%'}", "none", ""},
      {"{'value':null}", "none", ""},
      {"{}", "none", ""},
      {"[]", "none", ""},
      {"0.001", "none", ""},
      {"{'value':1e300}", "none", ""},
      {"{'value':1,'comparator':'ad'}", "none", ""},
      {"{'value':1,'comparator':''}", "none", ""},
      {"{'value':1,'comparator':'~'}", "none", ""},
      {"{'value':1,'comparator':null}", "none", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.element);
    const auto d = read(row.element);
    const auto q = read_quantity(d.root());
    EXPECT_EQ(q ? q->to_string() : "none", row.text);
    EXPECT_EQ(q ? show(q->values()) : "", row.values);
  }
}

TEST(coding, is_read_with_the_canonical_system) {
  const struct {
    const char *element, *system, *code;
  } rows[] = {
      {"{'system':'http://snomed.info/sct','code':'58390007','display':'x'}", "http://snomed.info/sct", "58390007"},
      {"{'system':'urn:oid:2.16.840.1.113883.6.96','code':'1'}", "http://snomed.info/sct", "1"},
      {"{'system':'http://loinc.org|2.77','code':'1-8'}", "http://loinc.org", "1-8"},
      {"{'system':'urn:oid:1.2.3','code':'MRDFLOW'}", "urn:oid:1.2.3", "MRDFLOW"},
      {"{'system':'http://loinc.org'}", "none", ""},
      {"{'code':'1-8'}", "none", ""},
      {"{'system':'','code':'1-8'}", "none", ""},
      {"{'system':'http://loinc.org','code':''}", "none", ""},
      {"{'system':'http://loinc.org','code':18}", "none", ""},
      {"{'display':'only'}", "none", ""},
      {"'text'", "none", ""},
      {"null", "none", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.element);
    const auto d = read(row.element);
    const auto c = read_coding(d.root());
    EXPECT_EQ(c ? c->system : "none", row.system);
    EXPECT_EQ(c ? c->code : "", row.code);
  }
}

TEST(coding, aliases_of_systems) {
  const struct {
    const char *uri, *expected;
  } rows[] = {
      {"http://loinc.org", "http://loinc.org"},
      {"urn:oid:2.16.840.1.113883.6.1", "http://loinc.org"},
      {"urn:oid:2.16.840.1.113883.6.96", "http://snomed.info/sct"},
      {"urn:oid:2.16.840.1.113883.6.90", "http://hl7.org/fhir/sid/icd-10-cm"},
      {"urn:oid:2.16.840.1.113883.6.4", "http://www.cms.gov/Medicare/Coding/ICD10"},
      {"http://hl7.org/fhir/sid/icd-10-pcs", "http://www.cms.gov/Medicare/Coding/ICD10"},
      {"urn:oid:2.16.840.1.113883.6.12", "http://www.ama-assn.org/go/cpt"},
      {"urn:oid:2.16.840.1.113883.6.285", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"},
      {"http://hl7.org/fhir/sid/icd-10-pcs|2026", "http://www.cms.gov/Medicare/Coding/ICD10"},
      {"http://snomed.info/sct|http://snomed.info/sct/731000124108", "http://snomed.info/sct"},
      {"urn:oid:2.16.840.1.113883.6.9", "urn:oid:2.16.840.1.113883.6.9"},
      {"urn:oid:2.16.840.1.113883.6.961", "urn:oid:2.16.840.1.113883.6.961"},
      {"http://example.org/codes", "http://example.org/codes"},
      {"HTTP://LOINC.ORG", "HTTP://LOINC.ORG"},
      {"", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(canonical_system(row.uri), row.expected) << row.uri;
}

TEST(proportion, from_a_quantity) {
  const struct {
    const char *element, *expected;
  } rows[] = {
      {"{'value':0.01,'unit':'%',UCUM,'code':'%'}", "[0.0001,0.0001] as 0.01 %"},
      {"{'value':0.001,UCUM,'code':'%'}", "[0.00001,0.00001] as 0.001 %"},
      {"{'value':0.1,'comparator':'<','unit':'%',UCUM,'code':'%'}", "(,0.001) as < 0.1 %"},
      {"{'value':0.1,'comparator':'<=',UCUM,'code':'%'}", "(,0.001] as <= 0.1 %"},
      {"{'value':5,'comparator':'>',UCUM,'code':'%'}", "(0.05,) as > 5 %"},
      {"{'value':5,'comparator':'>=',UCUM,'code':'%'}", "[0.05,) as >= 5 %"},
      {"{'value':0.0001,UCUM,'code':'1'}", "[0.0001,0.0001] as 0.0001"},
      {"{'value':3,UCUM,'code':'10*-4'}", "[0.0003,0.0003] as 3 10*-4"},
      {"{'value':3,'unit':'per 10,000',UCUM,'code':'10*-4'}", "[0.0003,0.0003] as 3 per 10,000"},
      {"{'value':3,UCUM,'code':'10*-60'}", "[0." "00000000000000000000000000000000000000000000000000000000000" "3,0."
       "00000000000000000000000000000000000000000000000000000000000" "3] as 3 10*-60"},
      {"{'value':0,'unit':'%'}", "[0.00,0.00] as 0 %"},
      {"{'value':0.01,'unit':'%'}", "[0.0001,0.0001] as 0.01 %"},
      {"{'value':100,UCUM,'code':'%'}", "[1.00,1.00] as 100 %"},
      // The code decides, whatever the unit's text says.
      {"{'value':1,'unit':'%',UCUM,'code':'10*-4'}", "[0.0001,0.0001] as 1 %"},
      {"{'value':1,'unit':'%',UCUM,'code':'mg'}", "unknown unit mg"},
      {"{'value':1,'unit':'%','system':'http://example.org','code':'P'}", "[0.01,0.01] as 1 %"},
      {"{'value':1,'system':'http://example.org','code':'%'}", "unknown unit %"},
      {"{'value':1,'code':'%'}", "unknown unit %"},
      {"{'value':1,'unit':' %'}", "unknown unit  %"},
      {"{'value':1,'unit':'percent'}", "unknown unit percent"},
      {"{'value':3,UCUM,'code':'[ppth]'}", "[0.003,0.003] as 3 [ppth]"},
      {"{'value':3,UCUM,'code':'10^-4'}", "[0.0003,0.0003] as 3 10^-4"},
      {"{'value':3,UCUM,'code':'1/10000'}", "[0.0003,0.0003] as 3 1/10000"},
      {"{'value':3,UCUM,'code':'{copies}'}", "unknown unit {copies}"},
      {"{'value':3,UCUM,'code':'[HPF]'}", "unknown unit [HPF]"},
      {"{'value':3,UCUM,'code':'1/3'}", "unknown unit 1/3"},
      {"{'value':3,'unit':'ratio'}", "unknown unit ratio"},
      {"{'value':3,'unit':'K/uL'}", "unknown unit K/uL"},
      {"{'value':1,'unit':'1'}", "unknown unit 1"},
      {"{'value':1,'unit':'/uL',UCUM,'code':'/uL'}", "unknown unit /uL"},
      {"{'value':1,UCUM,'code':'10*4'}", "unknown unit 10*4"},
      {"{'value':1,UCUM,'code':'10*-'}", "unknown unit 10*-"},
      {"{'value':1,UCUM,'code':'10*-0'}", "[1,1] as 1 10*-0"},
      {"{'value':1,UCUM,'code':'10*-100'}", "unknown unit 10*-100"},
      {"{'value':1,UCUM,'code':'10*-4/L'}", "unknown unit 10*-4/L"},
      {"{'value':0.0001}", "no unit"},
      {"{'value':0.0001,UCUM}", "no unit"},
      {"{'unit':'%',UCUM,'code':'%'}", "no value"},
      {"{'value':'0.01','unit':'%'}", "no value"},
      {"{'value':0.01,'comparator':'ad','unit':'%'}", "no value"},
      {"{}", "no value"},
      {"null", "no value"},
      {"{'value':1e300,UCUM,'code':'%'}", "not finite"},
      {"{'value':1e-60,UCUM,'code':'%'}", "not finite"},
      {"{'value':-1,UCUM,'code':'%'}", "not finite"},
      {"{'value':-1,'comparator':'<',UCUM,'code':'%'}", "not finite"},
      {"{'value':0,'comparator':'<',UCUM,'code':'%'}", "not finite"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.element);
    const auto d = read(row.element);
    EXPECT_EQ(show(read_proportion_quantity(d.root())), row.expected);
  }
}

TEST(proportion, of_a_laboratorys_spelling_where_it_is_asked_for) {
  const struct {
    const char *element, *expected, *spelling;
  } rows[] = {
      {"{'value':1,'unit':'percent'}", "[0.01,0.01] as 1 %", "percent"},
      {"{'value':1,'comparator':'<','unit':'Pct'}", "(,0.01) as < 1 %", "Pct"},
      {"{'value':3,'unit':'ppm'}", "[0.000003,0.000003] as 3 [ppm]", "ppm"},
      {"{'value':3,'unit':'%'}", "[0.03,0.03] as 3 %", ""},
      {"{'value':3,'unit':'percent',UCUM,'code':'1'}", "[3,3] as 3 percent", ""},
      {"{'value':3,'unit':'K/uL'}", "unknown unit K/uL", ""},
      {"{'value':3,'unit':'ratio'}", "unknown unit ratio", ""},
      {"{'value':3,'unit':'nonsense'}", "unknown unit nonsense", ""},
      {"{'value':3}", "no unit", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.element);
    const auto d = read(row.element);
    const auto got = read_proportion_quantity(d.root(), spellings::laboratory);
    EXPECT_EQ(show(got), row.expected);
    if (got.value) EXPECT_EQ(got.value->spelling, row.spelling);
  }
}

TEST(proportion, from_a_range) {
  const struct {
    const char *element, *expected;
  } rows[] = {
      {"{'low':{'value':0.01,'unit':'%'},'high':{'value':0.1,'unit':'%'}}", "[0.0001,0.001] as 0.01 % to 0.1 %"},
      {"{'low':{'value':1,UCUM,'code':'10*-4'},'high':{'value':0.1,'unit':'%'}}", "[0.0001,0.001] as 1 10*-4 to 0.1 %"},
      {"{'low':{'value':0.1,'unit':'%'},'high':{'value':0.1,'unit':'%'}}", "[0.001,0.001] as 0.1 % to 0.1 %"},
      {"{'high':{'value':0.1,'unit':'%'}}", "(,0.001] as <= 0.1 %"},
      {"{'low':{'value':0.1,'unit':'%'}}", "[0.001,) as >= 0.1 %"},
      {"{'low':{'value':0.2,'unit':'%'},'high':{'value':0.1,'unit':'%'}}", "no value"},
      {"{'low':{'value':0.1,'comparator':'<','unit':'%'},'high':{'value':0.2,'unit':'%'}}", "no value"},
      {"{'low':{'value':0.1},'high':{'value':0.2,'unit':'%'}}", "no unit"},
      {"{'low':{'value':0.1,'unit':'%'},'high':{'value':0.2,'unit':'apples'}}", "unknown unit apples"},
      {"{'low':{},'high':{'value':0.2,'unit':'%'}}", "no value"},
      {"{'low':{'value':-2,'unit':'%'},'high':{'value':-1,'unit':'%'}}", "not finite"},
      {"{'low':0.1,'high':0.2}", "no value"},
      {"{}", "no value"},
      {"[]", "no value"},
      {"'0.1 to 0.2 %'", "no value"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.element);
    const auto d = read(row.element);
    EXPECT_EQ(show(read_proportion_range(d.root())), row.expected);
  }
}

TEST(proportion, of_numbers_and_a_unit) {
  const auto of = [](const char* low, const char* high, const char* code) {
    interval v;
    if (*low != 0) v.low = decimal::parse(low);
    if (*high != 0) v.high = decimal::parse(high);
    return show(proportion_of(v, code, "shown"));
  };
  EXPECT_EQ(of("0.01", "0.01", "%"), "[0.0001,0.0001] as shown");
  EXPECT_EQ(of("", "0.01", "%"), "(,0.0001] as shown");
  EXPECT_EQ(of("3", "3", "[ppm]"), "[0.000003,0.000003] as shown");
  EXPECT_EQ(of("3", "3", ""), "no unit");
  EXPECT_EQ(of("3", "3", "mg/dL"), "unknown unit mg/dL");
  EXPECT_EQ(of("-3", "-3", "%"), "not finite");
}

TEST(proportion, from_a_ratio) {
  const struct {
    const char *element, *expected;
  } rows[] = {
      {"{'numerator':{'value':1},'denominator':{'value':10000}}", "[0.0001,0.0001] as 1:10000"},
      {"{'numerator':{'value':1.0},'denominator':{'value':1E+4}}", "[0.0001,0.0001] as 1.0:10000"},
      {"{'numerator':{'value':0},'denominator':{'value':10000}}", "[0,0] as 0:10000"},
      {"{'numerator':{'value':1,'comparator':'<'},'denominator':{'value':10000}}", "(,0.0001) as < 1:10000"},
      {"{'numerator':{'value':1,'comparator':'<='},'denominator':{'value':10000}}", "(,0.0001] as <= 1:10000"},
      {"{'numerator':{'value':1,'comparator':'>'},'denominator':{'value':10000}}", "(0.0001,) as > 1:10000"},
      {"{'numerator':{'value':1},'denominator':{'value':10000,'comparator':'>'}}", "(,0.0001) as < 1:10000"},
      {"{'numerator':{'value':1},'denominator':{'value':10000,'comparator':'<='}}", "[0.0001,) as >= 1:10000"},
      {"{'numerator':{'value':0},'denominator':{'value':10000,'comparator':'<'}}", "[0,0] as 0:10000"},
      {"{'numerator':{'value':1,'comparator':'<'},'denominator':{'value':10000,'comparator':'>'}}", "no value"},
      // A quotient without an end lies between its neighbours.
      {"{'numerator':{'value':1},'denominator':{'value':3}}",
       "(0.33333333333333333332,0.33333333333333333334) as 1:3"},
      {"{'numerator':{'value':1,'comparator':'<'},'denominator':{'value':3}}", "(,0.33333333333333333334) as < 1:3"},
      {"{'numerator':{'value':1,UCUM,'code':'1'},'denominator':{'value':10000}}", "[0.0001,0.0001] as 1:10000"},
      {"{'numerator':{'value':1,'unit':'cells'},'denominator':{'value':10000,'unit':'cells'}}",
       "[0.0001,0.0001] as 1:10000"},
      {"{'numerator':{'value':1,'unit':'a',UCUM,'code':'{cells}'},"
       "'denominator':{'value':10000,'unit':'b',UCUM,'code':'{cells}'}}",
       "[0.0001,0.0001] as 1:10000"},
      {"{'numerator':{'value':1,'unit':'cells'},'denominator':{'value':10000}}", "unknown unit cells"},
      {"{'numerator':{'value':1},'denominator':{'value':10000,'unit':'cells'}}", "unknown unit cells"},
      {"{'numerator':{'value':1,UCUM,'code':'mg'},'denominator':{'value':10000,UCUM,'code':'g'}}", "unknown unit mg"},
      {"{'numerator':{'value':1,UCUM,'code':'%'},'denominator':{'value':1}}", "unknown unit %"},
      {"{'numerator':{'value':1},'denominator':{'value':0}}", "zero denominator"},
      {"{'numerator':{'value':0},'denominator':{'value':0.00}}", "zero denominator"},
      {"{'numerator':{'value':-1},'denominator':{'value':10}}", "not finite"},
      {"{'numerator':{'value':1},'denominator':{'value':-10}}", "not finite"},
      {"{'numerator':{'value':1e300},'denominator':{'value':10}}", "not finite"},
      {"{'numerator':{'value':1},'denominator':{'value':1e300}}", "not finite"},
      {"{'numerator':{'value':1e38},'denominator':{'value':1}}", "not finite"},
      {"{'numerator':{'value':1}}", "no value"},
      {"{'denominator':{'value':1}}", "no value"},
      {"{'numerator':{},'denominator':{'value':10}}", "no value"},
      {"{'numerator':{'value':1},'denominator':{'value':'10'}}", "no value"},
      {"{}", "no value"},
      {"'1:10000'", "no value"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.element);
    const auto d = read(row.element);
    EXPECT_EQ(show(read_proportion_ratio(d.root())), row.expected);
  }
}

TEST(proportion, from_a_packs_text) {
  const struct {
    const char *text, *expected;
  } rows[] = {
      {"0.01 %", "[0.0001,0.0001]"},
      {"0.01%", "[0.0001,0.0001]"},
      {"< 0.1 %", "(,0.001)"},
      {"<0.1%", "(,0.001)"},
      {"<= 0.01 %", "(,0.0001]"},
      {"> 0.01 %", "(0.0001,)"},
      {">= 5 %", "[0.05,)"},
      {"0.0001", "[0.0001,0.0001]"},
      {"0.0001 1", "[0.0001,0.0001]"},
      {"1 10*-4", "[0.0001,0.0001]"},
      {"1e-4", "[0.0001,0.0001]"},
      {"0", "[0,0]"},
      {"", "none"},
      {"%", "none"},
      {"0.01 ", "none"},
      {" 0.01 %", "none"},
      {"0.01  %", "none"},
      {"0.01 % ", "none"},
      {"0.01 %%", "none"},
      {"0,01 %", "none"},
      {"0.01 percent", "none"},
      {"1 10*4", "none"},
      {"1:10000", "none"},
      {"-1 %", "none"},
      {"< 0 %", "none"},
      {"=< 0.1 %", "none"},
      {"< < 1 %", "none"},
      {"1e-60 %", "none"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    const auto p = parse_proportion(row.text);
    EXPECT_EQ(p ? show(p->values) : "none", row.expected);
    if (p) EXPECT_EQ(p->shown, row.text);
  }
}

TEST(truth, has_kleenes_tables) {
  constexpr auto y = truth::yes, n = truth::no, u = truth::unknown;
  const struct {
    truth a, b, both, either;
  } rows[] = {{y, y, y, y}, {y, u, u, y}, {y, n, n, y}, {u, y, u, y}, {u, u, u, u},
              {u, n, n, u}, {n, y, n, y}, {n, u, n, u}, {n, n, n, n}};
  for (const auto& row : rows) {
    EXPECT_EQ(and_(row.a, row.b), row.both) << to_text(row.a) << to_text(row.b);
    EXPECT_EQ(or_(row.a, row.b), row.either) << to_text(row.a) << to_text(row.b);
  }
  EXPECT_EQ(not_(y), n);
  EXPECT_EQ(not_(n), y);
  EXPECT_EQ(not_(u), u);
  EXPECT_EQ(to_truth(true), y);
  EXPECT_EQ(to_truth(false), n);
}

}  // namespace
}  // namespace mainstay::fhir
