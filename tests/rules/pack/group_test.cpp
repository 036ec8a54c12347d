// Groups of a criterion against a count: of members that are yes, no or unknown, in every combination.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "files.hpp"
#include "rules/analysis/values.hpp"
#include "rules/criteria/evaluate.hpp"
#include "rules/pack/load.hpp"

namespace mainstay::rules {
namespace {

using fhir::truth;

/// The small pack with this instead of its criterion `infection`.
std::vector<pack_file> files_with(const std::string& criterion) {
  auto files = test::read_folder(test::source_folder() / "tests/rules/small_pack");
  for (auto& f : files) {
    if (f.path == "protocols/option.yaml") {
      const auto at = f.text.find("  infection: {");
      f.text.replace(at, f.text.find('\n', at) - at, "  " + criterion);
    }
    if (f.path == "facts/facts.yaml")
      f.text += "  a: {title: a, any: disease}\n  b: {title: b, any: mrd}\n  c: {title: c, any: infection}\n";
  }
  return files;
}

truth answer(const expression& e, const std::array<truth, 3>& of) {
  return evaluate(e, [&](const expression& name) {
    operand o;
    o.anything = false;
    o.yes = of[static_cast<std::size_t>(name.name.front() - 'a')];
    return o;
  });
}

TEST(groups, count_what_is_known) {
  struct row {
    const char* form;
    int wanted;
    const char* words;
  };
  const std::string members = "{x: {text: one, when: a}, y: {text: two, unless: b}, z: {text: three, when: c}}";
  const row rows[] = {{"any: ", 1, "any of: one, two, three"},
                      {"all: ", 3, "all of: one, two, three"},
                      {"at_least: 1, of: ", 1, "at least 1 of: one, two, three"},
                      {"at_least: 2, of: ", 2, "at least 2 of: one, two, three"},
                      {"at_least: 3, of: ", 3, "at least 3 of: one, two, three"}};
  const std::array each{truth::no, truth::unknown, truth::yes};
  for (const auto& r : rows) {
    SCOPED_TRACE(r.form);
    const auto files = files_with("risky: {text: of high risk, " + std::string(r.form) + members + ", ours: so}");
    const auto pack = load(files);
    ASSERT_NE(pack.value, nullptr) << test::all_text(pack.diagnostics, files);
    const auto& criteria = pack.value->protocols.front().criteria;
    const auto at = std::find_if(criteria.begin(), criteria.end(), [](const criterion& c) { return c.id == "risky"; });
    ASSERT_NE(at, criteria.end());
    EXPECT_EQ(at->text, "of high risk (" + std::string(r.words) + ")");
    for (const auto a : each)
      for (const auto b : each)
        for (const auto c : each) {
          const std::array met{a, fhir::not_(b), c};
          const auto yes = std::count(met.begin(), met.end(), truth::yes);
          const auto no = std::count(met.begin(), met.end(), truth::no);
          const auto expected = yes >= r.wanted ? truth::yes : 3 - no < r.wanted ? truth::no : truth::unknown;
          EXPECT_EQ(to_text(answer(*at->when, {a, b, c})), to_text(expected));
        }
  }
}

TEST(groups, hold_at_most_eight) {
  for (const int size : {8, 9}) {
    std::string members;
    for (int i = 0; i < size; ++i)
      members += (i == 0 ? "" : ", ") + ("m" + std::to_string(i)) + ": {text: so, when: a}";
    const auto read = load(files_with("risky: {text: of high risk, at_least: 4, of: {" + members + "}, ours: so}"));
    EXPECT_EQ(read.value != nullptr, size == 8);
    if (size == 8) continue;
    ASSERT_EQ(read.diagnostics.size(), 1u);
    EXPECT_EQ(read.diagnostics.front().message, "a group of 9, and it has 2 to 8");
  }
}

}  // namespace
}  // namespace mainstay::rules
