// A fault of ours within a call: confined to one protocol it is told on a card and logged once, else the call is a 500.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <new>
#include <sstream>
#include <stdexcept>

#include "cds/service/application.hpp"
#include "cds/service/log.hpp"
#include "rules/advice/option.hpp"
#include "tests/rules/advice/case_cards.hpp"

namespace mainstay::cds::service {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::shared_ptr<const rules::pack>& pack() {
  return rules::test::small_pack().value;
}

/// The chart of a case in which both options fit, as prefetch of the keys named.
std::string body(const std::vector<std::string>& keys) {
  static const auto cases = rules::test::all_cases(rules::test::small_pack());
  const auto at = std::find_if(cases.begin(), cases.end(), [](const auto& c) { return c.name == "all surely yes"; });
  if (at == cases.end()) throw std::runtime_error("no such case");
  std::string prefetch;
  for (const auto& need : pack()->requirements) {
    if (std::find(keys.begin(), keys.end(), need.key) == keys.end()) continue;
    std::istringstream lines(at->resources);
    std::string rows;
    for (std::string line; std::getline(lines, line);) {
      if (line.find("\"resourceType\":\"" + need.query.type + "\"") == std::string::npos) continue;
      rows += need.query.type == "Patient" ? line : (rows.empty() ? "" : ",") + ("{\"resource\":" + line + "}");
    }
    prefetch +=
        (prefetch.empty() ? "\"" : ",\"") + need.key + "\":" +
        (need.query.type == "Patient" ? rows
                                      : R"({"resourceType":"Bundle","type":"searchset","entry":[)" + rows + "]}");
  }
  return R"({"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","context":{"userId":"Practitioner/1","patientId":")" +
         at->result.patient_id + R"("},"prefetch":{)" + prefetch + "}}";
}
std::vector<std::string> all_keys() {
  std::vector<std::string> out;
  for (const auto& need : pack()->requirements) out.push_back(need.key);
  return out;
}

struct told {
  http::response response;
  std::string log;
};

/// What the service answers to a body, and all that it logs.
told call(snapshot s, const std::string& body) {
  options o;
  o.now = [] { return fhir::now_at(*fhir::parse_day("2026-03-01")); };
  o.fetch = [](fhir::client::request, const std::function<void(fhir::client::result)>&) -> fhir::client::ticket {
    throw std::logic_error("nothing is to be fetched");
  };
  application app(std::make_shared<const snapshot>(std::move(s)), o);
  http::request r;
  r.method = "POST";
  r.path = "/cds-services/" + pack()->services.front().id;
  r.content_type = "application/json";
  r.body = body;
  told out;
  boost::asio::io_context io;
  ::testing::internal::CaptureStderr();
  boost::asio::co_spawn(io, app.handle(std::move(r)),
                        [&](std::exception_ptr, http::response got) { out.response = std::move(got); });
  io.run();
  out.log = ::testing::internal::GetCapturedStderr();
  return out;
}

snapshot healthy() {
  const auto made = make_snapshot(pack(), {});
  return {made->pack, made->fetch, made->discovery, rules::composer(*pack()), made->assess};
}
template <class Fault>
snapshot fails_to_write(const std::string& protocol, Fault fault) {
  const auto writer = [=](const rules::writing& w, const rules::protocol_result& r) {
    if (pack()->protocols[r.protocol].id == protocol) throw fault;
    return rules::option_card(w, r);
  };
  const auto s = healthy();
  return {s.pack, s.fetch, s.discovery, rules::composer(*pack(), writer), s.assess};
}
template <class Fault>
snapshot fails_to_decide(const std::string& protocol, Fault fault) {
  auto s = healthy();
  s.assess = [=](const fhir::chart& chart, const rules::pack& p, const fhir::now& at) {
    auto a = rules::assess(chart, p, at);
    const auto decided = a.protocols;
    rules::decide(p, a, [&](rules::index i) {
      if (p.protocols[i].id == protocol) throw fault;
      return decided[i];
    });
    return a;
  };
  return s;
}

std::size_t count(const std::string& text, const std::string& piece) {
  std::size_t n = 0;
  for (auto at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1)) ++n;
  return n;
}

TEST(call_with_a_fault, of_no_kind_gives_both_cards) {
  const auto got = call(healthy(), body(all_keys()));
  EXPECT_EQ(got.response.status, 200u) << got.response.body;
  EXPECT_EQ(count(got.response.body, "\"uuid\""), 2u);
  EXPECT_THAT(got.log, Not(HasSubstr("faults")));
}

TEST(call_with_a_fault, in_one_protocol_keeps_the_other_card_and_tells) {
  const std::length_error fault("of Jane");
  for (const bool deciding : {true, false}) {
    SCOPED_TRACE(deciding ? "deciding" : "writing");
    const auto broken = [&] {
      return deciding ? fails_to_decide("stop_drug", fault) : fails_to_write("stop_drug", fault);
    };
    const auto got = call(broken(), body(all_keys()));
    EXPECT_EQ(got.response.status, 200u);
    EXPECT_THAT(got.response.body, HasSubstr("Option to discuss: a further infusion (day 67)"));
    EXPECT_THAT(got.response.body, HasSubstr("Not assessed: to stop the drug; the service failed"));
    EXPECT_EQ(count(got.response.body, "\"uuid\""), 2u);
    // Once, under an id that the card and the call's own line have; what the exception says is nowhere.
    EXPECT_EQ(count(got.log, "\"protocol failed\""), 1u) << got.log;
    EXPECT_THAT(got.log, HasSubstr(R"("protocol":"stop_drug","type":"std::length_error")"));
    const auto id = hash_of("d1577c69-dfbe-44ad-ba6d-3e05e953b2ea");
    EXPECT_THAT(got.log, HasSubstr("\"id\":\"" + id + "\""));
    EXPECT_THAT(got.log, HasSubstr("\"hook_instance\":\"" + id + "\""));
    EXPECT_THAT(got.log, HasSubstr("\"faults\":1"));
    EXPECT_THAT(got.response.body, HasSubstr(id));
    for (const auto& text : {got.log, got.response.body}) EXPECT_THAT(text, Not(HasSubstr("Jane")));
    // The same request gives the same bytes, as a replay must.
    EXPECT_EQ(call(broken(), body(all_keys())).response.body, got.response.body);
  }
}

TEST(call_with_a_fault, is_no_412_where_data_is_lacking_too) {
  auto keys = all_keys();
  keys.pop_back();
  const std::length_error fault("of Jane");
  EXPECT_EQ(call(healthy(), body(keys)).response.status, 412u);
  const auto got = call(fails_to_decide("stop_drug", fault), body(keys));
  EXPECT_EQ(got.response.status, 200u);
  EXPECT_THAT(got.response.body, HasSubstr("the service failed on 1"));
  EXPECT_EQ(count(got.log, "\"protocol failed\""), 1u);
}

TEST(call_with_a_fault, beyond_one_protocol_is_a_500) {
  for (const bool deciding : {true, false}) {
    const std::bad_alloc fault;
    const auto got =
        call(deciding ? fails_to_decide("stop_drug", fault) : fails_to_write("stop_drug", fault), body(all_keys()));
    EXPECT_EQ(got.response.status, 500u);
    EXPECT_EQ(count(got.log, "\"event\":\"exception\""), 1u) << got.log;
  }
}

}  // namespace
}  // namespace mainstay::cds::service
