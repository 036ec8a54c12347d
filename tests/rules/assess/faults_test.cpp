// A fault of ours while one protocol is decided: that one cannot be assessed, and nothing else changes.
#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

#include "rules/assess/fault.hpp"
#include "rules/explain/explain.hpp"
#include "tests/rules/advice/case_cards.hpp"

namespace mainstay::rules {
namespace {

TEST(fault_of, says_the_type_and_nothing_else) {
  EXPECT_EQ(fault_of([] {}), "");
  EXPECT_EQ(fault_of([] { throw std::out_of_range("of Jane"); }), "std::out_of_range");
  EXPECT_EQ(fault_of([] { throw std::logic_error("of Jane"); }), "std::logic_error");
}

TEST(fault_of, lets_pass_what_is_no_fault_of_one_step) {
  EXPECT_THROW(fault_of([] { throw std::bad_alloc(); }), std::bad_alloc);
  EXPECT_THROW(fault_of([] { throw 1; }), int);
}

TEST(decide, confines_a_fault_to_its_protocol) {
  const auto& p = *test::small_pack().value;
  for (const auto& c : test::all_cases(test::small_pack())) {
    SCOPED_TRACE(c.name);
    for (index broken = 0; broken < p.protocols.size(); ++broken) {
      auto a = c.result;
      decide(p, a, [&](index i) {
        if (i == broken) throw std::out_of_range("of Jane");
        return c.result.protocols[i];
      });
      ASSERT_EQ(a.protocols.size(), p.protocols.size());
      const auto& failed = a.protocols[broken];
      EXPECT_EQ(failed.protocol, broken);
      EXPECT_EQ(failed.is, verdict::cannot_assess);
      EXPECT_EQ(failed.fault, "std::out_of_range");
      EXPECT_TRUE(failed.criteria.empty() && failed.risk.empty() && failed.missing.empty());
      const auto& other = a.protocols[1 - broken];
      EXPECT_EQ(other.is, c.result.protocols[1 - broken].is);
      EXPECT_EQ(other.criteria.size(), p.protocols[1 - broken].criteria.size());
      EXPECT_EQ(other.fault, "");
      EXPECT_NE(
          explain_text(p, a).find(p.protocols[broken].id + ": cannot assess\n  a fault of ours: std::out_of_range\n"),
          std::string::npos);
      EXPECT_NE(explain_json(p, a, {}, "").find(R"("fault": "std::out_of_range")"), std::string::npos);
    }
  }
}

TEST(decide, ends_with_what_is_wrong_beyond_one_protocol) {
  const auto& p = *test::small_pack().value;
  assessment a;
  EXPECT_THROW(decide(p, a, [](index) -> protocol_result { throw std::bad_alloc(); }), std::bad_alloc);
}

}  // namespace
}  // namespace mainstay::rules
