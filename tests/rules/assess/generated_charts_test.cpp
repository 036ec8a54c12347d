// What holds for every chart, whatever it lacks or leaves in doubt: 10^4 charts, half of a fixed and half of a fresh
// seed; MAINSTAY_ROUNDS=100000 for a long run.
#include "generated_charts.hpp"

#include <gtest/gtest.h>

#include <map>

#include "../pack/files.hpp"
#include "rules/advice/advice.hpp"
#include "rules/advice/text.hpp"
#include "rules/assess/assess.hpp"
#include "rules/cases/chart.hpp"
#include "rules/cases/compare.hpp"
#include "rules/explain/explain.hpp"

namespace mainstay::rules {
namespace {

using fhir::truth;
using test::below;
using texts = std::vector<std::string>;

constexpr const char* patient_id = "p1";

pack load_real(std::vector<pack_file> files) {
  auto read = load(files);
  EXPECT_TRUE(read.value != nullptr);
  return *read.value;
}

/// The pack as a site has it whose clinicians are asked nothing: without the criteria that no chart answers, so that
/// `eligible` can be reached.
pack answerable(pack p) {
  for (auto& protocol : p.protocols) std::erase_if(protocol.criteria, [](const criterion& c) { return !c.when; });
  return p;
}

/// Everything that is said of a chart, as one text.
std::string said(const pack& p, const fhir::chart& chart) {
  const auto a = assess(chart, p, fhir::now_at(test::chart_generator::today));
  return explain_json(p, a, compose(p, a, p.services.front().protocols), "2026-03-01");
}

fhir::json::document parsed(std::string text) {
  return fhir::json::parse(std::move(text)).value();
}

bool is_of(const std::string& resource, std::string_view type) {
  return resource.find("\"resourceType\":\"" + std::string(type) + "\"") < 3;
}

/// The chart as an EHR's prefetch gives it: for each key the Patient or one Bundle with all that it holds of the type.
/// `without`: a search that had no answer.
fhir::chart prefetched(const pack& p, const texts& resources, std::string_view without = {}) {
  fhir::chart chart(patient_id);
  for (const auto& need : p.requirements) {
    if (need.key == without) {
      chart.add_answer({need.key, fhir::completeness::failed, "timeout", std::nullopt, 0});
      continue;
    }
    auto q = need.query;
    std::string entries, patient;
    for (const auto& r : resources) {
      if (!is_of(r, q.type)) continue;
      patient = r;
      entries += (entries.empty() ? "" : ",") + ("{\"resource\":" + r + "}");
    }
    std::vector<fhir::json::document> documents;
    if (q.type == "Patient") {
      q.read_id = patient_id;
      documents.push_back(parsed(patient));
    } else {
      q.patients = {patient_id};
      documents.push_back(parsed(R"({"resourceType":"Bundle","type":"searchset","entry":[)" + entries + "]}"));
    }
    EXPECT_TRUE(
        chart.add(need.key, q, std::move(documents), fhir::completeness::complete, {}, fhir::chart::origin::prefetch));
  }
  return chart;
}

/// The chart as a FHIR server's pages give it.
fhir::chart fetched(const pack& p, const texts& resources) {
  std::string error;
  auto chart = case_files::make_chart(p, patient_id, resources, {}, error);
  EXPECT_TRUE(chart) << error;
  return std::move(*chart);
}

texts resources_of(const pack& p, const case_files::chart_case& c) {
  std::vector<diagnostic> problems;
  auto out = case_files::compile(p, c, problems);
  EXPECT_TRUE(problems.empty()) << problems.front().message;
  return out;
}

truth least(const protocol_result& r) {
  auto out = truth::yes;
  for (const auto& c : r.criteria) out = fhir::and_(out, c.strict);
  return out;
}

/// The verdict's own words (rule language, "Protocols"), said anew.
void expect_verdict_rests_on_its_criteria(const pack& p, const assessment& a, const std::vector<card_content>& cards) {
  for (const auto& r : a.protocols) {
    const auto& of = p.protocols[r.protocol];
    if (r.is == verdict::eligible) EXPECT_EQ(least(r), truth::yes);
    if (r.is == verdict::not_eligible) EXPECT_EQ(least(r), truth::no);
    if (r.is != verdict::to_confirm) continue;
    EXPECT_EQ(least(r), truth::unknown);
    if (!a.silent.empty()) continue;
    ASSERT_EQ(cards.size(), 1u);
    std::size_t open = 0;
    for (const auto& c : r.criteria) {
      const auto& def = of.criteria[c.criterion];
      if (def.type == criterion_class::require) EXPECT_EQ(c.face, truth::yes) << def.id;
      if (c.strict == truth::yes) continue;
      ++open;
      EXPECT_NE(cards.front().detail.find("[ ] " + escape_markdown(def.text, 200)), std::string::npos)
          << "not on the checklist: " << def.text << "\n"
          << cards.front().detail;
    }
    EXPECT_NE(cards.front().summary.find("; " + std::to_string(open) + " to confirm"), std::string::npos);
  }
}

bool swapped(verdict a, verdict b) {
  return (a == verdict::eligible && b == verdict::not_eligible) ||
         (a == verdict::not_eligible && b == verdict::eligible);
}

/// Each search in turn without an answer: less is known, and nothing decided is decided otherwise.
void expect_failed_searches_never_swap(const pack& p, const texts& resources, const assessment& whole) {
  for (const auto& need : p.requirements) {
    const auto less = assess(prefetched(p, resources, need.key), p, whole.at);
    for (std::size_t i = 0; i < whole.protocols.size(); ++i)
      EXPECT_FALSE(swapped(whole.protocols[i].is, less.protocols[i].is)) << "without " << need.key;
  }
}

/// A row that may not be there is taken out: what was strictly so is not strictly otherwise.
void expect_doubtful_rows_decide_nothing(const pack& p, const case_files::chart_case& c, const assessment& whole) {
  for (std::size_t i = 0; i < c.rows.size(); ++i) {
    if (!test::chart_generator::is_doubtful(c.rows[i])) continue;
    auto fewer = c;
    fewer.rows.erase(fewer.rows.begin() + static_cast<std::ptrdiff_t>(i));
    const auto less = assess(prefetched(p, resources_of(p, fewer)), p, whole.at);
    for (std::size_t n = 0; n < whole.protocols.size(); ++n)
      for (std::size_t k = 0; k < whole.protocols[n].criteria.size(); ++k) {
        const auto with = whole.protocols[n].criteria[k].strict, without = less.protocols[n].criteria[k].strict;
        EXPECT_TRUE(with == truth::unknown || without == truth::unknown || with == without)
            << p.protocols[n].criteria[k].id << " without " << p.terms[c.rows[i].term].id;
      }
  }
}

struct packs {
  pack real, open;  // open: `eligible` can be reached
};
packs both_packs(const std::vector<pack_file>& files) {
  auto real = load_real(files);
  auto open = answerable(real);
  open.terms[*open.find_term("mrd_by_flow")].sensitivity = fhir::parse_proportion("0.01 %");
  return {std::move(real), std::move(open)};
}

void check(std::uint64_t seed, int charts) {
  const auto files = test::read_folder(test::real_pack_folder());
  const auto as_read = both_packs(files);
  test::chart_generator generate(as_read.real, seed);
  auto shuffled_files = files;
  std::shuffle(shuffled_files.begin(), shuffled_files.end(), generate.random());
  const auto shuffled = both_packs(shuffled_files);
  std::map<std::string, int> seen;
  for (int i = 0; i < charts && !testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE("chart " + std::to_string(i) + " of seed " + std::to_string(seed));
    const auto c = generate.next();
    const bool open = i % 2 == 0;
    const auto& p = open ? as_read.open : as_read.real;
    const auto resources = resources_of(p, c);
    const auto chart = fetched(p, resources);
    const auto a = assess(chart, p, fhir::now_at(c.today));
    const auto cards = compose(p, a, p.services.front().protocols);
    ++seen[std::string(to_text(a.protocols.front().is))];

    expect_verdict_rests_on_its_criteria(p, a, cards);
    EXPECT_EQ(case_files::unknown_never_decides(p, a), texts{});
    expect_failed_searches_never_swap(p, resources, a);
    expect_doubtful_rows_decide_nothing(p, c, a);

    const auto first = explain_json(p, a, cards, "2026-03-01");
    auto other_order = resources;
    std::shuffle(other_order.begin(), other_order.end(), generate.random());
    EXPECT_EQ(said(p, fetched(p, other_order)), first) << "the order of resources";
    EXPECT_EQ(said(p, prefetched(p, other_order)), first) << "prefetch and fetch";
    EXPECT_EQ(said(open ? shuffled.open : shuffled.real, chart), first) << "the order of the pack's files";
    if (testing::Test::HasFailure())
      for (const auto& r : resources) std::cout << r << '\n';
  }
  for (const auto& [name, times] : seen) std::cout << name << ": " << times << '\n';
  // Charts that are all alike would show nothing.
  for (const auto* v : {"eligible", "to confirm", "not eligible", "cannot assess", "not applicable"})
    EXPECT_GT(seen[v], charts / 200) << v;
}

TEST(generated_charts, never_say_more_than_is_known_fixed_seed) {
  check(20260301, mainstay::test::rounds(5000));
}

TEST(generated_charts, never_say_more_than_is_known_fresh_seed) {
  check(mainstay::test::fresh_seed(), mainstay::test::rounds(5000));
}

}  // namespace
}  // namespace mainstay::rules
