#include "cds/service/answer.hpp"

#include <algorithm>

#include "cds/service/zone.hpp"
#include "rules/assess/assess.hpp"

namespace mainstay::cds::service {

namespace {
using steady = std::chrono::steady_clock;

// Microseconds since the last look, for the log line.
class stopwatch {
 public:
  std::chrono::microseconds lap() {
    const auto now = steady::now();
    return std::chrono::duration_cast<std::chrono::microseconds>(now - std::exchange(last_, now));
  }

 private:
  steady::time_point last_ = steady::now();
};

bool gives_cards(const rules::protocol& p) {
  return p.status == rules::protocol_status::research || p.status == rules::protocol_status::production;
}

// Architecture, "When data is missing": 412 exactly when something is lacking, nobody could be asked, and no protocol of the
// service is decided by what there is.
bool nothing_decided(const rules::pack& p, const rules::service& service, const rules::assessment& a) {
  if (!a.silent.empty()) return false;
  bool any = false;
  for (const auto& result : a.protocols) {
    if (!gives_cards(p.protocols[result.protocol])) continue;
    if (std::find(service.protocols.begin(), service.protocols.end(), result.protocol) == service.protocols.end()) continue;
    // Data would not mend a fault of ours.
    if (result.is != rules::verdict::cannot_assess || !result.fault.empty()) return false;
    any = true;
  }
  return any;
}

hooks::error lacking(const gather::gathered& g) {
  std::string keys;
  for (const auto& key : g.lacking) keys += (keys.empty() ? "`" : ", `") + key + "`";
  return {412, "missing_data", "prefetch lacks " + keys + " and the FHIR server cannot be asked: " + g.why_not, "/prefetch"};
}

void note(call_log& log, const rules::pack& p, const rules::service& service, const gather::gathered& g, const rules::assessment& a) {
  if (!logs_calls()) return;
  for (const auto& answer : g.chart.answers()) {
    std::string how(fhir::to_text(answer.how));
    if (!answer.reason.empty()) how += ": " + answer.reason;
    log.completeness.emplace_back(answer.key, std::move(how));
  }
  for (const auto& result : a.protocols)
    if (std::find(service.protocols.begin(), service.protocols.end(), result.protocol) != service.protocols.end() &&
        gives_cards(p.protocols[result.protocol]))
      ++log.verdicts[std::string(rules::to_text(result.is))];
}

void log_faults(const std::vector<rules::card_content>& cards, call_log& log) {
  for (const auto& card : cards)
    for (const auto& fault : card.faults) {
      ++log.faults;
      log_event("error", "protocol failed", {{"id", hash_of(log.hook_instance)}, {"protocol", fault.protocol}, {"type", fault.type}});
    }
}

http::response failed(const hooks::error& e, call_log& log) {
  log.status = e.status;
  log.error = e.code;
  return error_response(e);
}
}  // namespace

http::response error_response(const hooks::error& e) {
  http::response r;
  r.status = e.status;
  r.body = hooks::to_operation_outcome(e);
  return r;
}

std::shared_ptr<const snapshot> make_snapshot(std::shared_ptr<const rules::pack> pack, gather::options fetch) {
  auto discovery = hooks::discovery(*pack);
  rules::composer cards(*pack);
  const auto assess = [](const fhir::chart& chart, const rules::pack& p, const fhir::now& at) { return rules::assess(chart, p, at); };
  return std::make_shared<const snapshot>(
      snapshot{std::move(pack), std::move(fetch), std::move(discovery), std::move(cards), assess});
}

boost::asio::awaitable<http::response> answer(const snapshot& s, const rules::service& service, std::string body,
                                              const gather::fetcher& fetch, const fhir::now& at, call_log& log,
                                              const std::function<void(const hooks::request&)>& seen) {
  stopwatch watch;
  const rules::pack& p = *s.pack;
  log.service = service.id;
  log.pack = p.hash;
  const auto request = hooks::parse(std::move(body), service);
  log.parse = watch.lap();
  if (!request) co_return failed(request.error(), log);
  log.hook_instance = request->hook_instance;
  if (seen) seen(*request);

  const auto gathered = co_await gather::gather(*request, p, fetch, s.fetch);
  log.gather = watch.lap();
  if (!gathered) co_return failed(gathered.error(), log);
  log.waited = gathered->waited;

  const auto assessment = s.assess(gathered->chart, p, at);
  note(log, p, service, *gathered, assessment);
  if (gathered->could_not_ask && nothing_decided(p, service, assessment)) {
    log.assess = watch.lap();
    co_return failed(lacking(*gathered), log);
  }
  // A fault is told under the id that the call's own line has: the same for the same request, so that a replay says it too.
  const auto cards =
      s.cards.compose(assessment, service.protocols, {}, [&log] { return hash_of(log.hook_instance); });
  log_faults(cards, log);
  http::response response;
  response.body = hooks::response(cards, request->hook_instance, service.id);
  // What an answer came from, so that it can be found again and given again.
  response.headers = {{"Mainstay-Pack", p.hash}, {"Mainstay-Now", to_text(at)}};
  log.assess = watch.lap();
  log.status = response.status;
  log.cards = cards.size();
  co_return response;
}

}  // namespace mainstay::cds::service
