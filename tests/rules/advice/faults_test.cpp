// What a clinician sees where the service failed on one protocol: the other cards as ever, and a card that says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "case_cards.hpp"
#include "markdown.hpp"
#include "rules/advice/option.hpp"

namespace mainstay::rules {
namespace {

using ::mainstay::test::read_markdown;
using test::small_pack;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* log_id = "0123456789abcdef";

const test::assessed& named(const std::string& name) {
  static const auto all = test::all_cases(small_pack());
  for (const auto& a : all)
    if (a.name == name) return a;
  throw std::runtime_error("no case " + name);
}

/// Writes as ever, and fails on the protocols of these ids.
option_writer failing_on(const std::vector<std::string>& ids) {
  return [ids](const writing& w, const protocol_result& r) {
    for (const auto& id : ids)
      if (small_pack().value->protocols[r.protocol].id == id) throw std::length_error("of Jane");
    return option_card(w, r);
  };
}

std::vector<card_content> composed(const std::vector<std::string>& broken, const assessment& a) {
  const auto& p = *small_pack().value;
  return composer(p, failing_on(broken)).compose(a, p.services.front().protocols, {}, [] { return log_id; });
}

void expect_says_nothing_of_inside(const card_content& card) {
  for (const auto* inner : {"Jane", "length_error", "std"}) {
    EXPECT_THAT(card.detail, Not(HasSubstr(inner)));
    EXPECT_THAT(card.summary, Not(HasSubstr(inner)));
  }
  EXPECT_TRUE(read_markdown(card.detail).valid);
}

TEST(fault_cards, leave_the_other_option_as_it_is) {
  const auto& both = named("all surely yes");
  const auto cards = composed({"stop_drug"}, both.result);
  ASSERT_EQ(cards.size(), 2u);
  EXPECT_EQ(cards[0].detail, both.cards[0].detail);
  EXPECT_EQ(cards[0].faults.size(), 0u);
  EXPECT_EQ(cards[1].topic, "cannot-assess");
  EXPECT_EQ(cards[1].summary, "Not assessed: to stop the drug; the service failed");
  EXPECT_THAT(
      cards[1].detail,
      ::testing::StartsWith("**Not assessed on 2026-03-01: to stop the drug.** That is neither a yes nor a no.\n\n"
                            "**The service failed on:** to stop the drug. This is a fault of the service and says "
                            "nothing of the patient; its log has it under the id 0123456789abcdef.\n\n"));
  EXPECT_EQ(cards[1].protocols, std::vector<std::string>{"stop_drug"});
  ASSERT_EQ(cards[1].faults.size(), 1u);
  EXPECT_EQ(cards[1].faults[0].protocol, "stop_drug");
  EXPECT_EQ(cards[1].faults[0].type, "std::length_error");
  expect_says_nothing_of_inside(cards[1]);
}

TEST(fault_cards, tell_all_that_failed_on_one_card) {
  const auto cards = composed({"stop_drug", "infusion_again"}, named("all surely yes").result);
  ASSERT_EQ(cards.size(), 1u);
  EXPECT_EQ(cards[0].summary, "Not assessed: 2 options; the service failed");
  EXPECT_THAT(cards[0].detail, HasSubstr("**The service failed on:** a further infusion; to stop the drug."));
  EXPECT_EQ(cards[0].faults.size(), 2u);
  expect_says_nothing_of_inside(cards[0]);
}

TEST(fault_cards, tell_a_protocol_that_failed_while_it_was_decided) {
  const auto& p = *small_pack().value;
  const auto& waiting = named("all surely yes / MRD not on record");
  auto a = waiting.result;
  decide(p, a, [&](index i) {
    if (p.protocols[i].id == "stop_drug") throw std::length_error("of Jane");
    return waiting.result.protocols[i];
  });
  const auto cards = composed({}, a);
  ASSERT_EQ(cards.size(), 1u);
  EXPECT_THAT(cards[0].summary, HasSubstr("Not assessed: 2 options; the service failed on 1; open: "));
  EXPECT_THAT(cards[0].detail, HasSubstr("The record leaves open what this rests on; that is neither a yes nor a no."));
  EXPECT_THAT(cards[0].detail, HasSubstr("**The service failed on:** to stop the drug."));
  EXPECT_THAT(cards[0].detail, HasSubstr("| open | on record | would settle it |"));
  ASSERT_EQ(cards[0].faults.size(), 1u);
  expect_says_nothing_of_inside(cards[0]);
}

TEST(fault_cards, without_an_id_name_none) {
  const auto& p = *small_pack().value;
  const auto cards = composer(p, failing_on({"stop_drug"})).compose(named("all surely yes").result, {1}, {});
  EXPECT_THAT(cards.back().detail, HasSubstr("says nothing of the patient.\n"));
}

TEST(fault_cards, memory_that_has_run_out_is_no_fault_of_a_protocol) {
  const auto& p = *small_pack().value;
  const composer c(p, [](const writing&, const protocol_result&) -> card_content { throw std::bad_alloc(); });
  EXPECT_THROW(c.compose(named("all surely yes").result, p.services.front().protocols), std::bad_alloc);
}

}  // namespace
}  // namespace mainstay::rules
