#include "cds/gather/gather.hpp"

#include <algorithm>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "cds/gather/fetch.hpp"
#include "cds/gather/prefetch.hpp"

namespace mainstay::cds::gather {

namespace {
using fhir::completeness;

hooks::error foreign(const fhir::foreign_patient& found) {
  return {400, "foreign_patient", "`prefetch." + found.key + "` holds a resource of another patient than `context.patientId`",
          "/prefetch/" + found.key};
}

// One requirement on its way: what prefetch has of it.
struct part {
  const rules::requirement* requirement;
  const fhir::json::node* value = nullptr;
  prefetch_state state = prefetch_state::absent;
};

// The server to ask, or why there is none.
struct permission {
  const permitted_server* server = nullptr;
  std::string why_not;
};
bool has_expired(const hooks::request& r) { return r.token_lifetime && r.token_lifetime->count() == 0; }

permission permission_for(const hooks::request& r, const options& o) {
  if (r.fhir_server.empty()) return {nullptr, "`fhirServer` is absent"};
  const auto* server = find_permitted(o.servers, r.fhir_server);
  if (!server) return {nullptr, "`fhirServer` is not on the list of permitted servers"};
  if (server->needs_token && r.access_token.empty()) return {nullptr, "`fhirServer` needs a token in `fhirAuthorization`"};
  if (server->needs_token && has_expired(r)) return {nullptr, "the token in `fhirAuthorization` has expired"};
  return {server, ""};
}

boost::system::result<std::vector<part>, hooks::error> read_prefetch(const hooks::request& r, const rules::pack& p) {
  std::vector<part> parts;
  parts.reserve(p.requirements.size());
  for (const auto& requirement : p.requirements) {
    part one{&requirement};
    if (r.prefetch) one.value = r.prefetch->find(fhir::json::key(std::string_view(requirement.key)));
    const auto state = classify(one.value, requirement.key, requirement.query.type);
    if (!state) return state.error();
    one.state = *state;
    parts.push_back(std::move(one));
  }
  return parts;
}

boost::system::result<void, fhir::foreign_patient> add_prefetched(fhir::chart& into, const hooks::request& r, const part& one) {
  const std::string& key = one.requirement->key;
  const auto add = [&](completeness how, std::string reason) {
    return into.add(key, one.requirement->query, std::span(&one.value, 1), r.body, how, std::move(reason), fhir::chart::origin::prefetch);
  };
  const auto failed = [&](std::string reason) {
    into.add_answer({.key = key, .how = completeness::failed, .reason = std::move(reason), .down_to = {}});
  };
  switch (one.state) {
    case prefetch_state::absent: break;
    case prefetch_state::null: into.add_answer({.key = key, .how = completeness::null, .reason = {}, .down_to = {}}); break;
    case prefetch_state::failed: failed("prefetch holds an OperationOutcome"); break;
    case prefetch_state::other_type:  // the chart counts it as failed, once it has looked whose it is
    case prefetch_state::resource: return add(completeness::complete, {});
    case prefetch_state::first_page: return add(completeness::newest_page_only, "later pages of prefetch not followed");
  }
  return {};
}

void add_fetched(fhir::chart& into, const part& one, fhir::client::query_result got) {
  std::vector<fhir::json::document> documents;
  for (auto& page : got.pages)
    if (page.status == 200) documents.push_back(std::move(page.body));
  if (documents.empty()) {
    into.add_answer({.key = one.requirement->key, .how = got.how, .reason = std::move(got.reason), .down_to = {}});
    return;
  }
  // Another patient's rows are dropped by the chart, which then counts the query as failed: never an error here.
  const auto added =
      into.add(one.requirement->key, one.requirement->query, std::move(documents), got.how, std::move(got.reason), fhir::chart::origin::fetched);
  if (!added) into.add_answer({.key = one.requirement->key, .how = completeness::failed, .reason = "another patient's resource", .down_to = {}});
}

fhir::client::query_result* result_of(fhir::client::result& all, const std::string& key) {
  for (auto& q : all.queries)
    if (q.key == key) return &q;
  return nullptr;
}
}  // namespace

fetcher fetcher_of(fhir::client::client& client) {
  return [&client](fhir::client::request r, std::function<void(fhir::client::result)> done) {
    return client.fetch(std::move(r), std::move(done));
  };
}

fhir::search::query query_for(const rules::requirement& requirement, const std::string& patient_id) {
  auto query = requirement.query;
  if (query.type == "Patient") query.read_id = patient_id;
  else query.patients = {patient_id};
  return query;
}

boost::asio::awaitable<boost::system::result<gathered, hooks::error>> gather(const hooks::request& r, const rules::pack& p,
                                                                            const fetcher& fetch, const options& o) {
  const auto parts = read_prefetch(r, p);
  if (!parts) co_return parts.error();
  const auto permission = permission_for(r, o);
  const std::string base = permission.server ? permission.server->base : r.fhir_server;
  gathered result{.chart = fhir::chart(r.patient_id, base), .why_not = {}, .lacking = {}};

  fhir::client::request wanted;
  std::vector<const part*> asked;
  for (const auto& one : *parts) {
    if (one.state == prefetch_state::absent) result.lacking.push_back(one.requirement->key);
    const auto added = add_prefetched(result.chart, r, one);
    if (!added) co_return foreign(added.error());
    // The first page alone is in the chart; asked for as a whole, the better of the two answers counts.
    if (permission.server && (one.state == prefetch_state::absent || one.state == prefetch_state::first_page)) {
      wanted.queries.emplace_back(one.requirement->key, query_for(*one.requirement, r.patient_id));
      asked.push_back(&one);
    }
  }
  if (!permission.server && !result.lacking.empty()) {
    result.could_not_ask = true;
    result.why_not = permission.why_not;
    for (const auto& key : result.lacking) result.chart.add_answer({.key = key, .how = completeness::not_asked, .reason = {}, .down_to = {}});
  }
  if (asked.empty()) co_return result;

  wanted.base = base;
  wanted.deadline = o.deadline;
  // An expired token is not sent, and none is sent after it has expired.
  if (!has_expired(r)) {
    wanted.token = r.access_token;
    if (r.token_lifetime) wanted.deadline = std::min(wanted.deadline, *r.token_lifetime);
  }
  const auto& token = boost::asio::use_awaitable;
  fhir::client::result got = co_await async_fetch(fetch, std::move(wanted), token);
  result.waited = got.took;
  for (const part* one : asked) {
    auto* answer = result_of(got, one->requirement->key);
    if (answer) {
      add_fetched(result.chart, *one, std::move(*answer));
    } else {
      result.chart.add_answer({.key = one->requirement->key, .how = completeness::failed, .reason = "no answer", .down_to = {}});
    }
  }
  co_return result;
}

}  // namespace mainstay::cds::gather
