// Codes as an author writes them.
#include <gtest/gtest.h>

#include <algorithm>

#include "rules/terms/codes.hpp"

namespace mainstay::rules {
namespace {

std::vector<std::string> shown(const expanded_codes& e) {
  std::vector<std::string> out;
  for (const fhir::coding& c : e.codes) out.push_back(c.system + "|" + c.code);
  return out;
}

TEST(Codes, Expand) {
  struct row {
    const char* text;
    std::vector<std::string> expected;
  };
  const row rows[] = {
      {"snomed#58390007", {"http://snomed.info/sct|58390007"}},
      {"loinc#67128-9", {"http://loinc.org|67128-9"}},
      {"loinc#LA11882-0", {"http://loinc.org|LA11882-0"}},
      {"icd10cm#C91.0[12]", {"http://hl7.org/fhir/sid/icd-10-cm|C91.01", "http://hl7.org/fhir/sid/icd-10-cm|C91.02"}},
      {"cpt#38240", {"http://www.ama-assn.org/go/cpt|38240"}},
      {"hcpcs#S21[45][02]",
       {"http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets|S2140",
        "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets|S2142",
        "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets|S2150",
        "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets|S2152"}},
      {"urn:oid:1.2.3#MRDFLOW", {"urn:oid:1.2.3|MRDFLOW"}},
      {"https://labs.example/codes#a#b", {"https://labs.example/codes#a|b"}},
      {"urn:oid:2.16.840.1.113883.6.96#58390007",
       {"http://snomed.info/sct|58390007"}},  // an alias is the system itself
  };
  for (const row& r : rows) {
    SCOPED_TRACE(r.text);
    const expanded_codes e = expand_codes(r.text, 100);
    EXPECT_TRUE(e.problems.empty());
    EXPECT_EQ(shown(e), r.expected);
  }
}

TEST(Codes, ExpandEveryCombinationOnce) {
  const expanded_codes e = expand_codes("icd10pcs#302[34]3[GYUX][234]", 24);
  ASSERT_EQ(e.codes.size(), 24U);
  auto sorted = e.codes;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(std::unique(sorted.begin(), sorted.end()), sorted.end());
  for (const fhir::coding& c : e.codes) {
    EXPECT_EQ(c.system, fhir::canonical_system("http://www.cms.gov/Medicare/Coding/ICD10"));
    EXPECT_EQ(c.code.size(), 7U);
  }
  EXPECT_EQ(expand_codes("icd10pcs#302[34]3[GYUX][234]", 23).problems.at(0).code, "too-many-codes");
  // Far over the limit costs no memory.
  std::string many = "icd10pcs#";
  for (int i = 0; i < 40; ++i) many += "[0123456789]";
  EXPECT_EQ(expand_codes(many, 20000).problems.at(0).code, "too-many-codes");
}

TEST(Codes, Refuse) {
  struct row {
    const char* text;
    const char* code;
    const char* help;
  };
  const row rows[] = {
      {"58390007", "code", "write `system#code`, as `snomed#58390007`"},
      {"#58390007", "code", "write `system#code`, as `snomed#58390007`"},
      {"snomed#", "code", "write `system#code`, as `snomed#58390007`"},
      {"snomd#58390007", "system", "did you mean `snomed`?"},
      {"opcs4#1", "system", "write `snomed`, `loinc`, `icd10cm`, `icd10pcs`, `cpt`, `hcpcs` or a URI"},
      {"snomed#58390008", "check-digit", "look the code up again"},
      {"loinc#67128-8", "check-digit", "look the code up again"},
      {"loinc#671289", "check-digit", "look the code up again"},
      {"icd10pcs#302[34", "pattern", "`[234]` is one character of these; ranges and nesting are not understood"},
      {"icd10pcs#302[]3", "pattern", "`[234]` is one character of these; ranges and nesting are not understood"},
      {"icd10pcs#302[2-4]", "pattern", "`[234]` is one character of these; ranges and nesting are not understood"},
      {"icd10pcs#302[2[34]]", "pattern", "`[234]` is one character of these; ranges and nesting are not understood"},
      {"icd10pcs#302{3,4}3", "pattern", "a pattern has only `[..]`, one character of these"},
      {"icd10cm#C91.*", "pattern", "a pattern has only `[..]`, one character of these"},
      {"icd10cm#C91 01", "pattern", "a pattern has only `[..]`, one character of these"},
  };
  for (const row& r : rows) {
    SCOPED_TRACE(r.text);
    const expanded_codes e = expand_codes(r.text, 100);
    EXPECT_TRUE(e.codes.empty());
    ASSERT_EQ(e.problems.size(), 1U);
    EXPECT_EQ(e.problems[0].code, r.code);
    EXPECT_EQ(e.problems[0].help, r.help);
  }
}

TEST(CheckDigits, FindASlip) {
  for (const char* good : {"58390007", "277571004", "1269349006", "12301000132103", "61301000119102"})
    EXPECT_TRUE(snomed_check_digit(good)) << good;
  for (const char* bad : {"58390070", "58930007", "277571005", "1234", "", "5839000a"})
    EXPECT_FALSE(snomed_check_digit(bad)) << bad;
  for (const char* good : {"67128-9", "2106-3", "104480-9", "709-6"}) EXPECT_TRUE(loinc_check_digit(good)) << good;
  for (const char* bad : {"67128-8", "67182-9", "67128", "-9", "67128-", "67128-99"})
    EXPECT_FALSE(loinc_check_digit(bad)) << bad;
}

}  // namespace
}  // namespace mainstay::rules
