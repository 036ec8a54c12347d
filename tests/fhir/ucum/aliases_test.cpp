#include "fhir/ucum/aliases.hpp"

#include <gtest/gtest.h>

#include "fhir/ucum/unit.hpp"

namespace mainstay::fhir::ucum {
namespace {

TEST(aliases, mean_units_of_ucum) {
  EXPECT_GE(aliases().size(), 300u);
  for (const auto& a : aliases()) {
    EXPECT_TRUE(parse(a.code).has_value()) << a.spelling;
    EXPECT_FALSE(a.source.empty()) << a.spelling;
    EXPECT_EQ(find_alias(a.spelling), &a);
    // A row that says what UCUM says anyway is none.
    if (const auto as_code = parse(a.spelling)) EXPECT_NE(as_code.value(), parse(a.code).value()) << a.spelling;
  }
}

struct alias_row { const char *text, *code; };
const alias_row known[] = {
    {"K/uL", "10*3/uL"}, {"K/\xC2\xB5L", "10*3/uL"}, {"K/\xCE\xBCL", "10*3/uL"}, {"x10E3/uL", "10*3/uL"}, {"x10 E3 / uL", "10*3/uL"}, {"cells/mm3", "{cells}/uL"},
    {"Thousand/uL", "10*3/uL"}, {"Million/uL", "10*6/uL"}, {"x10^9/L", "10*9/L"}, {"percent", "%"}, {"IU/L", "[IU]/L"}, {"mmHg", "mm[Hg]"}, {"mcg/dL", "ug/dL"},
};

TEST(aliases, are_found_without_blanks_and_with_either_micro_sign) {
  for (const auto& row : known) {
    ASSERT_NE(find_alias(row.text), nullptr) << row.text;
    EXPECT_EQ(find_alias(row.text)->code, row.code) << row.text;
  }
  for (const std::string& text : {std::string(), std::string("mg/dL"), std::string("G/L"), std::string("k/Ul"), std::string("nonsense"), std::string(41, 'K'), std::string(100'000, ' ')})
    EXPECT_EQ(find_alias(text), nullptr) << text.substr(0, 20);
}

}  // namespace
}  // namespace mainstay::fhir::ucum
