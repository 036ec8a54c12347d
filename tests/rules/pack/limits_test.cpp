// The loader's limits at their edges, the pack's hash, and how a diagnostic is printed.
#include <gtest/gtest.h>

#include <algorithm>

#include "files.hpp"
#include "rules/pack/hash.hpp"
#include "rules/pack/load.hpp"
#include "rules/pack/reading.hpp"
#include "rules/pack/suggest.hpp"
#include "rules/pack/yaml.hpp"

namespace mainstay::rules {
namespace {

std::vector<pack_file> small() {
  return test::read_folder(test::source_folder() / "tests/rules/small_pack");
}

std::vector<std::string> codes(const loaded& l) {
  std::vector<std::string> out;
  for (const diagnostic& d : l.diagnostics) out.push_back(d.code);
  return out;
}

TEST(LoadLimits, Files) {
  const auto files = small();
  load_limits limit;
  limit.files = files.size();
  EXPECT_NE(load(files, limit).value, nullptr);
  limit.files = files.size() - 1;
  EXPECT_EQ(codes(load(files, limit)), std::vector<std::string>{"too-many-files"});
}

TEST(LoadLimits, Bytes) {
  const auto files = small();
  load_limits limit;
  limit.bytes = 0;
  for (const pack_file& f : files) limit.bytes += f.text.size();
  EXPECT_NE(load(files, limit).value, nullptr);
  --limit.bytes;
  EXPECT_EQ(codes(load(files, limit)), std::vector<std::string>{"too-large"});
}

TEST(LoadLimits, ExpandedCodes) {
  auto files = small();
  files.push_back({"terms/many.yaml", "terms:\n  many: {codes: [\"icd10pcs#A[0123456789][0123456789]\"]}\n"});
  load_limits limit;
  limit.expanded_codes = 100;
  EXPECT_NE(load(files, limit).value, nullptr);
  limit.expanded_codes = 99;
  EXPECT_EQ(codes(load(files, limit)), std::vector<std::string>{"too-many-codes"});
}

TEST(LoadLimits, ExpandedCodesOfAllPatternsOfATerm) {
  auto files = small();
  files.push_back({"terms/many.yaml", "terms:\n  many: {codes: [\"icd10pcs#A[01]\", \"icd10pcs#B[01]\"]}\n"});
  load_limits limit;
  limit.expanded_codes = 4;
  EXPECT_NE(load(files, limit).value, nullptr);
  limit.expanded_codes = 3;
  EXPECT_EQ(codes(load(files, limit)), std::vector<std::string>{"too-many-codes"});
}

TEST(LoadLimits, ExpressionDepth) {
  for (const bool over : {false, true}) {
    auto files = small();
    const std::size_t depth = load_limits{}.expression_depth + (over ? 1U : 0U);
    files.push_back({"facts/deep.yaml", "facts:\n  deep: {title: deep, is: " + std::string(depth, '(') + "sick" +
                                            std::string(depth, ')') + "}\n"});
    EXPECT_EQ(codes(load(files)), over ? std::vector<std::string>{"depth"} : std::vector<std::string>{});
  }
}

TEST(LoadLimits, Diagnostics) {
  auto files = small();
  std::string many = "facts:\n";
  for (int i = 0; i < 5; ++i) many += "  x" + std::to_string(i) + ": {title: x, any: nothing}\n";
  files.push_back({"facts/many.yaml", many});
  load_limits limit;
  limit.diagnostics = 5;
  EXPECT_EQ(load(files, limit).diagnostics.size(), 5U);
  limit.diagnostics = 4;
  const loaded l = load(files, limit);
  ASSERT_EQ(l.diagnostics.size(), 5U);
  EXPECT_EQ(l.diagnostics.back().message, "1 more problems are not shown");
  EXPECT_EQ(l.value, nullptr);
}

TEST(LoadLimits, Depth) {
  for (const unsigned depth : {yaml_depth_limit, yaml_depth_limit + 1}) {
    std::vector<diagnostic> problems;
    const auto tree = parse_yaml({"x.yaml", std::string(depth, '[') + std::string(depth, ']')}, problems);
    EXPECT_EQ(tree.has_value(), depth == yaml_depth_limit);
  }
}

/// `n` members, each on the next; or, turned, each on the one before it.
std::string chain(const std::string& section, int n, const std::string& first, const std::string& other, bool turned) {
  std::vector<std::string> lines{"  x0: " + first + "\n"};
  for (int i = 1; i < n; ++i) {
    std::string body = other;
    for (std::size_t at = body.find('@'); at != std::string::npos; at = body.find('@'))
      body.replace(at, 1, "x" + std::to_string(i - 1));
    lines.push_back("  x" + std::to_string(i) + ": " + body + "\n");
  }
  if (turned) std::reverse(lines.begin(), lines.end());
  std::string out = section + ":\n";
  for (const std::string& l : lines) out += l;
  return out;
}

TEST(LoadLimits, ChainsOfFactsAndEvents) {
  for (const bool turned : {false, true}) {
    for (const bool over : {false, true}) {
      SCOPED_TRACE(testing::Message() << "turned " << turned << ", over " << over);
      const int n = static_cast<int>(chain_limit) + (over ? 2 : 1);
      const auto expected = over ? std::vector<std::string>{"depth"} : std::vector<std::string>{};
      auto facts = small(), events = small();
      facts.push_back(
          {"facts/chain.yaml", chain("facts", n, "{title: x, any: disease}", "{title: x, is: '@'}", turned)});
      EXPECT_EQ(codes(load(facts)), expected);
      events.push_back(
          {"events/chain.yaml", chain("events", n, "{from: [{find: Condition, code: disease, day: recorded}]}",
                                      "{from: [{event: '@'}]}", turned)});
      EXPECT_EQ(codes(load(events)), expected);
    }
  }
}

TEST(LoadLimits, EventsThatMeetAgainAreWalkedOnce) {
  auto files = small();
  files.push_back({"events/double.yaml",
                   chain("events", 60, "{from: [{find: Condition, code: disease, day: recorded, state: sick}]}",
                         "{from: [{event: '@'}, {event: '@'}]}", false)});
  files.push_back({"facts/double.yaml", "facts:\n  x: {title: x, last: x59, value: state}\n"});
  EXPECT_EQ(codes(load(files)), std::vector<std::string>{});
}

TEST(Paths, StayBelowThePack) {
  for (const std::string path :
       {"../pack.yaml", "/terms/x.yaml", "terms/../x.yaml", "terms//x.yaml", "terms\\x.yaml", "./pack.yaml", ""}) {
    SCOPED_TRACE(path);
    auto files = small();
    files.push_back({path, "terms: {}\n"});
    EXPECT_EQ(codes(load(files)), std::vector<std::string>{"path"});
  }
  auto files = small();
  files.push_back(files.front());
  EXPECT_EQ(codes(load(files)), std::vector<std::string>{"path"});
}

TEST(Hash, IsOverPathsLengthsAndBytes) {
  EXPECT_EQ(hash_of({{"b", ""}, {"a", "xyz"}}), hash_of({{"a", "xyz"}, {"b", ""}}));
  EXPECT_NE(hash_of({{"a", "xyz"}}), hash_of({{"ax", "yz"}}));
  EXPECT_NE(hash_of({{"a", "x"}, {"b", "y"}}), hash_of({{"a", "y"}, {"b", "x"}}));
  EXPECT_EQ(hash_of({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Hash, CountsCasesThatAreNotRead) {
  auto files = small();
  const auto before = load(files).value;
  files.push_back({"cases/one.yaml", "this: [is not read\n"});
  const auto after = load(files).value;
  ASSERT_NE(before, nullptr);
  ASSERT_NE(after, nullptr);
  EXPECT_NE(before->hash, after->hash);
}

TEST(Suggestion, IsTheNearestName) {
  struct row {
    const char* word;
    std::vector<std::string> known;
    const char* expected;
  };
  const row rows[] = {
      {"mrd_flow", {"mrd_by_flow", "marrow"}, "mrd_by_flow"},
      {"staet", {"state", "status"}, "state"},
      {"hsct", {"relapse"}, ""},
      {"ab", {"ba"}, "ba"},  // a swap is one slip
      {"x", {"y"}, "y"},
      {"", {"a"}, "a"},
      {"qqq", {}, ""},
  };
  for (const row& r : rows) EXPECT_EQ(nearest(r.word, r.known), r.expected) << r.word;
  EXPECT_EQ(nearest(std::string(101, 'a'), {std::string(101, 'b')}), "");
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Printing, PutsTheCaretBelowItsPlace) {
  const std::vector<pack_file> files{{"a.yaml", "one\n\tt\xc3\xa9rm: x\r\n" + std::string(200, 'l') + "\n"}};
  struct row {
    diagnostic d;
    std::string expected;
  };
  const row rows[] = {
      {{"c", severity::error, "m", "h", {"a.yaml", 2, 2}, 4},
       "error[c]: m\n  --> a.yaml:2:2\n   2 |  t\xc3\xa9rm: x\n     |  ^^^^ h\n"},
      {{"c", severity::warning, "m", "", {"a.yaml", 1, 1}, 99},
       "warning[c]: m\n  --> a.yaml:1:1\n   1 | one\n     | ^^^\n"},
      {{"c", severity::error, "m", "h", {"a.yaml", 0, 0}, 1}, "error[c]: m\n  --> a.yaml\n   = h\n"},
      {{"c", severity::error, "m", "", {"gone.yaml", 3, 1}, 1}, "error[c]: m\n  --> gone.yaml\n"},
      {{"c", severity::error, "m", "", {"a.yaml", 9, 5}, 1}, "error[c]: m\n  --> a.yaml:9:5\n   9 | \n     |     ^\n"},
      {{"c", severity::error, "m", "", {"a.yaml", 3, 101}, 2},
       "error[c]: m\n  --> a.yaml:3:101\n   3 | ..." + std::string(100, 'l') + "...\n     |    " +
           std::string(40, ' ') + "^^\n"},
  };
  for (const row& r : rows) EXPECT_EQ(to_text(r.d, files), r.expected);
}

}  // namespace
}  // namespace mainstay::rules
