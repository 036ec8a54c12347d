// Prefetch, fetch by pages, and some of each lead to the same facts, verdicts and cards, for charts with random gaps
// and doubts.
#include "../../rules/assess/generated_charts.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <set>
#include <thread>

#include "../../rules/pack/files.hpp"
#include "cds/gather/gather.hpp"
#include "fhir/json/writer.hpp"
#include "fhir/store/store.hpp"
#include "rules/advice/advice.hpp"
#include "rules/assess/assess.hpp"
#include "rules/explain/explain.hpp"
#include "rules/pack/load.hpp"

namespace mainstay::cds::gather {
namespace {

using mainstay::test::below;
using mainstay::test::one_in;

const std::string base = "https://h.example/fhir";
constexpr unsigned all_at_once = 500;

/// The patient's record on a server that gives as many rows a page as it likes.
class record {
 public:
  explicit record(const std::vector<std::string>& resources) {
    for (const auto& text : resources) EXPECT_TRUE(store_.put(fhir::json::parse(text).value()));
  }

  /// What the server answers a query with, page by page.
  std::vector<std::string> pages(fhir::search::query q, unsigned a_page) const {
    if (q.read_id) return {fhir::json::to_text(**store_.read(q.type, *q.read_id))};
    std::vector<std::string> out;
    q.count = a_page;
    for (std::size_t offset = 0;;) {
      const auto page = store_.search(q, offset).value();
      out.push_back(fhir::store::to_bundle(page, q, base));
      offset += page.resources.size();
      if (!page.has_next()) return out;
    }
  }

 private:
  fhir::store::store store_;
};

fetcher fetch_from(const record& from, unsigned a_page, std::set<std::string>& asked,
                   std::vector<std::jthread>& threads) {
  return [&, a_page](fhir::client::request r, std::function<void(fhir::client::result)> done) {
    threads.emplace_back([&from, a_page, &asked, r = std::move(r), done = std::move(done)] {
      fhir::client::result out;
      for (const auto& [key, query] : r.queries) {
        asked.insert(key);
        fhir::client::query_result one{key, fhir::completeness::complete, {}, {}};
        for (auto& text : from.pages(query, a_page))
          one.pages.push_back({base, 200, fhir::json::parse(std::move(text)).value()});
        out.queries.push_back(std::move(one));
      }
      done(std::move(out));
    });
    return fhir::client::ticket{};
  };
}

using outcome = boost::system::result<gathered, hooks::error>;

boost::asio::awaitable<void> keep(const hooks::request& r, const rules::pack& p, const fetcher& fetch, const options& o,
                                  std::optional<outcome>& into) {
  auto got = co_await gather(r, p, fetch, o);
  into.emplace(std::move(got));
}

/// All that is said of the patient where the keys in `prefetched` are, and the rest is fetched.
std::string said(const rules::pack& p, const record& from, const std::set<std::string>& prefetched, unsigned a_page,
                 fhir::day today) {
  std::string values;
  for (const auto& need : p.requirements)
    if (prefetched.count(need.key) != 0)
      values +=
          (values.empty() ? "\"" : ",\"") + need.key + "\":" + from.pages(query_for(need, "p1"), all_at_once).front();
  rules::service s;
  s.hook = "patient-view";
  const auto request =
      hooks::parse(R"({"hook":"patient-view","hookInstance":"i","context":{"patientId":"p1"},"fhirServer":")" + base +
                       R"(","prefetch":{)" + values + "}}",
                   s)
          .value();
  options o;
  o.servers = {{base, false}};
  boost::asio::io_context io;
  std::optional<outcome> got;
  std::exception_ptr thrown;
  std::set<std::string> asked;
  std::vector<std::jthread> threads;
  const auto fetch = fetch_from(from, a_page, asked, threads);
  boost::asio::co_spawn(io, keep(request, p, fetch, o, got), [&](std::exception_ptr e) { thrown = e; });
  io.run();
  threads.clear();
  if (thrown) std::rethrow_exception(thrown);
  if (!*got) return "no chart: " + got->error().message;
  // Nothing is asked twice, and nothing that is lacking is left out.
  for (const auto& need : p.requirements) EXPECT_NE(asked.count(need.key), prefetched.count(need.key)) << need.key;
  const auto a = rules::assess((*got)->chart, p, fhir::now_at(today));
  return rules::explain_json(p, a, rules::compose(p, a, p.services.front().protocols), "today");
}

void check(std::uint64_t seed, int charts) {
  const auto loaded = rules::load(rules::test::read_folder(rules::test::real_pack_folder()));
  ASSERT_TRUE(loaded.value);
  const auto& p = *loaded.value;
  std::set<std::string> every;
  for (const auto& need : p.requirements) every.insert(need.key);
  rules::test::chart_generator generate(p, seed);
  for (int i = 0; i < charts && !testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE("chart " + std::to_string(i) + " of seed " + std::to_string(seed));
    const auto c = generate.next();
    std::vector<rules::diagnostic> problems;
    const record from(rules::case_files::compile(p, c, problems));
    ASSERT_TRUE(problems.empty());
    std::set<std::string> some;
    for (const auto& key : every)
      if (one_in(generate.random(), 2)) some.insert(key);
    const auto fetched = said(p, from, {}, all_at_once, c.today);
    EXPECT_EQ(said(p, from, every, all_at_once, c.today), fetched) << "prefetched";
    EXPECT_EQ(said(p, from, {}, 1 + static_cast<unsigned>(below(generate.random(), 3)), c.today), fetched)
        << "small pages";
    EXPECT_EQ(said(p, from, some, 2, c.today), fetched) << "some prefetched";
    EXPECT_NE(fetched.find("\"verdicts\""), std::string::npos) << fetched;
  }
}

TEST(gather, leads_to_the_same_cards_by_prefetch_and_by_fetch_fixed_seed) {
  check(20260301, mainstay::test::rounds(5000));
}

TEST(gather, leads_to_the_same_cards_by_prefetch_and_by_fetch_fresh_seed) {
  check(mainstay::test::fresh_seed(), mainstay::test::rounds(5000));
}

}  // namespace
}  // namespace mainstay::cds::gather
