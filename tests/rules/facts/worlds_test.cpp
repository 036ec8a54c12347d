// What is known strictly holds in every world: each doubtful row there or not, each partial date each of its days. A naive
// evaluator of single worlds is the oracle: it knows nothing of ranges, doubt or scenarios.
#include <gtest/gtest.h>

#include <functional>
#include <iostream>
#include <set>

#include "../seeds.hpp"
#include "rules/facts/evaluate.hpp"

namespace mainstay::rules {
namespace {

using fhir::day;

enum events { car_t, hsct, mrd, relapse, event_count };
enum facts { car_t_now, hsct_since, mrd_value, mrd_cleared, relapses, day_after, fact_count };

const day today{20000};

pack make_pack() {
  pack p;
  const auto add_event = [&](std::string id, int one, bool has_result) {
    event e;
    e.id = std::move(id);
    e.sources.resize(1);
    if (one > 0) e.one = span_of_days{one, "", {}};
    if (has_result) e.has.push_back({"result", "", {}, {"negative", "positive"}, {}});
    p.events.push_back(e);
  };
  add_event("car_t", 3, false);
  add_event("hsct", 3, false);
  add_event("mrd", 0, true);
  add_event("relapse", 3, false);
  p.facts.resize(fact_count);
  const auto set = [&](index i, std::string id, verb how, fact_type type, std::vector<index> of) -> fact& {
    auto& f = p.facts[i];
    f.id = std::move(id);
    f.how = how;
    f.type = type;
    f.events = std::move(of);
    return f;
  };
  set(car_t_now, "car_t_now", verb::last, fact_type::event, {car_t});
  auto& since = set(hsct_since, "hsct_since", verb::any, fact_type::truth, {hsct});
  since.after = car_t_now;
  since.complete = "followed here";
  auto& value = set(mrd_value, "mrd", verb::last, fact_type::code, {mrd});
  value.after = car_t_now;
  value.particular = "result";
  value.values = {"negative", "positive"};
  auto& cleared = set(mrd_cleared, "mrd_cleared", verb::any, fact_type::truth, {mrd});
  cleared.after = car_t_now;
  expression negative;
  negative.type = expression::kind::compare;
  negative.name = "result";
  negative.literals.push_back({literal::kind::code, "negative", {}, {}});
  cleared.where = negative;
  auto& count = set(relapses, "relapses", verb::count, fact_type::number, {relapse});
  count.before = car_t_now;
  count.complete = "all are here";
  auto& days = set(day_after, "day", verb::days_since, fact_type::number, {});
  days.anchor = car_t_now;
  p.prepare();
  return p;
}

/// A row of one world: a day and what it says.
struct fixed_row {
  int at;
  std::uint64_t codes;
};
using world = std::array<std::vector<fixed_row>, event_count>;

struct happening {
  int first, last;
  std::uint64_t codes;  // 0: its rows contradict each other
};

std::vector<happening> happenings(std::vector<fixed_row> rows, int one) {
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  std::vector<happening> result;
  for (const auto& r : rows) {
    if (!result.empty() && r.at - result.back().last <= one) {
      result.back().last = r.at;
      result.back().codes &= r.codes;
    } else {
      result.push_back({r.at, r.at, r.codes});
    }
  }
  return result;
}

/// One world's answers: codes and truths as numbers, none where the question has no answer there.
using answers = std::array<std::optional<long>, fact_count>;

answers answer(const world& w) {
  answers a;
  const auto courses = happenings(w[car_t], 3);
  if (courses.empty()) return a;
  const auto last = courses.back();
  a[car_t_now] = last.first;
  a[day_after] = today.number - last.first;
  long transplants = 0;
  for (const auto& h : happenings(w[hsct], 3)) transplants += h.first > last.last;
  a[hsct_since] = transplants > 0;
  long cleared = 0;
  const auto results = happenings(w[mrd], 0);
  for (const auto& h : results) {
    if (h.first <= last.last) continue;
    cleared += h.codes == 1;
    a[mrd_value] = h.codes == 1 ? std::optional<long>(0) : h.codes == 2 ? std::optional<long>(1) : std::nullopt;
  }
  if (cleared > 0) a[mrd_cleared] = 1;
  long before = 0;
  for (const auto& h : happenings(w[relapse], 3)) before += h.first < last.first;
  a[relapses] = before;
  return a;
}

/// Calls `use` for every world of the rows.
void each_world(const std::vector<event_rows>& rows, const std::function<void(const world&)>& use) {
  struct choice {
    std::size_t event, row;
  };
  std::vector<choice> all;
  for (std::size_t e = 0; e < rows.size(); ++e)
    for (std::size_t r = 0; r < rows[e].rows.size(); ++r) all.push_back({e, r});
  world w;
  const std::function<void(std::size_t)> choose = [&](std::size_t i) {
    if (i == all.size()) {
      use(w);
      return;
    }
    const auto& r = rows[all[i].event].rows[all[i].row];
    auto& to = w[all[i].event];
    if (!r.doubts.empty()) choose(i + 1);
    // What a row leaves possible stays a set: rows of one day narrow each other.
    const std::uint64_t said = r.values.empty() ? 3 : r.values[0].codes;
    for (int at = r.when.first.number; at <= r.when.last.number; ++at) {
      to.push_back({at, said});
      choose(i + 1);
      to.pop_back();
    }
  };
  choose(0);
}

std::optional<long> known(const finding& f) {
  if (f.is != finding::state::known) return std::nullopt;
  switch (f.type) {
    case fact_type::event: return f.date->first.number;
    case fact_type::truth: return f.yes == fhir::truth::yes;
    case fact_type::code: return f.codes.front() == "positive";
    case fact_type::number: return static_cast<long>(f.numbers.low->mantissa());
  }
  return std::nullopt;
}

/// Lives as long as the program, for rows are views of their names.
std::string_view name_of(std::size_t event, int row) {
  static std::set<std::string> names;
  return *names.insert("R/" + std::to_string(event) + std::to_string(row)).first;
}

std::vector<event_rows> random_rows(mainstay::test::random_source& random) {
  std::vector<event_rows> rows(event_count);
  const auto below = [&](int n) { return mainstay::test::below(random, n); };
  const std::array<int, event_count> most{2, 2, 3, 2};
  for (std::size_t e = 0; e < event_count; ++e) {
    const int n = below(most[e] + 1);
    for (int i = 0; i < n; ++i) {
      row r;
      const int at = today.number - 14 + below(12);
      r.when = {day{at}, day{at + (below(4) == 0 ? 1 + below(3) : 0)}};
      r.when.last = std::min(r.when.last, today);
      r.source = name_of(e, i);
      if (below(3) == 0) r.doubts.push_back({reason_kind::doubtful, "", std::string(r.source)});
      if (e == mrd) {
        value_set v;
        v.said = true;
        v.codes = static_cast<std::uint64_t>(1 + below(3));
        r.values.push_back(v);
      }
      rows[e].rows.push_back(r);
    }
  }
  return rows;
}

std::string shown(const std::vector<event_rows>& rows) {
  constexpr std::array names{"car_t", "hsct", "mrd", "relapse"};
  std::string text;
  for (std::size_t e = 0; e < rows.size(); ++e)
    for (const auto& r : rows[e].rows) {
      text.append(names[e]).append(" ").append(std::to_string(r.when.first - today)).append("..").append(std::to_string(r.when.last - today));
      if (!r.doubts.empty()) text += " doubtful";
      if (!r.values.empty()) text += " says " + std::to_string(r.values[0].codes);
      text += "; ";
    }
  return text;
}

void check(std::uint64_t seed, int rounds) {
  mainstay::test::random_source random(seed);
  const auto p = make_pack();
  std::array<int, fact_count> times_known{}, times_decided{};
  for (int round = 0; round < rounds; ++round) {
    const auto rows = random_rows(random);
    const fhir::now at{{}, today, 0};
    const auto strict = evaluate_facts(p, rows, {}, at, reading_of_doubt::strict, {});
    std::array<bool, fact_count> same{};
    same.fill(true);
    answers first;
    bool started = false;
    each_world(rows, [&](const world& w) {
      const auto a = answer(w);
      if (!started) first = a;
      started = true;
      for (std::size_t f = 0; f < fact_count; ++f) same[f] = same[f] && a[f] == first[f];
    });
    for (std::size_t f = 0; f < fact_count; ++f) {
      const auto value = known(strict[f].what);
      const bool decided = same[f] && first[f].has_value();
      times_decided[f] += decided;
      times_known[f] += value.has_value();
      if (!value) continue;
      ASSERT_TRUE(decided) << "round " << round << ": `" << p.facts[f].id << "` is known as " << *value << ", but worlds differ: " << shown(rows);
      ASSERT_EQ(*value, *first[f]) << "round " << round << ": `" << p.facts[f].id << "`";
    }
  }
  for (std::size_t f = 0; f < fact_count; ++f) {
    std::cout << p.facts[f].id << ": known in " << times_known[f] << " of " << times_decided[f] << " that worlds agree on\n";
    // A cautious evaluator that never knows anything would pass the check above.
    EXPECT_GT(times_known[f] * 10, times_decided[f] * 8) << p.facts[f].id;
  }
}

TEST(facts_against_worlds, hold_in_every_world_fixed_seed) { check(20260301, 4000); }

// Two doubtful results of one day beside an older sure one: either may be there without the other.
TEST(facts_against_worlds, doubtful_rows_of_one_day_are_there_each_for_itself) { check(562354011, 1500); }

// A contradiction stays one where a third row agrees with one side.
TEST(facts_against_worlds, three_rows_that_can_meet_on_one_day) { check(451416744, 2800); }

TEST(facts_against_worlds, hold_in_every_world_fresh_seed) { check(mainstay::test::fresh_seed(), 4000); }

}  // namespace
}  // namespace mainstay::rules
