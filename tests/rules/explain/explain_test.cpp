#include "rules/explain/explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../pack/files.hpp"
#include "fhir/json/document.hpp"
#include "fhir/json/writer.hpp"
#include "rules/assess/assess.hpp"
#include "rules/cases/cases.hpp"

namespace mainstay::rules {
namespace {

using fhir::json::node;
using ::testing::HasSubstr;

struct example {
  std::shared_ptr<const pack> rules;
  assessment result;
  std::string json, text;
};
example explained(const std::string& id) {
  const auto files = test::read_folder(test::real_pack_folder());
  example out;
  out.rules = load(files).value;
  std::vector<diagnostic> problems;
  for (const auto& e : compile_examples(*out.rules, files, problems)) {
    if (e.id != id) continue;
    std::string error;
    const auto chart = chart_from_resources(*out.rules, e.id, e.resources, error);
    out.result = assess(*chart, *out.rules, *fhir::parse_now(e.today));
    out.json = explain_json(*out.rules, out.result,
                            compose(*out.rules, out.result, out.rules->services.front().protocols), e.today);
    out.text = explain_text(*out.rules, out.result);
  }
  return out;
}

/// The member at a path of names and positions, as JSON text; "absent" where there is none.
std::string at(const node& root, const std::vector<std::string>& path) {
  const node* n = &root;
  for (const auto& step : path) {
    if (n->is_array()) {
      const auto i = static_cast<std::size_t>(std::stoul(step));
      if (i >= n->items().size()) return "absent";
      n = &n->items()[i];
    } else {
      n = n->find(fhir::json::key(std::string_view(step)));
      if (n == nullptr) return "absent";
    }
  }
  return fhir::json::to_text(*n);
}

TEST(explain_json, has_facts_verdicts_and_cards) {
  const auto e = explained("example-to-confirm");
  const auto parsed = fhir::json::parse(e.json);
  ASSERT_TRUE(parsed.has_value());
  const auto& root = parsed->root();
  struct row {
    std::vector<std::string> path;
    std::string expected;
  };
  const row rows[] = {
      {{"now"}, R"("2026-03-01")"},
      {{"pack", "id"}, R"("b_all_maintenance")"},
      {{"pack", "version"}, R"("0.1.0")"},
      {{"pack", "hash"}, "\"" + e.rules->hash + "\""},
      {{"facts", "day", "state"}, R"("known")"},
      {{"facts", "day", "value"}, "67"},
      {{"facts", "day", "unit"}, R"("days")"},
      {{"facts", "age_at_car_t", "value"}, "34"},
      {{"facts", "mrd", "value"}, R"("negative")"},
      {{"facts", "mrd", "recorded"}, R"("0.001 %")"},
      {{"facts", "mrd", "date"}, R"("2026-02-20")"},
      {{"facts", "mrd", "sources"}, R"(["Observation/example-to-confirm-4-mrd-by-flow"])"},
      {{"facts", "mrd", "reasons"}, "[]"},
      {{"facts", "mrd", "possible"}, "absent"},
      {{"facts", "relapses", "state"}, R"("possible")"},
      {{"facts", "relapses", "value"}, "absent"},
      {{"facts", "relapses", "possible"}, R"([{"low":1}])"},
      {{"facts", "hsct_since", "value"}, "false"},
      {{"facts", "cns_now", "state"}, R"("unknown")"},
      {{"facts", "cns_now", "value"}, "absent"},
      {{"facts", "cns_now", "reasons"}, R"(["not_recorded"])"},
      {{"verdicts", "haplo_hsct_consolidation", "verdict"}, R"("to confirm")"},
      {{"verdicts", "haplo_hsct_consolidation", "criteria", "0"},
       R"({"id":"b_all","class":"require","strict":"yes","face":"yes","facts":["disease"]})"},
      {{"verdicts", "haplo_hsct_consolidation", "criteria", "11"},
       R"({"id":"other","class":"confirm","strict":"unknown","face":"unknown","facts":[]})"},
      {{"verdicts", "haplo_hsct_consolidation", "criteria", "12"}, "absent"},
      {{"verdicts", "haplo_hsct_consolidation", "risk"},
       R"({"older":"absent","mrd_positive":"absent","relapses":"not known"})"},
      {{"cards", "0", "summary"},
       R"("Option to discuss: haploidentical transplant after CAR-T (day 67); 6 to confirm")"},
      {{"cards", "0", "indicator"}, R"("info")"},
      {{"cards", "1"}, "absent"},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.expected);
    EXPECT_EQ(at(root, r.path), r.expected);
  }
}

TEST(explain_json, tells_why_a_fact_is_not_known) {
  const auto e = explained("example-cannot-assess");
  const auto parsed = fhir::json::parse(e.json);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(at(parsed->root(), {"facts", "state", "state"}), R"("unknown")");
  EXPECT_EQ(at(parsed->root(), {"facts", "state", "reasons"}), R"(["stale"])");
  EXPECT_EQ(
      at(parsed->root(), {"facts", "state", "why", "0"}),
      R"({"reason":"stale","detail":"last 2025-12-18","source":"Observation/example-cannot-assess-4-remission-status"})");
  EXPECT_EQ(at(parsed->root(), {"facts", "mrd", "reasons"}), R"(["unit"])");
  EXPECT_EQ(at(parsed->root(), {"verdicts", "haplo_hsct_consolidation", "missing"}), R"(["mrd_cleared","state"])");
}

TEST(explain_text, is_a_tree_in_plain_lines) {
  for (const auto* id : {"example-to-confirm", "example-not-eligible", "example-cannot-assess"}) {
    SCOPED_TRACE(id);
    const auto text = explained(id).text;
    std::size_t begin = 0;
    for (auto end = text.find('\n'); end != std::string::npos; begin = end + 1, end = text.find('\n', begin))
      EXPECT_LE(end - begin, 120u) << text.substr(begin, end - begin);
    for (const char c : text) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~'));
  }
  const auto text = explained("example-not-eligible").text;
  EXPECT_THAT(text, HasSubstr("haplo_hsct_consolidation: not eligible\n"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "  require remission: no, hint | in CR or CRi\n      when state in ('cr' | 'cri')\n      state = relapse"));
  EXPECT_THAT(text, HasSubstr("\nfacts\n"));
}

}  // namespace
}  // namespace mainstay::rules
