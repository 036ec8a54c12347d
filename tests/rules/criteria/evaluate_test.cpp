// A comparison is yes if it holds for all that is possible, no if for none, else unknown; above it the logic is Kleene's.
#include "rules/criteria/evaluate.hpp"

#include <gtest/gtest.h>

#include <map>

namespace mainstay::rules {
namespace {

using fhir::comparison;
using fhir::decimal;
using fhir::truth;

const std::vector<std::string> states{"cr", "cri", "nr"};

expression name(std::string n) {
  expression e;
  e.name = std::move(n);
  return e;
}
expression is_in(std::string n, std::vector<std::string> codes) {
  expression e = name(std::move(n));
  e.type = expression::kind::in;
  for (auto& c : codes) e.literals.push_back({literal::kind::code, std::move(c), {}, {}});
  return e;
}
expression compares(std::string n, comparison op, long number) {
  expression e = name(std::move(n));
  e.type = expression::kind::compare;
  e.op = op;
  e.literals.push_back({literal::kind::number, {}, decimal(number), {}});
  return e;
}
expression compares(std::string n, comparison op, std::string code) {
  expression e = name(std::move(n));
  e.type = expression::kind::compare;
  e.op = op;
  e.literals.push_back({literal::kind::code, std::move(code), {}, {}});
  return e;
}
expression group(expression::kind how, std::vector<expression> parts) {
  expression e;
  e.type = how;
  e.children = std::move(parts);
  return e;
}

operand codes(std::uint64_t mask) {
  operand o;
  o.type = fact_type::code;
  o.anything = false;
  o.codes = mask;
  o.values = &states;
  return o;
}
operand numbers(std::optional<long> low, std::optional<long> high) {
  operand o;
  o.type = fact_type::number;
  o.anything = false;
  if (low) o.numbers.low = decimal(*low);
  if (high) o.numbers.high = decimal(*high);
  return o;
}
operand said(truth t) {
  operand o;
  o.anything = false;
  o.yes = t;
  return o;
}

truth ask(const expression& e, const operand& x) {
  return evaluate(e, [&](const expression&) { return x; });
}

TEST(evaluate, a_number_is_in_a_list_where_it_is_one_of_it) {
  auto in = compares("count", comparison::equal, 1L);
  in.type = expression::kind::in;
  in.literals.push_back({literal::kind::number, {}, decimal(3), {}});
  EXPECT_EQ(ask(in, numbers(1, 1)), truth::yes);
  EXPECT_EQ(ask(in, numbers(3, 3)), truth::yes);
  EXPECT_EQ(ask(in, numbers(2, 2)), truth::no);
  EXPECT_EQ(ask(in, numbers(2, 3)), truth::unknown);
  EXPECT_EQ(ask(in, numbers(4, std::nullopt)), truth::no);
}

TEST(criteria, comparisons_hold_for_all_none_or_some) {
  struct example {
    std::string name;
    expression e;
    operand x;
    truth want;
  };
  const std::vector<example> examples{
      {"cr is cr", compares("s", comparison::equal, "cr"), codes(1), truth::yes},
      {"cr or cri is cr", compares("s", comparison::equal, "cr"), codes(3), truth::unknown},
      {"nr is cr", compares("s", comparison::equal, "cr"), codes(4), truth::no},
      {"cr or cri in (cr, cri)", is_in("s", {"cr", "cri"}), codes(3), truth::yes},
      {"cr or nr in (cr, cri)", is_in("s", {"cr", "cri"}), codes(5), truth::unknown},
      {"cr is not nr", compares("s", comparison::not_equal, "nr"), codes(1), truth::yes},
      {"cr or nr is not nr", compares("s", comparison::not_equal, "nr"), codes(5), truth::unknown},
      {"nothing known", compares("s", comparison::equal, "cr"), operand{}, truth::unknown},
      {"39 >= 40", compares("n", comparison::greater_or_equal, 40), numbers(39, 39), truth::no},
      {"40 >= 40", compares("n", comparison::greater_or_equal, 40), numbers(40, 40), truth::yes},
      {"39 to 40 >= 40", compares("n", comparison::greater_or_equal, 40), numbers(39, 40), truth::unknown},
      {"1 or more > 1", compares("n", comparison::greater, 1), numbers(1, std::nullopt), truth::unknown},
      {"2 or more > 1", compares("n", comparison::greater, 1), numbers(2, std::nullopt), truth::yes},
      {"0 to 1 > 1", compares("n", comparison::greater, 1), numbers(0, 1), truth::no},
      {"a yes", name("t"), said(truth::yes), truth::yes},
      {"a no", name("t"), said(truth::no), truth::no},
  };
  for (const auto& e : examples) {
    SCOPED_TRACE(e.name);
    EXPECT_EQ(to_text(ask(e.e, e.x)), to_text(e.want));
    EXPECT_EQ(to_text(ask(group(expression::kind::not_, {e.e}), e.x)), to_text(not_(e.want)));
  }
}

// Making one name unknown never turns yes into no or back: over all truth values of three names and a set of formulas.
TEST(criteria, unknown_never_swaps_yes_and_no) {
  using k = expression::kind;
  const auto a = name("a"), b = name("b"), c = name("c");
  const std::vector<expression> formulas{
      group(k::and_, {a, b, c}),
      group(k::or_, {a, b, c}),
      group(k::and_, {a, group(k::or_, {b, c})}),
      group(k::or_, {group(k::not_, {a}), group(k::and_, {b, group(k::not_, {c})})}),
      group(k::not_, {group(k::or_, {a, group(k::and_, {b, c})})}),
  };
  const std::vector<truth> all{truth::no, truth::unknown, truth::yes};
  for (const auto& f : formulas) {
    for (truth x : all) {
      for (truth y : all) {
        for (truth z : all) {
          std::map<std::string, truth> world{{"a", x}, {"b", y}, {"c", z}};
          const auto value = [&] { return evaluate(f, [&](const expression& e) { return said(world.at(e.name)); }); };
          const auto known = value();
          for (const char* n : {"a", "b", "c"}) {
            const auto was = world.at(n);
            world[n] = truth::unknown;
            const auto less = value();
            EXPECT_TRUE(less == known || less == truth::unknown);
            world[n] = was;
          }
        }
      }
    }
  }
}

TEST(criteria, names_what_keeps_it_open) {
  using k = expression::kind;
  const auto a = name("a"), b = name("b");
  const std::map<std::string, truth> world{{"a", truth::yes}, {"b", truth::unknown}};
  const resolve names = [&](const expression& e) { return said(world.at(e.name)); };
  struct example {
    std::string name;
    expression e;
    std::vector<std::string> want;
  };
  const std::vector<example> examples{
      {"a and b", group(k::and_, {a, b}), {"b"}},
      {"a or b", group(k::or_, {a, b}), {}},
      {"b or not a", group(k::or_, {b, group(k::not_, {a})}), {"b", "a"}},
      {"not b", group(k::not_, {b}), {"b"}},
  };
  for (const auto& e : examples) {
    SCOPED_TRACE(e.name);
    std::vector<const expression*> open;
    open_names(e.e, names, open);
    std::vector<std::string> got;
    for (const auto* o : open) got.push_back(o->name);
    EXPECT_EQ(got, e.want);
  }
}

}  // namespace
}  // namespace mainstay::rules
