// The pack that is shipped: it loads, and what it asks of a server is what the protocols can need.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "files.hpp"
#include "rules/pack/load.hpp"

namespace mainstay::rules {
namespace {

struct RealPack : testing::Test {
  std::vector<pack_file> files = test::read_folder(test::real_pack_folder());
  loaded result = load(files);
};

TEST_F(RealPack, LoadsWithoutADiagnostic) {
  EXPECT_EQ(test::all_text(result.diagnostics, files), "");
  ASSERT_NE(result.value, nullptr);
  EXPECT_EQ(result.value->id, "b_all_maintenance");
  EXPECT_EQ(result.value->hash.size(), 64U);
}

// Those codes need a licence in some countries.
TEST_F(RealPack, LoadsWithoutTheCodesThatNeedALicence) {
  for (const pack_file& f : files) EXPECT_EQ(f.text.find("cpt#"), std::string::npos) << f.path;
  const std::size_t before = files.size();
  std::erase_if(files, [](const pack_file& f) { return f.path == "terms/snomed_affiliate.yaml"; });
  ASSERT_EQ(files.size(), before - 1);
  EXPECT_EQ(test::all_text(load(files).diagnostics, files), "");
}

TEST_F(RealPack, EachFactStandsAfterThoseItRefersTo) {
  ASSERT_NE(result.value, nullptr);
  const pack& p = *result.value;
  for (index i = 0; i < p.facts.size(); ++i) {
    for (const auto& other :
         {p.facts[i].anchor, p.facts[i].after, p.facts[i].before, p.facts[i].since, p.facts[i].until}) {
      if (other) EXPECT_LT(*other, i) << p.facts[i].id;
    }
  }
}

TEST_F(RealPack, AsksForThePatientAndOneSearchOfEachType) {
  ASSERT_NE(result.value, nullptr);
  std::vector<std::string> keys, types, sorts;
  for (const requirement& r : result.value->requirements) {
    keys.push_back(r.key);
    types.push_back(r.query.type);
    sorts.push_back(r.query.sort.empty() ? "" : r.query.sort.front());
    EXPECT_TRUE(r.query.patients.empty());
    EXPECT_TRUE(r.query.statuses.empty()) << "a record without a status would vanish";
    EXPECT_TRUE(r.query.dates.empty());
    EXPECT_FALSE(r.facts.empty());
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"patient", "observations", "procedures", "conditions"}));
  EXPECT_EQ(types, (std::vector<std::string>{"Patient", "Observation", "Procedure", "Condition"}));
  EXPECT_EQ(sorts, (std::vector<std::string>{"", "-date", "-date", "-recorded-date"}));
}

TEST_F(RealPack, SearchesForEveryCodeThatAFactCanRead) {
  ASSERT_NE(result.value, nullptr);
  const pack& p = *result.value;
  std::set<std::string> asked;
  for (const requirement& r : p.requirements) {
    for (const auto& list : r.query.codes) {
      for (const auto& t : list) asked.insert(r.query.type + " " + t.code);
    }
  }
  for (const event& e : p.events) {
    for (const event_source& s : e.sources) {
      if (s.from_event) continue;
      for (const auto& codes : {p.terms[s.term].codes, p.terms[s.term].may}) {
        for (const auto& c : codes)
          EXPECT_TRUE(asked.contains(std::string(to_text(s.find)) + " " + c.code)) << e.id << " " << c.code;
      }
    }
  }
}

TEST_F(RealPack, MatchesCodesBySystem) {
  ASSERT_NE(result.value, nullptr);
  const pack& p = *result.value;
  struct row {
    const char* term;
    const char* system;
    const char* code;
    code_match expected;
  };
  const row rows[] = {
      {"allo_hsct", "http://snomed.info/sct", "58390007", code_match::yes},
      {"allo_hsct", "http://hl7.org/fhir/sid/icd-10-pcs", "30243G2", code_match::yes},
      {"allo_hsct", "http://www.cms.gov/Medicare/Coding/ICD10", "30243G2", code_match::yes},
      {"allo_hsct", "http://hl7.org/fhir/sid/icd-10-cm", "Z94.84", code_match::may},
      {"allo_hsct", "http://snomed.info/sct", "58776007", code_match::none},
      {"allo_hsct", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "38240", code_match::none},
      {"allo_hsct", "urn:oid:2.16.840.1.113883.6.285", "S2142", code_match::yes},
      {"allo_hsct", "http://www.cms.gov/Medicare/Coding/ICD10", "30230Y4", code_match::yes},
      {"allo_hsct", "http://loinc.org", "58390007", code_match::none},
      {"b_all", "http://hl7.org/fhir/sid/icd-10-cm", "C91.01", code_match::may},
      {"b_all", "http://snomed.info/sct", "277575008", code_match::none},
      {"cd19_car_t", "http://hl7.org/fhir/sid/icd-10-pcs", "XW033C3", code_match::may},
      {"cd19_car_t", "http://hl7.org/fhir/sid/icd-10-pcs", "XW043J7", code_match::yes},
      {"cd19_car_t", "http://hl7.org/fhir/sid/icd-10-pcs", "XW033K7", code_match::none},
      {"cd19_car_t", "urn:oid:2.16.840.1.113883.6.285", "Q2058", code_match::yes},
      {"cd19_car_t", "urn:oid:2.16.840.1.113883.6.285", "Q2056", code_match::none},
      {"mrd_by_flow", "http://loinc.org", "67128-9", code_match::may},
      {"mrd_by_flow", "urn:mainstay:codes", "mrd-flow", code_match::yes},
  };
  for (const row& r : rows) {
    SCOPED_TRACE(std::string(r.term) + " " + r.system + " " + r.code);
    const auto t = p.find_term(r.term);
    ASSERT_TRUE(t);
    EXPECT_EQ(p.match(*t, r.system, r.code), r.expected);
  }
}

}  // namespace
}  // namespace mainstay::rules
