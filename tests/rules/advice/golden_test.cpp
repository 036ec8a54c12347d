// Every kind of card as it was when somebody last read it, as Markdown and as the HTML that an EHR makes of it. The
// header of each answers, from the summary and the first twelve lines alone: which option, which facts, how weak the
// evidence. MAINSTAY_REWRITE_GOLDENS=1 writes them anew; read the difference before you commit it.
#include <gtest/gtest.h>
#include <md4c-html.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <set>

#include "case_cards.hpp"
#include "rules/advice/text.hpp"

namespace mainstay::rules {
namespace {

using test::assessed;

const std::filesystem::path folder = test::source_folder() / "tests/rules/advice/golden";

/// Variations whose cards differ in kind from those of the cases; of the cases themselves every card is kept.
const std::set<std::string> variations{
    "day 67 / infection active",
    "day 67 / a clinician's statements",
    "day 67 / CNS disease",
    "day 67 / remission known from a billing code only",
    "day 67 / two relapses counted",
    "MRD 0.001 % / 0.01 %, on the bound",
    "MRD 0.001 % / below 0.1 %",
    "MRD 0.001 % / not detected, sensitivity not stated",
    "MRD 0.001 % / preliminary",
    "MRD 0.001 % / a unit that is no proportion",
    "MRD 0.001 % / as text, a percentage",
    "MRD 0.001 % / as text, without a unit",
    "MRD 0.001 % / as text, two meanings",
    "MRD 0.001 % / the unit as a laboratory writes it",
    "MRD 0.001 % / two results of one day that disagree",
    "MRD without a unit, response too old / nothing since CAR-T",
    "MRD without a unit, response too old / two responses of one day that disagree",
    "MRD without a unit, response too old / the search for results failed",
    "MRD without a unit, response too old / the search for procedures failed",
    "age 40 at CAR-T / 69 or 70, only the year of birth is known",
    "age 40 at CAR-T / CAR-T 730 days ago",
    "age 40 at CAR-T / day 33, a day before the study's first",
    "age 40 at CAR-T / only the month of CAR-T is known, transplant within it",
    "transplant since CAR-T / status Z94.84, nothing else",
    "all surely yes / MRD not on record",
};

/// "day 67 / CNS disease" as "day-67-cns-disease".
std::string file_name(const std::string& name) {
  std::string out;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (out.ends_with('-')) out.pop_back();
  return out;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const auto begin = text.find(from);
  if (begin == std::string::npos) return {};
  const auto end = text.find(to, begin + from.size());
  return text.substr(begin + from.size(), end == std::string::npos ? end : end - begin - from.size());
}

/// The first two columns of the head's first table, "CD19 CAR-T: day 67; response: CR".
std::string facts_in(const std::string& head) {
  std::string out;
  std::size_t row = 0;
  for (std::size_t at = 0; at < head.size();) {
    const auto end = std::min(head.find('\n', at), head.size());
    const auto line = head.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with("| ")) {
      if (row != 0) break;
      continue;
    }
    if (++row <= 2) continue;  // title and rule
    const auto bar = line.find(" | ", 2);
    out += (out.empty() ? "" : "; ") + line.substr(2, bar - 2) + ": " + between(line.substr(bar), " | ", " |");
  }
  return out.empty() ? between(head, "**Searches without an answer** ", ".") : out;
}

struct answers {
  std::string option, facts, evidence;
};
/// What a reader of the summary and the first twelve lines knows.
answers answered_by(const std::string& summary, const std::string& head) {
  answers out;
  out.facts = facts_in(head);
  if (summary.starts_with("Not assessed: ")) {
    out.option = "none yet; not assessed: " + between(summary, "Not assessed: ", ";");
    // A card that offers nothing tells no results either.
    if (head.find("Evidence") == std::string::npos) out.evidence = "none is told, for nothing is offered";
  } else {
    out.option = between(summary, "Option to discuss: ", ";");
    out.evidence = between(head, "Evidence: ", " assessment.") + " assessment";
    if (head.find("Evidence: ") == std::string::npos) out.evidence.clear();
  }
  return out;
}

std::string html_of(const std::string& markdown) {
  std::string out;
  const auto append = [](const MD_CHAR* text, MD_SIZE size, void* to) {
    static_cast<std::string*>(to)->append(text, size);
  };
  EXPECT_EQ(md_html(markdown.data(), static_cast<MD_SIZE>(markdown.size()), append, &out, MD_DIALECT_GITHUB, 0), 0);
  return out;
}

struct golden {
  std::string name, markdown, html;
};

golden golden_of(const assessed& a, const card_content& card, const std::string& hash) {
  const auto head = test::first_lines(card.detail, 12);
  const auto known = answered_by(card.summary, head);
  EXPECT_NE(known.option, "") << card.summary;
  EXPECT_NE(known.facts, "") << head;
  EXPECT_NE(known.evidence, "") << head;
  EXPECT_LE(code_points(head), 900u);
  EXPECT_LE(code_points(card.summary), 139u);
  const std::string header = "<!--\ncase: " + a.name + "\nwhich option: " + known.option +
                             "\nwhich facts: " + known.facts + "\nhow weak the evidence: " + known.evidence +
                             "\nfirst 12 lines: " + std::to_string(code_points(head)) +
                             " of at most 900 characters\n-->\n\n";
  auto body = "# " + escape_markdown(card.summary, 200) + "\n\n" + replaced(card.detail, hash.substr(0, 12), "HASH") +
              "\n\nSource: " + escape_markdown(card.source_label, 200) +
              (card.source_url.empty() ? "" : " <" + card.source_url + ">") + "\n";
  return {file_name(a.name + (card.topic == "cannot-assess" ? "" : " " + card.topic)), header + body,
          header + html_of(body)};
}

std::vector<golden> all_goldens() {
  std::vector<golden> out;
  std::size_t varied = 0;
  for (const auto* from : {&test::real_pack(), &test::small_pack()})
    for (const auto& a : test::all_cases(*from)) {
      const bool variation = a.name.find(" / ") != std::string::npos;
      if (variation && variations.count(a.name) == 0) continue;
      varied += variation;
      for (const auto& card : a.cards) out.push_back(golden_of(a, card, from->value->hash));
    }
  EXPECT_EQ(varied, variations.size()) << "a variation of the table is no case any more";
  return out;
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  ASSERT_TRUE(out.good()) << path;
}

TEST(goldens, are_the_cards_as_they_were_read) {
  const auto goldens = all_goldens();
  EXPECT_GE(goldens.size(), 20u);
  const bool rewrite = std::getenv("MAINSTAY_REWRITE_GOLDENS") != nullptr;
  if (rewrite) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
  }
  std::set<std::string> expected;
  for (const auto& g : goldens) {
    SCOPED_TRACE(g.name);
    for (const auto& [file, text] : {std::pair(g.name + ".md", g.markdown), std::pair(g.name + ".html", g.html)}) {
      EXPECT_TRUE(expected.insert(file).second) << "two cards of one name";
      if (rewrite) write(folder / file, text);
      EXPECT_EQ(test::read_file(folder / file), text)
          << "MAINSTAY_REWRITE_GOLDENS=1 rules_tests --gtest_filter='goldens.*' writes them anew";
    }
  }
  std::set<std::string> there;
  for (const auto& f : test::read_folder(folder)) there.insert(f.path);
  EXPECT_EQ(there, expected);
}

}  // namespace
}  // namespace mainstay::rules
