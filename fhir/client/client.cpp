#include "fhir/client/client.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <unordered_set>

#include "fhir/client/fetch.hpp"
#include "fhir/client/loop.hpp"

namespace mainstay::fhir::client {

struct ticket::state {
  std::shared_ptr<mailbox> box;
  std::weak_ptr<fetch_run> under_way;
};

void ticket::cancel() {
  if (!state_) return;
  state_->box->post([weak = state_->under_way] {
    if (const auto run = weak.lock()) run->end_all("cancelled");
  });
}

struct client::state {
  explicit state(options o) : limits(std::move(o)), engine(limits) {}

  const options limits;
  std::atomic<std::size_t> in_flight{0};
  std::unordered_set<std::shared_ptr<fetch_run>> runs;  // the client's thread only
  loop engine;                                          // last: its thread ends first

  void begin(const std::shared_ptr<fetch_run>& run) {
    runs.insert(run);
    run->start([this, run = run.get()] { forget(run); });
  }
  void forget(fetch_run* run) {
    std::erase_if(runs, [run](const auto& other) { return other.get() == run; });
    --in_flight;
  }
  void cancel_all() {
    while (!runs.empty()) {
      const auto run = *runs.begin();
      run->end_all("cancelled");
    }
  }
};

client::client(options o) : state_(std::make_unique<state>(std::move(o))) {
  // An option that this libcurl refuses is found here, not on the thread.
  const transfer probe(call{}, secret(), state_->limits, nullptr);
  state_->engine.run([s = state_.get()] { s->cancel_all(); });
}

client::~client() { state_->engine.stop(); }

ticket client::fetch(request r, std::function<void(result)> done) {
  state& s = *state_;
  const bool busy = s.in_flight.fetch_add(1) >= s.limits.requests_in_flight;
  const auto run = std::make_shared<fetch_run>(s.engine, s.limits, std::move(r), std::move(done));
  const bool posted = s.engine.box()->post([&s, run, busy] {
    if (!busy) return s.begin(run);
    --s.in_flight;
    run->end_all("busy");
  });
  if (!posted) run->end_all("cancelled");  // asked by a completion while the client ends
  ticket t;
  t.state_ = std::make_shared<ticket::state>(ticket::state{s.engine.box(), run});
  return t;
}

client::plain_response client::send(plain_request r) {
  plain_response failed;
  const bool method_ok = !r.method.empty() && std::all_of(r.method.begin(), r.method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!method_ok) failed.error = "method not understood";
  if (!r.token.empty() && !is_bearer_token(r.token.reveal())) failed.error = "token not usable";
  if (!failed.error.empty()) return failed;

  std::promise<reply> promise;
  std::future<reply> future = promise.get_future();
  call c{std::move(r.method), std::move(r.url), std::move(r.body), std::move(r.content_type), steady_clock::now() + r.deadline, nullptr, true, std::move(r.accept)};
  // Shared, because a std::function is copied; destroyed without a value when the client ends first.
  auto answer = std::make_shared<std::promise<reply>>(std::move(promise));
  auto t = std::make_shared<std::unique_ptr<transfer>>(std::make_unique<transfer>(
      std::move(c), r.token, state_->limits, [answer](reply came) { answer->set_value(std::move(came)); }));
  answer.reset();
  state_->engine.box()->post([engine = &state_->engine, t] { engine->start(std::move(*t)); });
  t.reset();
  try {
    reply came = future.get();
    return {came.status, std::move(came.body), std::move(came.content_type), std::move(came.error), std::move(came.headers)};
  } catch (const std::future_error&) {
    failed.error = "cancelled";
    return failed;
  }
}

}  // namespace mainstay::fhir::client
