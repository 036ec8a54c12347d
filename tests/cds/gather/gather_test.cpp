#include "cds/gather/gather.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <optional>
#include <thread>

namespace mainstay::cds::gather {
namespace {

using fhir::completeness;

rules::pack small_pack() {
  rules::pack p;
  rules::requirement patient;
  patient.key = "patient";
  patient.query.type = "Patient";
  patient.query.read_id = "";
  rules::requirement observation;
  observation.key = "observation";
  observation.query.type = "Observation";
  observation.query.sort = {"-date"};
  p.requirements = {patient, observation};
  return p;
}

hooks::request request_with(const std::string& members) {
  rules::service s;
  s.hook = "patient-view";
  return hooks::parse(R"({"hook":"patient-view","hookInstance":"i","context":{"patientId":"p1"})" + (members.empty() ? "" : "," + members) + "}", s).value();
}

std::string observation(const std::string& id, const std::string& patient, const std::string& date) {
  return R"({"resourceType":"Observation","id":")" + id + R"(","status":"final","subject":{"reference":"Patient/)" + patient +
         R"("},"effectiveDateTime":")" + date + R"("})";
}
std::string bundle(const std::vector<std::string>& resources, const std::string& more = "") {
  std::string out = R"({"resourceType":"Bundle","type":"searchset")" + more + R"(,"entry":[)";
  for (std::size_t i = 0; i < resources.size(); ++i) out += (i ? "," : "") + (R"({"resource":)" + resources[i] + "}");
  return out + "]}";
}
const std::string patient = R"({"resourceType":"Patient","id":"p1"})";
const std::string next_link = R"(,"link":[{"relation":"next","url":"https://h.example/fhir?page=2"}])";

// A FHIR server of a table: answers by key, on a thread of its own as the client does.
struct stub {
  std::map<std::string, std::vector<std::string>> pages;
  completeness how = completeness::complete;
  std::string reason;
  fhir::client::request seen;
  int asked = 0;

  fetcher fetch() {
    return [this](fhir::client::request r, std::function<void(fhir::client::result)> done) {
      ++asked;
      seen = r;
      std::thread([this, r = std::move(r), done = std::move(done)] {
        fhir::client::result out;
        for (const auto& [key, query] : r.queries) {
          fhir::client::query_result one;
          one.key = key;
          one.how = how;
          one.reason = reason;
          for (const auto& text : pages[key]) one.pages.push_back({"https://h.example/fhir", 200, fhir::json::parse(text).value()});
          out.queries.push_back(std::move(one));
        }
        done(std::move(out));
      }).detach();
      return fhir::client::ticket{};
    };
  }
};

using outcome = boost::system::result<gathered, hooks::error>;

boost::asio::awaitable<void> keep(const hooks::request& r, const rules::pack& p, const fetcher& fetch, const options& o, std::optional<outcome>& into) {
  auto got = co_await gather(r, p, fetch, o);
  into.emplace(std::move(got));
}

outcome run(const hooks::request& r, const fetcher& fetch, std::vector<permitted_server> servers) {
  const auto p = small_pack();
  options o;
  o.servers = std::move(servers);
  boost::asio::io_context io;
  std::optional<outcome> got;
  std::exception_ptr thrown;
  boost::asio::co_spawn(io, keep(r, p, fetch, o, got), [&](std::exception_ptr e) { thrown = e; });
  io.run();
  if (thrown) std::rethrow_exception(thrown);
  return std::move(*got);
}

const std::vector<permitted_server> permitted{{"https://h.example/fhir", false}};
const std::string server = R"("fhirServer":"https://h.example/fhir")";

std::string prefetch(const std::string& patient_value, const std::string& observation_value) {
  std::string out = R"("prefetch":{)";
  if (!patient_value.empty()) out += R"("patient":)" + patient_value;
  if (!patient_value.empty() && !observation_value.empty()) out += ",";
  if (!observation_value.empty()) out += R"("observation":)" + observation_value;
  return out + "}";
}

struct state_row {
  const char* name;
  std::string value;  // of `observation`; empty: absent
  completeness how;
  std::size_t rows;
};

TEST(gather, states_of_prefetch_without_a_server) {
  const state_row table[] = {
      {"absent", "", completeness::not_asked, 0},
      {"null", "null", completeness::null, 0},
      {"OperationOutcome", R"({"resourceType":"OperationOutcome","issue":[]})", completeness::failed, 0},
      {"other type", R"({"resourceType":"Practitioner","id":"x"})", completeness::failed, 0},
      {"other type of this patient", R"({"resourceType":"Condition","id":"x","subject":{"reference":"Patient/p1"}})", completeness::failed, 0},
      {"empty Bundle", bundle({}), completeness::complete, 0},
      {"one page", bundle({observation("o1", "p1", "2026-01-01")}), completeness::complete, 1},
      {"first page", bundle({observation("o1", "p1", "2026-01-02"), observation("o2", "p1", "2026-01-01")}, next_link), completeness::newest_page_only, 2},
      {"a resource alone answers no search", observation("o1", "p1", "2026-01-01"), completeness::partial, 1},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.name);
    stub nobody;
    const auto got = run(request_with(prefetch(patient, row.value)), nobody.fetch(), {});
    ASSERT_TRUE(got.has_value()) << got.error().message;
    EXPECT_EQ(got->chart.answer_for("observation").how, row.how);
    EXPECT_EQ(got->chart.resources("Observation").size(), row.rows);
    EXPECT_EQ(got->chart.answer_for("patient").how, completeness::complete);
    EXPECT_EQ(got->could_not_ask, row.value.empty());
    EXPECT_EQ(nobody.asked, 0);
  }
}

TEST(gather, refuses_what_is_no_resource) {
  const std::string table[] = {R"({"response":{"status":"200 OK"},"resource":)" + patient + "}", "[]", "{}", "1", "\"<html>\"", "true",
                               R"({"resourceType":1})"};
  for (const auto& value : table) {
    SCOPED_TRACE(value);
    stub nobody;
    const auto got = run(request_with(prefetch(value, "")), nobody.fetch(), permitted);
    ASSERT_FALSE(got.has_value());
    EXPECT_EQ(got.error().status, 400u);
    EXPECT_EQ(got.error().code, "invalid_prefetch");
    EXPECT_EQ(got.error().pointer, "/prefetch/patient");
    EXPECT_EQ(nobody.asked, 0);
  }
}

TEST(gather, foreign_patient_in_prefetch_refuses_the_call) {
  const std::string table[] = {
      prefetch(R"({"resourceType":"Patient","id":"p2"})", ""),
      prefetch(patient, bundle({observation("o1", "p1", "2026-01-01"), observation("o2", "p2", "2026-01-01")})),
      prefetch(patient, bundle({observation("o2", "p2", "2026-01-01")}, next_link)),
      prefetch(patient, R"({"resourceType":"Condition","id":"x","subject":{"reference":"Patient/p2"}})"),
      prefetch(patient, bundle({R"({"resourceType":"Condition","id":"x","subject":{"reference":"Patient/p2"}})"})),
  };
  for (const auto& members : table)
    for (const auto& servers : {std::vector<permitted_server>{}, permitted}) {
      SCOPED_TRACE(members);
      stub nobody;
      const auto got = run(request_with(members + "," + server), nobody.fetch(), servers);
      ASSERT_FALSE(got.has_value());
      EXPECT_EQ(got.error().status, 400u);
      EXPECT_EQ(got.error().code, "foreign_patient");
      EXPECT_EQ(nobody.asked, 0);
    }
}

std::string authorization(const std::string& expires_in) {
  return R"(,"fhirAuthorization":{"access_token":"tok","token_type":"Bearer","expires_in":)" + expires_in + "}";
}

struct permission_row { const char* name; std::string members; std::vector<permitted_server> servers; const char* why_not; };

TEST(gather, why_nobody_was_asked) {
  const permission_row table[] = {
      {"no server", "", permitted, "`fhirServer` is absent"},
      {"not on the list", R"("fhirServer":"https://evil.example/fhir")", permitted, "`fhirServer` is not on the list of permitted servers"},
      {"empty list", server, {}, "`fhirServer` is not on the list of permitted servers"},
      {"no token", server, {{"https://h.example/fhir", true}}, "`fhirServer` needs a token in `fhirAuthorization`"},
      {"expired token", server + authorization("0"), {{"https://h.example/fhir", true}}, "the token in `fhirAuthorization` has expired"},
      {"token that never was", server + authorization("-1e3"), {{"https://h.example/fhir", true}}, "the token in `fhirAuthorization` has expired"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.name);
    stub nobody;
    const auto got = run(request_with(row.members), nobody.fetch(), row.servers);
    ASSERT_TRUE(got.has_value());
    EXPECT_TRUE(got->could_not_ask);
    EXPECT_EQ(got->why_not, row.why_not);
    EXPECT_EQ(got->lacking, (std::vector<std::string>{"patient", "observation"}));
    EXPECT_EQ(nobody.asked, 0);
  }
}

TEST(gather, asks_for_what_is_lacking_alone) {
  stub s;
  s.pages["observation"] = {bundle({observation("o1", "p1", "2026-01-01")})};
  const auto got = run(request_with(prefetch(patient, "") + R"(,"fhirServer":"https://H.example:443/fhir/","fhirAuthorization":{"access_token":"tok","token_type":"Bearer"})"),
                       s.fetch(), {{"https://h.example/fhir", true}});
  ASSERT_TRUE(got.has_value());
  EXPECT_FALSE(got->could_not_ask);
  ASSERT_EQ(s.seen.queries.size(), 1u);
  EXPECT_EQ(s.seen.queries[0].first, "observation");
  EXPECT_EQ(s.seen.queries[0].second.patients, std::vector<std::string>{"p1"});
  EXPECT_EQ(s.seen.base, "https://h.example/fhir") << "the list's spelling, never the request's";
  EXPECT_EQ(s.seen.token.reveal(), "tok");
  EXPECT_EQ(got->chart.resources("Observation").size(), 1u);
  EXPECT_EQ(got->chart.answer_for("observation").how, completeness::complete);
}

// CDS Hooks 2.0.1, "FHIR Authorization": `expires_in` counts from the call.
TEST(gather, no_token_is_sent_when_it_has_expired) {
  struct row { const char* expires_in; const char* token; std::chrono::milliseconds deadline; };
  using namespace std::chrono_literals;
  const row table[] = {{"0", "", 1500ms},   {"-5", "", 1500ms},       {"1e-400", "", 1500ms},  {"0.0001", "", 1500ms}, {"1", "tok", 1000ms},
                       {"0.25", "tok", 250ms}, {"1.5", "tok", 1500ms}, {"300", "tok", 1500ms}, {"3e2", "tok", 1500ms}, {"1e300", "tok", 1500ms}};
  for (const auto& row : table) {
    SCOPED_TRACE(row.expires_in);
    stub s;
    s.pages["observation"] = {bundle({})};
    const auto got = run(request_with(prefetch(patient, "") + "," + server + authorization(row.expires_in)), s.fetch(), permitted);
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(s.asked, 1) << "this server may be asked without a token";
    EXPECT_EQ(s.seen.token.reveal(), row.token);
    EXPECT_EQ(s.seen.deadline, row.deadline);
  }
}

TEST(gather, reads_the_patient_by_id) {
  stub s;
  s.pages["patient"] = {patient};
  s.pages["observation"] = {bundle({})};
  const auto got = run(request_with(server), s.fetch(), permitted);
  ASSERT_TRUE(got.has_value());
  ASSERT_EQ(s.seen.queries.size(), 2u);
  EXPECT_EQ(s.seen.queries[0].second.read_id, "p1");
  EXPECT_TRUE(s.seen.queries[0].second.patients.empty());
  EXPECT_NE(got->chart.patient(), nullptr);
}

TEST(gather, an_outcome_or_null_is_not_asked_again) {
  stub s;
  const auto got = run(request_with(prefetch(R"({"resourceType":"OperationOutcome"})", "null") + "," + server), s.fetch(), permitted);
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(s.asked, 0);
  EXPECT_FALSE(got->could_not_ask);
}

TEST(gather, first_page_is_followed_or_stays) {
  const auto first = bundle({observation("o1", "p1", "2026-01-02"), observation("o2", "p1", "2026-01-01")}, next_link);
  stub whole;
  whole.pages["observation"] = {bundle({observation("o1", "p1", "2026-01-02")}, next_link), bundle({observation("o3", "p1", "2025-01-01")})};
  const auto followed = run(request_with(prefetch(patient, first) + "," + server), whole.fetch(), permitted);
  ASSERT_TRUE(followed.has_value());
  EXPECT_EQ(followed->chart.answer_for("observation").how, completeness::complete);
  EXPECT_EQ(followed->chart.resources("Observation").size(), 3u);

  stub dead;
  dead.how = completeness::failed;
  dead.reason = "timeout";
  const auto stayed = run(request_with(prefetch(patient, first) + "," + server), dead.fetch(), permitted);
  ASSERT_TRUE(stayed.has_value());
  EXPECT_EQ(stayed->chart.answer_for("observation").how, completeness::newest_page_only);
  EXPECT_EQ(stayed->chart.resources("Observation").size(), 2u);
  EXPECT_FALSE(stayed->could_not_ask);
}

TEST(gather, failed_and_foreign_answers_count_as_failed) {
  stub dead;
  dead.how = completeness::failed;
  dead.reason = "status 401";
  const auto failed = run(request_with(server), dead.fetch(), permitted);
  ASSERT_TRUE(failed.has_value());
  EXPECT_EQ(failed->chart.answer_for("observation").how, completeness::failed);
  EXPECT_EQ(failed->chart.answer_for("observation").reason, "status 401");
  EXPECT_FALSE(failed->could_not_ask) << "somebody was asked";

  stub foreign;
  foreign.pages["patient"] = {patient};
  foreign.pages["observation"] = {bundle({observation("o1", "p1", "2026-01-01"), observation("o2", "p2", "2026-01-01")})};
  const auto dropped = run(request_with(server), foreign.fetch(), permitted);
  ASSERT_TRUE(dropped.has_value());
  EXPECT_EQ(dropped->chart.answer_for("observation").how, completeness::failed);
  for (const auto* row : dropped->chart.resources("Observation")) EXPECT_EQ(row->string("id"), "o1");
}

// The client's thread hands over; the coroutine goes on where it was.
TEST(gather, resumes_on_its_own_executor) {
  const auto r = request_with(server);
  const auto p = small_pack();
  options o;
  o.servers = permitted;
  stub s;
  const auto fetch = s.fetch();
  boost::asio::io_context io;
  const auto here = std::this_thread::get_id();
  std::thread::id resumed_on;
  std::optional<outcome> got;
  boost::asio::co_spawn(io, keep(r, p, fetch, o, got), [&](std::exception_ptr) { resumed_on = std::this_thread::get_id(); });
  io.run();
  EXPECT_TRUE(got && got->has_value());
  EXPECT_EQ(resumed_on, here);
}

TEST(gather, an_answer_inside_the_call_resumes_later) {
  const auto r = request_with(server);
  const fetcher at_once = [](fhir::client::request asked, std::function<void(fhir::client::result)> done) {
    fhir::client::result out;
    for (const auto& [key, query] : asked.queries) out.queries.push_back({key, completeness::failed, "refused", {}});
    done(std::move(out));
    return fhir::client::ticket{};
  };
  const auto got = run(r, at_once, permitted);
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->chart.answer_for("patient").reason, "refused");
}

}  // namespace
}  // namespace mainstay::cds::gather
