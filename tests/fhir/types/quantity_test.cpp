#include "fhir/types/quantity.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mainstay::fhir {
namespace {

std::string show(const interval& v) {
  return (v.low ? (v.low_open ? "(" : "[") + v.low->to_string() : std::string("(")) + ".." +
         (v.high ? v.high->to_string() + (v.high_open ? ")" : "]") : std::string(")"));
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

TEST(proportion, from_a_quantity) {
  constexpr std::string_view ucum = R"("system":"http://unitsofmeasure.org",)";
  const struct {
    const char* name;
    std::string element, expected;
  } rows[] = {
      {"percent", R"({"value":0.01,)" + std::string(ucum) + R"("code":"%","unit":"%"})", "[0.0001..0.0001] as 0.01 %"},
      {"below", R"({"value":0.1,"comparator":"<",)" + std::string(ucum) + R"("code":"%","unit":"%"})",
       "(..0.001) as < 0.1 %"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto d = json::parse(row.element);
    ASSERT_TRUE(d.has_value());
    EXPECT_EQ(show(read_proportion_quantity(d->root())), row.expected);
  }
}

}  // namespace
}  // namespace mainstay::fhir
