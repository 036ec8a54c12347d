// What an author is told of a mistake in a paper, and in what refers to one: the small pack with one place changed.
#include <gtest/gtest.h>

#include <algorithm>

#include "rules/pack/load.hpp"
#include "tests/rules/pack/files.hpp"

namespace mainstay::rules {
namespace {

constexpr const char* papers = "evidence/papers.yaml";
constexpr const char* option = "protocols/option.yaml";

struct mistake {
  const char *name, *file, *written, *instead;
  std::vector<std::string> told;  ///< "code: message"
};

std::vector<pack_file> with(const mistake& m) {
  auto files = test::read_folder(test::source_folder() / "tests/rules/small_pack");
  const std::string_view written = m.written;
  for (auto& f : files) {
    if (f.path != m.file) continue;
    const auto at = f.text.find(written);
    EXPECT_NE(at, std::string::npos) << written;
    f.text.replace(at, written.size(), m.instead);
    EXPECT_EQ(f.text.find(written, at + std::string_view(m.instead).size()), std::string::npos) << "which " << written;
  }
  return files;
}

void tell(const std::vector<mistake>& mistakes) {
  for (const auto& m : mistakes) {
    SCOPED_TRACE(m.name);
    const auto files = with(m);
    const loaded l = load(files);
    EXPECT_EQ(l.value == nullptr, !m.told.empty());
    std::vector<std::string> told;
    for (const diagnostic& d : l.diagnostics) {
      told.push_back(d.code + ": " + d.message);
      EXPECT_EQ(d.at.file, m.file) << d.message;
      EXPECT_FALSE(d.help.empty()) << d.message;
    }
    EXPECT_EQ(told, m.told);
  }
}

TEST(paper_mistakes, of_what_a_paper_says_of_itself) {
  tell({
      {"a paper that is a word", papers, "p1:\n", "p0: word\np1:\n", {"form: a paper is a map"}},
      {"a paper twice is a key twice", papers, "p1:\n", "P1: {}\np1:\n", {"identifier: `P1` is not a name of a paper"}},
      {"no citation", papers, "  citation: A paper\n", "", {"missing-key: a paper needs `citation`"}},
      {"no label", papers, "  label: A paper\n", "", {"missing-key: a paper needs `label`"}},
      {"no design", papers, "  design: retrospective\n", "", {"missing-key: a paper needs `design`"}},
      {"a slip is told once", papers, "  design:", "  desing:", {"unknown-key: `desing` is not a key of a paper"}},
      {"a link that is not one",
       papers,
       "  label:",
       "  url: www.example.org\n  label:",
       {"url: `www.example.org` is not a link"}},
      {"a link in the clear",
       papers,
       "  label:",
       "  url: http://example.org\n  label:",
       {"url: `http://example.org` is not a link"}},
      {"a link", papers, "  label:", "  url: https://example.org\n  label:", {}},
      {"no certainty",
       papers,
       "  certainty: {as_stated: none, assessed: low, by: us}\n",
       "",
       {"missing-key: a paper needs `certainty`"}},
      {"certainty as a word",
       papers,
       "certainty: {as_stated: none, assessed: low, by: us}",
       "certainty: low",
       {"form: `certainty` is a map"}},
      {"certainty of nobody", papers, ", by: us}", "}", {"missing-key: `certainty` needs `by`"}},
      {"a statement without a place",
       papers,
       "age: {place: Methods, ",
       "age: {",
       {"missing-key: a statement needs `place`"}},
      {"a statement without a quote",
       papers,
       ", quote: without infection}",
       "}",
       {"missing-key: a statement needs `quote`"}},
      {"a contradiction without a place",
       papers,
       "  tables:",
       "  contradictions: {n: {text: they differ}}\n  tables:",
       {"missing-key: a contradiction needs `place`"}},
      {"a contradiction",
       papers,
       "  tables:",
       "  contradictions: {n: {text: they differ, place: Table 1}}\n  tables:",
       {}},
  });
}

TEST(paper_mistakes, of_groups_and_figures) {
  tell({
      {"a size in words", papers, "n: 10", "n: ten", {"number: `ten` is not a number of patients"}},
      {"a size with more behind it",
       papers,
       "n: 10",
       "n: 10 or so",
       {"number: `10 or so` is not a number of patients"}},
      {"a size below none", papers, "n: 10", "n: -1", {"number: `-1` is not a number of patients"}},
      {"digits in a title", papers, "title: treated", "title: 10 treated", {"digits: `10` has no source"}},
      {"like nobody",
       papers,
       "result = 'negative'",
       "result = 'absent'",
       {"unknown-value: `result` is never 'absent'"}},
      {"a figure without a number", papers, "median: 67, ", "", {"missing-key: the figure `time` has no number"}},
      {"a figure without what", papers, "time: {what: day, ", "time: {", {"missing-key: a figure needs `what`"}},
      {"a time that is not quoted", papers, "what: day,", "what: day, at: 3 years,", {"digits: `3` has no source"}},
      {"a number in words", papers, "median: 67", "median: sixty", {"number: `sixty` is not a number"}},
      {"a number that is a list", papers, "median: 67", "median: [67]", {"number: `` is not a number"}},
      {"a bound of p, as printed",
       papers,
       "p: 0.040, place: Table 1, quote: age \xe2\x89\xa5 40 2.50 (1.10-5.70) 0.040",
       "p: < 0.001, place: Table 1, quote: age \xe2\x89\xa5 40 2.50 (1.10-5.70) < 0.001",
       {}},
      {"a bound that is not quoted",
       papers,
       "p: 0.040",
       "p: < 0.01",
       {"not-in-quote: `0.01` does not stand in the quote"}},
      {"an end alone", papers, "[34, 345]", "[34]", {"form: a low and a high end stand here"}},
      {"an end and a word", papers, "[34, 345]", "34 to 345", {"form: a low and a high end stand here"}},
      {"the high end first", papers, "[34, 345]", "[345, 34]", {"number: `345` is not below `34`"}},
      {"both ends the same", papers, "[34, 345]", "[34, 34]", {"number: `34` is not below `34`"}},
      {"an end that is not quoted",
       papers,
       "[34, 345]",
       "[34, 346]",
       {"not-in-quote: `346` does not stand in the quote"}},
      {"an end that is a bound", papers, "[34, 345]", "[< 34, 345]", {"number: `< 34` is no end of a range"}},
      {"a high end that is a bound",
       papers,
       "[1.10, 5.70]",
       "[1.10, < 5.70]",
       {"number: `< 5.70` is no end of a range"}},
  });
}

TEST(paper_mistakes, of_tables) {
  tell({
      {"a table without columns",
       papers,
       "      columns: {alive: {what: alive, at: 2 years}}\n",
       "",
       {"missing-key: a table needs `columns`"}},
      {"a table without rows",
       papers,
       "      rows: {treated: {values: [83.3], quote: treated 83.3}}\n",
       "",
       {"missing-key: a table needs `rows`"}},
      {"digits in a title",
       papers,
       "      place: Table 2\n",
       "      title: at 2 years\n      place: Table 2\n",
       {"digits: `2` has no source"}},
      {"a column without what",
       papers,
       "{what: alive, at: 2 years}",
       "{at: 2 years}",
       {"missing-key: a column needs `what`"}},
      {"a time in what",
       papers,
       "{what: alive, at: 2 years}",
       "{what: alive at 2 years}",
       {"digits: `2` has no source"}},
      {"a row of no group",
       papers,
       "rows: {treated:",
       "rows: {others:",
       {"unknown-group: the paper has no group `others`"}},
      {"a row without values", papers, "values: [83.3], ", "", {"missing-key: a row needs `values`"}},
      {"a row with a slip",
       papers,
       "values: [83.3], ",
       "vales: [83.3], ",
       {"unknown-key: `vales` is not a key of a row"}},
      {"a value alone",
       papers,
       "values: [83.3]",
       "values: 83.3",
       {"row-length: the row has 0, the table's columns are 1"}},
      {"a value in words", papers, "values: [83.3]", "values: [most]", {"number: `most` is not a number"}},
      {"a value that is not quoted",
       papers,
       "values: [83.3]",
       "values: [83.4]",
       {"not-in-quote: `83.4` does not stand in the quote"}},
  });
}

TEST(paper_mistakes, of_what_refers_to_a_paper) {
  tell({
      {"no place", option, "from: p1.age", "from: p1", {"reference: `p1` does not name a place in a paper"}},
      {"a point behind it", option, "from: p1.age", "from: p1.", {"reference: `p1.` does not name a place in a paper"}},
      {"a point before it",
       option,
       "from: p1.age",
       "from: .age",
       {"reference: `.age` does not name a place in a paper"}},
      {"no such paper", option, "from: p1.age", "from: p2.age", {"unknown-paper: no paper `p2`"}},
      {"no such figure", option, "[p1.risk]", "[p1.risc]", {"unknown-figure: the paper `p1` has no figure `risc`"}},
      {"no such table",
       option,
       "of: p1.outcomes",
       "of: p1.outcome",
       {"unknown-table: the paper `p1` has no table `outcome`"}},
      {"no such column in a text",
       option,
       "{p1.outcomes.alive.treated}",
       "{p1.outcomes.alife.treated}",
       {"unknown-column: the table `outcomes` has no column `alife`"}},
      {"no such row in a text",
       option,
       "{p1.outcomes.alive.treated}",
       "{p1.outcomes.alive.others}",
       {"unknown-row: the table `outcomes` has no row `others`"}},
      {"no such table in a text",
       option,
       "{p1.outcomes.alive.treated}",
       "{p1.outcom.alive.treated}",
       {"unknown-table: the paper `p1` has no table `outcom`"}},
      {"a column without a row in a text",
       option,
       "{p1.outcomes.alive.treated}",
       "{p1.outcomes.alive}",
       {"placeholder: `{p1.outcomes.alive}` is neither a figure nor a cell of a table"}},
      {"no such column of a shown table",
       option,
       "{of: p1.outcomes}",
       "{of: p1.outcomes, columns: [dead]}",
       {"unknown-column: the table `outcomes` has no column `dead`"}},
      {"no such row of a shown table",
       option,
       "{of: p1.outcomes}",
       "{of: p1.outcomes, rows: [others]}",
       {"unknown-row: the table `outcomes` has no row `others`"}},
      {"its only column and row",
       option,
       "{of: p1.outcomes}",
       "{of: p1.outcomes, columns: [alive], rows: treated}",
       {}},
  });
}

// A figure of a paper that is wrong itself is not looked for: the root is told once.
TEST(paper_mistakes, what_rests_on_a_broken_paper_is_not_told) {
  tell({
      {"the table that a text names",
       papers,
       "  tables:\n    outcomes:",
       "  tables:\n    Outcomes:",
       {"identifier: `Outcomes` is not a name of a table"}},
      {"the figure that a risk names",
       papers,
       "    risk: {",
       "    Risk: {",
       {"identifier: `Risk` is not a name of a figure"}},
      {"the statement that a criterion names",
       papers,
       "    age: {",
       "    Age: {",
       {"identifier: `Age` is not a name of a statement"}},
      {"the row and the column that a text names",
       papers,
       "values: [83.3]",
       "values: [8.33]",
       {"not-in-quote: `8.33` does not stand in the quote"}},
      {"the column that a text names",
       papers,
       "{alive: {what: alive, at: 2 years}}",
       "{Alive: {what: alive, at: 2 years}}",
       {"identifier: `Alive` is not a name of `columns`"}},
  });
}

}  // namespace
}  // namespace mainstay::rules
