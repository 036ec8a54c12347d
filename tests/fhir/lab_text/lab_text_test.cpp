// Spellings and what each must give: never a guess.
#include "fhir/lab_text/lab_text.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mainstay::fhir::lab_text {
namespace {

/// "value 0.01 %", "range (-, 0.01) %", "not detected, sensitivity 0.0001".
std::string shown(const result& r) {
  std::string out(to_text(r.kind));
  if (r.kind == kind::value) out += ' ' + r.values.low->to_string();
  if (r.kind == kind::range) {
    out += r.values.low_open || !r.values.low ? " (" : " [";
    out += (r.values.low ? r.values.low->to_string() : "-") + ", " + (r.values.high ? r.values.high->to_string() : "-");
    out += r.values.high_open || !r.values.high ? ')' : ']';
  }
  if (!r.unit.empty()) out += ' ' + r.unit;
  if (r.spelling != nullptr) out += " from " + std::string(r.spelling->spelling);
  if (r.sensitivity) out += ", sensitivity " + r.sensitivity->to_string();
  return out;
}

struct spelling_row { const char *text, *expected; };
const spelling_row spellings[] = {
    // not detected
    {"not detected", "not detected"}, {"Not Detected", "not detected"}, {"NOT DETECTED.", "not detected"}, {"  not   detected ", "not detected"},
    {"negative", "not detected"}, {"Negative", "not detected"}, {"neg", "not detected"}, {"NEG.", "not detected"}, {"MRD negative", "not detected"},
    {"MRD-negative", "not detected"}, {"MRD: negative", "not detected"}, {"undetectable", "not detected"}, {"undetected", "not detected"}, {"none detected", "not detected"},
    {"not detectable", "not detected"}, {"absent", "not detected"}, {"no MRD detected", "not detected"}, {"No evidence of residual disease.", "not detected"},
    {"below limit of detection", "not detected"}, {"Result: not detected", "not detected"},
    // with the assay's sensitivity
    {"neg (sens. 10^-4)", "not detected, sensitivity 0.0001"}, {"neg (sens 10-4)", "not detected, sensitivity 0.0001"},
    {"MRD neg (sens 0.002%)", "not detected, sensitivity 0.00002"}, {"negative, sensitivity 1e-5", "not detected, sensitivity 0.00001"},
    {"negative (sensitivity: 10*-4)", "not detected, sensitivity 0.0001"}, {"not detected (LOD 0.01 %)", "not detected, sensitivity 0.0001"},
    {"not detected; limit of detection 1:100 000", "not detected, sensitivity 0.00001"}, {"not detected with a sensitivity of 10^-6", "not detected, sensitivity 0.000001"},
    {"negative (<0.01 %)", "not detected, sensitivity 0.0001"}, {"negative at 10^-4", "not detected, sensitivity 0.0001"},
    {"neg <0.01%", "not detected, sensitivity 0.0001"}, {"neg. (sens. 10\xE2\x81\xBB\xE2\x81\xB4)", "not detected, sensitivity 0.0001"},
    {"not detected (sens. 1 in 10,000)", "not detected, sensitivity 0.0001"}, {"not detected (sens. 0,01 %)", "not detected, sensitivity 0.0001"},
    {"not detected (sens. < 1 x 10-4)", "not detected, sensitivity 0.0001"},
    {"not detected (sens. 0.01)", "unreadable"}, {"not detected (sens.)", "unreadable"}, {"not detected (sens. 0 %)", "unreadable"}, {"not detected (sens. 200 %)", "unreadable"},
    {"not detected (sens. 10^-4", "unreadable"}, {"not detected (sens. 10^4)", "unreadable"}, {"not detected (sens. good)", "unreadable"},
    // detected
    {"detected", "detected"}, {"DETECTED", "detected"}, {"positive", "detected"}, {"pos.", "detected"}, {"MRD positive", "detected"}, {"weakly positive", "detected"}, {"present", "detected"},
    {"positive (sens. 10^-4)", "detected, sensitivity 0.0001"}, {"positive, sensitivity 10^-5", "detected, sensitivity 0.00001"},
    {"positive (0.05 %)", "value 0.05 %"}, {"positive 0.05%", "value 0.05 %"}, {"positive, 2 x 10^-3", "value 0.002"}, {"detected, < 0.01 %", "range (0, 0.01) %"},
    {"positive (<10^-4)", "range (0, 0.0001)"}, {"positive 0.05 % (sens. 10^-4)", "value 0.05 %, sensitivity 0.0001"}, {"positive 0 %", "unreadable"},
    // percentages
    {"0.01 %", "value 0.01 %"}, {"0.01%", "value 0.01 %"}, {"0,01 %", "value 0.01 %"}, {".01 %", "value 0.01 %"}, {"0.040 %", "value 0.040 %"}, {"12 percent", "unreadable"},
    {"MRD 0.01 %", "value 0.01 %"}, {"MRD = 0.01%", "value 0.01 %"}, {"MRD: < 0.01 %", "range (-, 0.01) %"}, {"0.01 % of nucleated cells", "value 0.01 %"}, {"0.01% of WBC", "value 0.01 %"},
    {"0.01 % of something", "unreadable"}, {"0.01 %.", "value 0.01 %"}, {"0.02 % (sens. 10^-4)", "value 0.02 %, sensitivity 0.0001"},
    // comparators
    {"< 0.01 %", "range (-, 0.01) %"}, {"<0.01%", "range (-, 0.01) %"}, {"<= 0.5", "range (-, 0.5]"}, {"<=0.5", "range (-, 0.5]"}, {"=<0.5", "range (-, 0.5]"}, {"\xE2\x89\xA4 0.5", "range (-, 0.5]"},
    {"> 1 %", "range (1, -) %"}, {">= 1 %", "range [1, -) %"}, {"\xE2\x89\xA5" "1%", "range [1, -) %"}, {"less than 0.01 %", "range (-, 0.01) %"}, {"below 0.01 %", "range (-, 0.01) %"},
    {"at most 5 mg/dL", "range (-, 5] mg/dL"}, {"more than 5 mg/dL", "range (5, -) mg/dL"}, {"at least 5", "range [5, -)"}, {"&lt; 0.01 %", "range (-, 0.01) %"}, {"< 10-4", "range (-, 0.0001)"}, {"<1x10^-4", "range (-, 0.0001)"},
    {"<.01 %", "range (-, 0.01) %"}, {"< 0.01 % (sens. 10^-4)", "range (-, 0.01) %, sensitivity 0.0001"}, {"< 1 in 10,000 cells", "range (-, 0.0001) 1"}, {"<1:10000", "range (-, 0.0001) 1"},
    {"~ 0.01 %", "unreadable"}, {"ca. 0.01 %", "unreadable"}, {"<> 5", "unreadable"}, {"< < 5", "unreadable"}, {"<", "unreadable"}, {"0.01 % or so", "unreadable"}, {"< 5-7", "unreadable"},
    // powers of ten
    {"1.2 x 10-3", "value 0.0012"}, {"1.2x10-3", "value 0.0012"}, {"1.2 x 10^-3", "value 0.0012"}, {"1.2*10^-3", "value 0.0012"}, {"1.2 \xC3\x97 10\xE2\x81\xBB\xC2\xB3", "value 0.0012"},
    {"1.2 \xC2\xB7 10^-3", "value 0.0012"}, {"1,2 x 10^-3", "value 0.0012"}, {"1.2e-3", "value 0.0012"}, {"1E-5", "value 0.00001"}, {"< 1 x 10^-4", "range (-, 0.0001)"}, {"10^-4", "value 0.0001"}, {"10-4", "value 0.0001"},
    {"10*-4", "value 0.0001"}, {"4.5 x 10^9/L", "value 4500000000 /L"}, {"5 10*3/uL", "value 5 10*3/uL"}, {"1.2 x 10\xE2\x88\x92" "3", "value 0.0012"}, {"10E-4", "unreadable"}, {"1.2 x 10E-3", "unreadable"}, {"1.2 x 10", "unreadable"}, {"1.2 x 10^", "unreadable"}, {"1e999", "unreadable"},
    // ratios
    {"1:10 000", "value 0.0001 1"}, {"1:10000", "value 0.0001 1"}, {"1:10,000", "value 0.0001 1"}, {"1:10.000", "value 0.0001 1"}, {"1/10000", "value 0.0001 1"}, {"1 / 10 000", "value 0.0001 1"}, {"1 in 10,000", "value 0.0001 1"}, {"1 in 10,000 cells", "value 0.0001 1"},
    {"1 per 10 000", "value 0.0001 1"}, {"3 in 10^5", "value 0.00003 1"}, {"5:10^6", "value 0.000005 1"}, {"1:10\xC2\xA0" "000", "value 0.0001 1"}, {"9/10", "value 0.9 1"}, {"1:3", "range (0.33333333333333333332, 0.33333333333333333334) 1"},
    {"1:0", "unreadable"}, {"1:", "unreadable"}, {"1:10.5", "unreadable"}, {"-1:10", "unreadable"}, {"1:2:3", "unreadable"}, {"12/3/2024", "unreadable"}, {"2024/05", "unreadable"},
    // ranges
    {"12-15 %", "range [12, 15] %"}, {"12 - 15 %", "range [12, 15] %"}, {"12\xE2\x80\x93" "15 %", "range [12, 15] %"}, {"12 to 15 %", "range [12, 15] %"}, {"0.01% - 0.1%", "range [0.01, 0.1] %"}, {"10-15 %", "range [10, 15] %"},
    {"between 0.01 and 0.1 %", "range [0.01, 0.1] %"}, {"5 mg/dL - 7 mg/dL", "range [5, 7] mg/dL"}, {"0,01-0,1 %", "range [0.01, 0.1] %"}, {"15-12 %", "unreadable"}, {"12-12 %", "unreadable"}, {"12-15-18 %", "unreadable"}, {"0.01 % - 0.1", "unreadable"}, {"5 mg/dL - 7 g/L", "unreadable"}, {"2024-05-03", "unreadable"}, {"-", "unreadable"},
    // signs between digits
    {"12,5", "value 12.5"}, {"1,23", "value 1.23"}, {"1,2345", "value 1.2345"}, {"0,123", "value 0.123"}, {"1,234", "unreadable"}, {"12,500 /uL", "unreadable"}, {"1,234,567", "value 1234567"}, {"1,234.5", "value 1234.5"}, {"1.234,5", "value 1234.5"},
    {"1.234", "value 1.234"}, {"1.234.567", "value 1234567"}, {"10 000", "value 10000"}, {"10'000", "value 10000"}, {"10 000,5", "value 10000.5"}, {"150 000/uL", "value 150000 /uL"}, {"1,23,456", "unreadable"}, {"1.2.3", "unreadable"}, {"007", "unreadable"}, {"0,1,2", "unreadable"}, {"1 2", "unreadable"},
    // plain numbers and units
    {"0", "value 0"}, {"-5", "value -5"}, {"\xE2\x88\x92" "5", "value -5"}, {"7.40", "value 7.40"}, {"5 mg/dL", "value 5 mg/dL"}, {"5 \xC2\xB5g/L", "value 5 ug/L"}, {"5 \xE2\x80\xB0", "value 5 [ppth]"}, {"7 10\xE2\x81\xB9/L", "value 7 10^9/L"}, {"5 IU/mL", "unreadable"}, {"5 apples", "unreadable"}, {"99999999999999999999999999999999999999999", "unreadable"},
    // two meanings, or none
    {"", "unreadable"}, {"ND", "unreadable"}, {"n.d.", "unreadable"}, {"trace", "unreadable"}, {"equivocal", "unreadable"}, {"indeterminate", "unreadable"}, {"pending", "unreadable"}, {"see note", "unreadable"}, {"not done", "unreadable"}, {"not tested", "unreadable"}, {"negatively charged", "unreadable"},
    {"negative 0.05 %", "unreadable"}, {"not detected but present", "unreadable"}, {"negative/positive", "unreadable"}, {"(-)", "unreadable"}, {"+", "unreadable"}, {"not detected\xE2\x9C\x93", "unreadable"}, {"5 \xFF", "unreadable"}, {"insufficient material", "unreadable"}, {"MRD", "unreadable"}, {"no", "unreadable"}, {"0.01 % H", "unreadable"},
};

TEST(lab_text, reads_what_has_one_meaning) {
  EXPECT_GE(std::size(spellings), 120u);
  for (const auto& row : spellings) EXPECT_EQ(shown(read(row.text)), row.expected) << '`' << row.text << '`';
}

const spelling_row laboratory_units[] = {
    {"150 K/uL", "value 150 10*3/uL from K/uL"}, {"4.5 x10E3/uL", "value 4.5 10*3/uL from x10E3/uL"}, {"4.5 x 10E3/uL", "value 4.5 10*3/uL from x10E3/uL"}, {"12 percent", "value 12 % from percent"}, {"5 IU/mL", "value 5 [IU]/mL from IU/mL"},
    {"5 cells/mm3", "value 5 {cells}/uL from cells/mm3"}, {"5 cells/mm\xC2\xB3", "value 5 {cells}/uL from cells/mm3"}, {"7 Thousand/uL", "value 7 10*3/uL from Thousand/uL"}, {"7 10^9/L", "value 7 10^9/L"}, {"< 20 copies/mL", "range (-, 20) {copies}/mL from copies/mL"}, {"5 mg/dL", "value 5 mg/dL"}, {"5 apples", "unreadable"},
};

TEST(lab_text, knows_laboratories_spellings_where_it_is_asked_to) {
  for (const auto& row : laboratory_units) EXPECT_EQ(shown(read(row.text, {.lab_spellings = true})), row.expected) << row.text;
}

TEST(lab_text, keeps_to_its_limit) {
  const std::string blanks(options{}.length - 1, ' ');
  EXPECT_EQ(shown(read(blanks + "5")), "value 5");
  EXPECT_EQ(shown(read(blanks + " 5")), "unreadable");
  for (const char c : {'9', '(', '<', '1', ',', '-'}) EXPECT_EQ(shown(read(std::string(10'000'000, c))), "unreadable");
  for (const char c : {'9', '(', '<', ',', '-'}) EXPECT_EQ(shown(read(std::string(200, c))), "unreadable");
}

}  // namespace
}  // namespace mainstay::fhir::lab_text
