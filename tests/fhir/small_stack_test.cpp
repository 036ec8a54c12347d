// Texts that are made to hurt: each has an answer or an error, on a stack of 256 kB.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fhir/json/document.hpp"
#include "fhir/lab_text/lab_text.hpp"
#include "fhir/types/date.hpp"
#include "fhir/types/decimal.hpp"
#include "fhir/ucum/aliases.hpp"
#include "fhir/ucum/unit.hpp"
#include "tests/small_stack.hpp"

namespace mainstay::fhir {
namespace {

std::string times(std::size_t count, std::string_view text) {
  std::string out;
  out.reserve(count * text.size());
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

std::vector<std::string> texts() {
  std::vector<std::string> out;
  for (const std::string_view part : {"9", "(", ")", "[", "{", "m.", "m/", "1.", "10*", "-", "<", " ", "x", "\xFF", "sens ", "1,234,", "not detected "}) {
    out.push_back(times(100, part));
    out.push_back(times(100'000, part));
  }
  for (const char* end : {"1e400", "10*400", "m2147483648", "m-99999999999999999999", "u9", "B.B", "10*-1000000"}) out.push_back(end);
  out.push_back(times(10'000, "9"));
  out.push_back("0." + times(10'000, "0") + "1");
  out.push_back(times(10'000'000, "m"));
  out.push_back(times(1'000'000, "["));
  out.push_back(std::string("m\0m", 3));
  out.push_back("\xED\xA0\x80");  // a lone surrogate
  return out;
}

/// Each text through each reader; a text that is read is computed with.
void* read_all(void* made) {
  for (const std::string& text : *static_cast<const std::vector<std::string>*>(made)) {
    static_cast<void>(decimal::parse(text));
    static_cast<void>(date_time::parse(text));
    static_cast<void>(ucum::find_alias(text));
    static_cast<void>(json::parse(text));
    for (const bool spellings : {false, true}) static_cast<void>(lab_text::read(text, {.lab_spellings = spellings}));
    const auto unit = ucum::parse(text);
    if (!unit) {
      EXPECT_LE(unit.error().message(text).size(), 300u);
      continue;
    }
    const auto one = ucum::parse("1").value();
    static_cast<void>(ucum::canonical(decimal(3), *unit));
    static_cast<void>(ucum::multiply(decimal(3), *unit, decimal(3), *unit));
    static_cast<void>(ucum::compare(decimal(3), *unit, decimal(3), one));
    EXPECT_TRUE(ucum::display(text).has_value());
  }
  return nullptr;
}

TEST(small_stack, is_enough_for_any_text) {
  auto made = texts();
  test::on_small_stack(read_all, &made);
}

/// The slow ways need the most stack.
TEST(small_stack, is_enough_for_any_conversion) {
  const auto run = [](void*) -> void* {
    for (const char* from : {"[degF]", "[pH]", "dB[SPL]", "%[slope]", "[hp'_Q]", "[m/s2/Hz^(1/2)]", "4.[pi].10*-7.N/A2", "1/[ly]", "[acr_us]"}) {
      const auto unit = ucum::parse(from).value();
      const auto base = ucum::parse(ucum::base_text(unit)).value();
      EXPECT_TRUE(ucum::convert(*decimal::make(125, 2), unit, base).has_value()) << from;
      static_cast<void>(ucum::compare(*decimal::make(125, 2), unit, decimal(1), base));
    }
    return nullptr;
  };
  test::on_small_stack(run);
}

}  // namespace
}  // namespace mainstay::fhir
