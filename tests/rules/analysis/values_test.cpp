// The cases of the shipped pack show every value that a criterion can take, and none that it cannot.
#include "rules/analysis/values.hpp"

#include <gtest/gtest.h>

#include "../pack/files.hpp"
#include "rules/cases/cases.hpp"
#include "rules/criteria/expression.hpp"

namespace mainstay::rules {
namespace {

using fhir::truth;

struct opened {
  std::vector<pack_file> files;
  std::shared_ptr<const pack> value;
};
opened open(const std::filesystem::path& folder) {
  opened out{test::read_folder(folder), nullptr};
  out.value = load(out.files).value;
  EXPECT_TRUE(out.value != nullptr) << folder;
  return out;
}

/// What keeps the cases from showing each value that the criteria can take, and only those.
std::vector<std::string> gaps(const pack& p, const case_report& report) {
  std::vector<std::string> out;
  for (const auto& count : report.counts) {
    const auto can = possible_values(p, p.protocols[count.protocol].criteria[count.criterion]);
    const auto look = [&](truth value, std::size_t times) {
      if (can.has(value) != (times != 0))
        out.push_back(to_text(count, p) + "; it can be " + to_text(can) +
                      (can.has(value) ? "; no case shows `" : "; a case shows `") + std::string(fhir::to_text(value)) +
                      "`");
    };
    look(truth::yes, count.yes);
    look(truth::no, count.no);
    look(truth::unknown, count.unknown);
  }
  return out;
}

TEST(cases_of_the_pack, show_each_criterion_in_every_value_it_can_take) {
  const auto real = open(test::real_pack_folder());
  const auto report = run_cases(*real.value, real.files);
  std::size_t criteria = 0;
  for (const auto& p : real.value->protocols) criteria += p.criteria.size();
  EXPECT_EQ(report.counts.size(), criteria);
  EXPECT_EQ(gaps(*real.value, report), std::vector<std::string>{});
}

TEST(possible_values, of_the_pack) {
  struct row {
    const char* criterion;
    truths can;
  };
  // What only Conditions without a sure day can say of today is a hint, never a no.
  const row rows[] = {{"b_all", {truth::yes, truth::unknown}},
                      {"age", {truth::yes, truth::no, truth::unknown}},
                      {"cleared", {truth::yes, truth::unknown}},
                      {"remission", {truth::yes, truth::no, truth::unknown}},
                      {"no_hsct", {truth::yes, truth::no, truth::unknown}},
                      {"relapsed_or_refractory", {truth::yes, truth::unknown}},
                      {"infection", {truth::yes, truth::unknown}},
                      {"pregnancy", {truth::yes, truth::unknown}},
                      {"cns", {truth::yes, truth::unknown}},
                      {"organs", {truth::yes, truth::unknown}},
                      {"steroids", {truth::yes, truth::unknown}},
                      {"other", {truth::unknown}}};
  const auto real = open(test::real_pack_folder());
  const auto& criteria = real.value->protocols.front().criteria;
  ASSERT_EQ(criteria.size(), std::size(rows));
  for (std::size_t i = 0; i < criteria.size(); ++i) {
    EXPECT_EQ(criteria[i].id, rows[i].criterion);
    EXPECT_EQ(to_text(possible_values(*real.value, criteria[i])), to_text(rows[i].can)) << criteria[i].id;
  }
}

// A criterion that no case shows is found: the pack's cases without those of one file.
TEST(possible_values, tell_what_cases_leave_out) {
  const auto real = open(test::real_pack_folder());
  auto files = real.files;
  std::erase_if(files, [](const pack_file& f) {
    return f.path == "cases/not_eligible.yaml" || f.path == "cases/transplant.yaml" || f.path == "cases/examples.yaml";
  });
  const auto found = gaps(*real.value, run_cases(*real.value, files));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_NE(found[0].find("remission"), std::string::npos);
  EXPECT_NE(found[0].find("no case shows `no`"), std::string::npos);
  EXPECT_NE(found[1].find("no_hsct"), std::string::npos);
}

}  // namespace
}  // namespace mainstay::rules
