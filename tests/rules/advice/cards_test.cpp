#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "case_cards.hpp"
#include "markdown.hpp"
#include "rules/advice/text.hpp"

namespace mainstay::rules {
namespace {

using ::mainstay::test::read_markdown;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

using test::all_cases;
using test::assessed;
using test::first_lines;
using test::real_pack;
using test::small_pack;

const assessed& named(const std::string& name) {
  static const auto real = all_cases(real_pack()), small = all_cases(small_pack());
  for (const auto* list : {&real, &small})
    for (const auto& a : *list)
      if (a.name == name) return a;
  throw std::runtime_error("no case " + name);
}

TEST(cards, of_the_example_to_confirm_stand_alone_in_their_first_lines) {
  const auto& cards = named("day 67").cards;
  ASSERT_EQ(cards.size(), 1u);
  const auto& card = cards.front();
  EXPECT_EQ(card.summary, "Option to discuss: haploidentical transplant after CAR-T (day 67); 6 to confirm");
  EXPECT_EQ(card.topic, "haplo_hsct_consolidation");
  EXPECT_EQ(card.indicator, "info");
  EXPECT_THAT(card.source_url, ::testing::StartsWith("https://doi.org/"));
  EXPECT_FALSE(card.source_label.empty());
  EXPECT_EQ(first_lines(card.detail, 10),
            "**Fits this chart on 2026-03-01; 6 points to confirm.** Evidence: retrospective, 11 centres, not "
            "randomised [1]; certainty low, by our "
            "assessment. Research rule: for discussion, not for routine use.\n"
            "\n"
            "| this patient | | recorded |\n"
            "| --- | --- | --- |\n"
            "| CD19 CAR-T | day 67 | 2025-12-24 |\n"
            "| response | CR | 2026-02-20, 9 days ago |\n"
            "| MRD, marrow, flow | negative (0.001 %) | 2026-02-20, 9 days ago |\n"
            "| age at CAR-T | 34 years |  |\n"
            "\n"
            "**To confirm** [ ] no active infection (chart: infection active or none, by 2026-02-16, at least 13 days "
            "ago) [ ] not pregnant or "
            "breast-feeding [ ] no CNS disease [ ] no significant heart disease, no severe liver or kidney disease [ ] "
            "no systemic steroids for 2 weeks "
            "(inhaled excepted) [ ] no other condition that raises the risk");
}

TEST(cards, of_an_option_have_what_the_sentence_rests_on_in_order) {
  const auto& detail = named("day 67").cards.front().detail;
  std::size_t at = 0;
  for (const auto* piece :
       {"**What was seen at 2 years** [2]\n\n| | leukaemia-free survival | overall survival | relapse |",
        "| **transplant, MRD negative before it (n 40): like this patient today** | 76.1 % | 83.3 % | 17.3 % |",
        "| transplant, MRD positive before it (n 15) | 27.6 % | 62.7 % | 65.8 % |",
        "| CAR-T without transplant (n 67) | 32.8 % | 36.4 % | 67.2 % |",
        "Non-relapse mortality with transplant 6.8 % [3], without 0 % [4].",
        "**Risk factors in the study**",
        "not to be multiplied",
        "| age 40 years or more at CAR-T | absent: 34 years | leukaemia-free survival, age 40 or more v under: hazard "
        "ratio 4.706 (CI 1.630 to 13.586), p 0.004 [",
        "| MRD positive | absent: negative (0.001 %) | ",
        "| more than one relapse before CAR-T | not known: 1 on record, perhaps more | ",
        "**Timing** day 67 after CD19 CAR-T; in the study, day of transplant after CAR-T: median 67 days (range 34 to "
        "345) [",
        "this is within that range.",
        "**Not assessed here** choice of donor",
        "**The paper contradicts itself here**",
        "83.39 %",
        "1.6301 in Results",
        "**Ours, not the paper's**",
        "60 days (age of an MRD result that still counts): ours, ",
        "**Where from** ",
        "Observation/example-to-confirm-4-mrd-by-flow",
        "\n\n[1] Zhao",
        "\n\n[2] leukaemia-free survival at 2 years",
        "Table 3"}) {
    const auto found = detail.find(piece, at);
    ASSERT_NE(found, std::string::npos) << piece;
    at = found;
  }
  EXPECT_THAT(detail, HasSubstr("\n\nb_all_maintenance 0.1.0 (" + real_pack().value->hash.substr(0, 12) +
                                "), rules reviewed "));
  // Contradictions of figures that the card does not show stay in the paper's page.
  EXPECT_THAT(detail, Not(HasSubstr("Philadelphia")));
  EXPECT_THAT(detail, Not(HasSubstr("chronic GVHD")));
}

TEST(cards, for_what_cannot_be_assessed_say_what_is_open_and_what_would_settle_it) {
  const auto& cards = named("MRD without a unit, response too old").cards;
  ASSERT_EQ(cards.size(), 1u);
  EXPECT_EQ(cards.front().topic, "cannot-assess");
  EXPECT_EQ(cards.front().summary,
            "Not assessed: haploidentical transplant as consolidation after CD19 CAR-T; open: MRD negative at any time "
            "since CAR-T, response");
  EXPECT_EQ(cards.front().detail,
            "**Not assessed on 2026-03-01: haploidentical transplant as consolidation after CD19 CAR-T.** The record "
            "leaves open what this rests on; that is "
            "neither a yes nor a no.\n"
            "\n"
            "| open | on record | would settle it |\n"
            "| --- | --- | --- |\n"
            "| MRD negative at any time since CAR-T | recorded without a unit; last 2026-02-12, 17 days ago | marrow "
            "MRD by flow cytometry with a stated sensitivity |\n"
            "| response | older than 60 days (ours), last 2025-12-18, 2 months ago | record the response as CR, CRi or "
            "no remission with its day |\n"
            "\n"
            "b_all_maintenance 0.1.0 (" +
                real_pack().value->hash.substr(0, 12) + "), rules reviewed 2026-03-01");
}

TEST(cards, say_each_reason_in_words) {
  struct row {
    const char* name;
    const char* piece;
  };
  const row rows[] = {
      {"MRD without a unit, response too old / nothing since CAR-T", "| response | not on record | "},
      {"MRD 0.001 % / a unit that is no proportion", "unit not understood: \"ng/mL\"; last 2026-02-20, 9 days ago"},
      {"MRD 0.001 % / as text, two meanings", "recorded in a form that is not understood: \"negative 0.05 %\""},
      {"MRD 0.001 % / as text, without a unit", "recorded without a unit: \"&lt; 0.01\""},
      {"MRD 0.001 % / below 0.1 %", "&lt; 0.1 %"},
      {"MRD without a unit, response too old / two responses of one day that disagree", "sources disagree"},
      {"MRD without a unit, response too old / two responses of one day that disagree",
       "Observation/p1-5-remission-status"},
      {"MRD without a unit, response too old / two responses of one day that disagree",
       "Observation/p1-6-remission-status"},
      {"MRD without a unit, response too old / the search for results failed", "could not be fetched: timeout"},
      {"age 40 at CAR-T / only the month of CAR-T is known, transplant within it", "date too imprecise"},
      {"age 40 at CAR-T / no date of birth", "not on record: date of birth"},
      {"transplant since CAR-T / auto or allo, not said", "doubtful: the code may not mean it"},
  };
  for (const auto& r : rows) {
    SCOPED_TRACE(r.name);
    const auto& cards = named(r.name).cards;
    ASSERT_EQ(cards.size(), 1u);
    EXPECT_EQ(cards.front().topic, "cannot-assess");
    EXPECT_THAT(cards.front().detail, HasSubstr(r.piece));
  }
}

TEST(cards, tell_a_failed_search_behind_applies_in_one_line) {
  const auto& card = named("MRD without a unit, response too old / the search for procedures failed").cards.at(0);
  EXPECT_EQ(card.summary,
            "Not assessed: haploidentical transplant as consolidation after CD19 CAR-T; a search of the record failed");
  EXPECT_THAT(card.detail, Not(HasSubstr("| open |")));
  EXPECT_THAT(card.detail, HasSubstr("**Searches without an answer** procedures: timeout."));
}

TEST(cards, are_none_where_nothing_is_to_be_said) {
  for (const auto* name : {"diabetes", "relapse after CAR-T", "deceased", "B-cell ALL without CAR-T"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(named(name).cards.size(), 0u);
  }
}

TEST(cards, come_in_the_service_s_order_with_one_for_all_that_wait) {
  const auto& p = *small_pack().value;
  const auto topics = [](const std::vector<card_content>& cards) {
    std::vector<std::string> out;
    for (const auto& c : cards) out.push_back(c.topic);
    return out;
  };
  const auto& both = named("all surely yes");
  EXPECT_EQ(topics(both.cards), (std::vector<std::string>{"infusion_again", "stop_drug"}));
  EXPECT_EQ(topics(compose(p, both.result, {1, 0})),
            topics(compose(p, both.result, {*p.find_protocol("stop_drug"), *p.find_protocol("infusion_again")})));
  const auto& waiting = named("all surely yes / MRD not on record");
  ASSERT_EQ(topics(waiting.cards), (std::vector<std::string>{"cannot-assess"}));
  EXPECT_EQ(waiting.cards.front().protocols, (std::vector<std::string>{"infusion_again", "stop_drug"}));
  // Without a point to confirm the summary has no tail.
  EXPECT_EQ(both.cards.front().summary, "Option to discuss: a further infusion (day 67)");
  EXPECT_THAT(both.cards.front().detail, HasSubstr("**Fits this chart on 2026-03-01.**"));
  EXPECT_THAT(both.cards.front().detail, Not(HasSubstr("To confirm")));
}

TEST(cards, are_for_research_and_production_only) {
  struct row {
    protocol_status status;
    std::size_t cards;
    bool says_research;
  };
  for (const auto& r : {row{protocol_status::draft, 0, false}, row{protocol_status::shadow, 0, false},
                        row{protocol_status::research, 1, true}, row{protocol_status::production, 1, false},
                        row{protocol_status::retired, 0, false}}) {
    pack p = *real_pack().value;
    p.protocols.front().status = r.status;
    for (const auto* name : {"day 67", "MRD without a unit, response too old"}) {
      const auto cards = compose(p, named(name).result, p.services.front().protocols);
      EXPECT_EQ(cards.size(), r.cards);
      if (r.cards == 1 && name == std::string("day 67"))
        EXPECT_EQ(cards.front().detail.find("Research rule") != std::string::npos, r.says_research);
    }
  }
}

const std::vector<std::string> allowed{"doc", "li", "p", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"};

void expect_valid(const card_content& card, const advice_limits& limit = {}) {
  EXPECT_LE(code_points(card.summary), limit.summary);
  EXPECT_LE(code_points(first_lines(card.detail, 12)), limit.head);
  const auto md = read_markdown(card.detail);
  EXPECT_TRUE(md.valid);
  for (const auto& n : md.nodes) EXPECT_THAT(allowed, Contains(n)) << card.detail;
}

TEST(cards, of_every_case_are_short_and_valid_markdown) {
  std::size_t seen = 0;
  for (const auto* from : {&real_pack(), &small_pack()})
    for (const auto& a : all_cases(*from))
      for (const auto& card : a.cards) {
        SCOPED_TRACE(a.name);
        expect_valid(card);
        ++seen;
      }
  EXPECT_GE(seen, 60u);
}

/// The numbers of a text: "0.001", "83.39", "2025".
std::vector<std::string> numbers(const std::string& text) {
  static const std::regex number("[0-9]+(\\.[0-9]+)*");
  return {std::sregex_token_iterator(text.begin(), text.end(), number), {}};
}

TEST(cards, have_no_digit_without_an_owner) {
  // Composed by us: note numbers, counts of points, options and rows, ages of data, days after an event, the last day
  // of a date that says the month only, a recorded proportion in %.
  static const std::regex ours(
      "\\[[0-9]+\\]|[0-9]+ points? to confirm|; [0-9]+ to confirm|[0-9]+ options|([0-9]+ days? to )?([0-9]+ to "
      ")?[0-9]+ (day|month)s? ago|day [0-9]+( to [0-9]+)?|"
      "[0-9]+( to [0-9]+)? years|[0-9]+ on record|and [0-9]+ more|by [0-9]{4}-[0-9]{2}-[0-9]{2}| = [0-9.]+ %");
  for (const auto& a : all_cases(real_pack())) {
    SCOPED_TRACE(a.name);
    std::set<std::string> owned;
    const auto own = [&](const std::string& text) {
      for (auto& n : numbers(text)) owned.insert(n);
    };
    for (const auto& f : real_pack().files)
      if (!f.path.starts_with("cases/")) own(f.text);
    own(a.resources);
    own(fhir::to_string(a.result.at.local_date));
    own(real_pack().value->hash.substr(0, 12));
    for (const auto& card : a.cards)
      for (const auto& n : numbers(std::regex_replace(card.summary + "\n" + card.detail, ours, "")))
        EXPECT_THAT(owned, Contains(n)) << card.detail;
  }
}

/// An assessment in which every text that can come from outside is hostile.
assessment hostile(assessment a, const std::string& text) {
  for (auto& f : a.facts)
    for (auto* reading : {&f.strict, &f.face}) {
      if (!reading->shown.empty()) reading->shown = text;
      for (auto& s : reading->sources) s = text;
      for (auto& r : reading->reasons) r.source = text, r.detail = text;
      reading->reasons.push_back({reason_kind::unit, text, text});
      reading->reasons.push_back({reason_kind::doubtful, text, text});
    }
  a.failed_searches.push_back(text);
  return a;
}

TEST(cards, keep_hostile_text_of_a_chart_as_text) {
  const std::string stars(5000, '*');
  for (const auto& text : std::vector<std::string>{
           "<script>alert(1)</script>", "](javascript:alert(1)) [x", "| a | b |\n| --- | --- |",
           "![x](http://evil.example/x.png)", "`code` **bold** _em_ ~~del~~", "\n\n# heading\n\n- list",
           "https://evil.example www.evil.example a@evil.example", "\xE2\x80\xAE gnp.exe", "\\", stars}) {
    SCOPED_TRACE(text.substr(0, 60));
    for (const auto* name : {"day 67", "MRD without a unit, response too old", "MRD 0.001 % / preliminary"}) {
      const auto& p = *real_pack().value;
      for (const auto& card : compose(p, hostile(named(name).result, text), p.services.front().protocols)) {
        expect_valid(card);
        EXPECT_EQ(card.detail.find('<'), std::string::npos);
        EXPECT_EQ(card.detail.find("\xE2\x80\xAE"), std::string::npos);
      }
    }
  }
}

TEST(cards, shorten_the_head_and_tell_the_rest_below) {
  const auto& p = *real_pack().value;
  const auto& a = named("day 67").result;
  const auto full = compose(p, a, {0}).front().detail;
  const auto size = code_points(first_lines(full, 12));
  struct row {
    const char* name;
    std::size_t head;
    bool all_below;
  };
  for (const auto& r : {row{"exactly as long", size, false}, row{"one less", size - 1, false},
                        row{"much less", size - 150, true}, row{"little", 680, true}}) {
    SCOPED_TRACE(r.name);
    advice_limits limit;
    limit.head = r.head;
    const auto card = compose(p, a, {0}, limit).front();
    expect_valid(card, limit);
    EXPECT_EQ(card.detail.find("**All to confirm**") != std::string::npos, r.all_below);
    // Nothing is lost.
    for (const auto* piece : {"| age at CAR-T | 34 years |", "| CD19 CAR-T | day 67 |",
                              "infection active or none, by 2026-02-16", "no other condition that raises the risk"})
      EXPECT_THAT(card.detail, HasSubstr(piece));
  }
  EXPECT_EQ(compose(p, a, {0}, {139, size, 80}).front().detail, full);
}

TEST(cards, cut_a_long_summary_before_its_tail) {
  const auto& p = *real_pack().value;
  advice_limits limit;
  limit.summary = 60;
  const auto card = compose(p, named("day 67").result, {0}, limit).front();
  EXPECT_LE(code_points(card.summary), 60u);
  EXPECT_GE(code_points(card.summary), 58u);
  EXPECT_THAT(card.summary, ::testing::EndsWith("\xE2\x80\xA6; 6 to confirm"));
}

TEST(cards, do_not_depend_on_anything_but_chart_and_day) {
  const auto& p = *real_pack().value;
  const auto& a = named("day 67");
  EXPECT_EQ(compose(p, a.result, {0}).front().detail, a.cards.front().detail);
}

}  // namespace
}  // namespace mainstay::rules
