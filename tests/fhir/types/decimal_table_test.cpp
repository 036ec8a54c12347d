// Decimals against decimals.tsv, which Python's decimal made (decimals.py).
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "fhir/types/decimal.hpp"

namespace mainstay::fhir {
namespace {

TEST(decimal, is_that_of_another_implementation) {
  std::ifstream in(MAINSTAY_SOURCE_DIR "/tests/fhir/types/decimals.tsv");
  std::map<std::string, int> seen;
  for (std::string line; std::getline(in, line);) {
    SCOPED_TRACE(line);
    std::istringstream columns(line);
    std::string kind, a, b, third, fourth;
    columns >> kind >> a >> b >> third >> fourth;
    ++seen[kind];
    const auto left = decimal::parse(a);
    ASSERT_TRUE(left.has_value());
    EXPECT_EQ(decimal::parse(left->to_string()), left);
    if (kind == "round") {
      EXPECT_EQ(left->rounded(std::stoi(b)), decimal::parse(third));
      continue;
    }
    if (kind == "shift") {
      EXPECT_EQ(left->shifted(std::stoi(b)), decimal::parse(third));
      continue;
    }
    const auto right = decimal::parse(b);
    ASSERT_TRUE(right.has_value());
    if (kind == "order") {
      EXPECT_EQ(*left < *right, third == "<");
      EXPECT_EQ(*left == *right, third == "=");
      EXPECT_EQ(*left > *right, third == ">");
      continue;
    }
    const auto result = kind == "add"        ? left->add(*right)
                        : kind == "subtract" ? left->subtract(*right)
                        : kind == "multiply" ? left->multiply(*right)
                                             : left->divide(*right, std::stoi(third));
    const auto expected = decimal::parse(kind == "divide" ? fourth : third);
    ASSERT_TRUE(expected.has_value());
    EXPECT_EQ(result, expected) << (result ? result->to_string() : "no value");
  }
  for (const char* of : {"order", "add", "subtract", "multiply", "divide", "round", "shift"}) EXPECT_GE(seen[of], 90) << of;
}

}  // namespace
}  // namespace mainstay::fhir
