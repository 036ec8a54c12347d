#include "fhir/client/loop.hpp"

#include <pthread.h>

#include <algorithm>
#include <cassert>
#include <csignal>
#include <new>
#include <stdexcept>

namespace mainstay::fhir::client {
namespace {

// Connections kept open for the next request, of all servers.
constexpr long idle_connections = 64;
// libcurl's own timers end a poll too; this only bounds how long a lost wake-up could matter.
constexpr int longest_poll_ms = 1000;

}  // namespace

bool mailbox::post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (multi_ == nullptr) return false;
  waiting_.push_back(std::move(work));
  curl_multi_wakeup(multi_);
  return true;
}

std::vector<std::function<void()>> mailbox::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

std::vector<std::function<void()>> mailbox::close() {
  const std::lock_guard lock(mutex_);
  multi_ = nullptr;
  return std::exchange(waiting_, {});
}

loop::loop(const options& o) {
  ensure_curl();
  multi_.reset(curl_multi_init());
  if (!multi_) throw std::bad_alloc();
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS, o.connections_per_host);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, idle_connections);
  box_.reset(new mailbox(multi_.get()));
}

loop::~loop() {
  if (thread_.joinable()) stop();
  for (auto& [handle, t] : transfers_) curl_multi_remove_handle(multi_.get(), handle);
}

void loop::run(std::function<void()> at_end) {
  at_end_ = std::move(at_end);
  // Signals are the main thread's, and a write of TLS to a closed socket must not end the process by SIGPIPE.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { work(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void loop::stop() {
  box_->post([this] { stopping_ = true; });
  thread_.join();
}

void loop::work() {
  while (true) {
    for (const auto& task : box_->take()) task();
    if (stopping_) break;
    fire_timers();
    int running = 0;
    [[maybe_unused]] CURLMcode code = curl_multi_perform(multi_.get(), &running);
    assert(code == CURLM_OK);
    finish_transfers();
    // A wake-up that came since take() is remembered by libcurl, and a transfer just added makes this return at once.
    code = curl_multi_poll(multi_.get(), nullptr, 0, milliseconds_to_timer(), nullptr);
    assert(code == CURLM_OK);
  }
  for (const auto& task : box_->close()) task();
  at_end_();
}

transfer* loop::start(std::unique_ptr<transfer> t) {
  transfer* started = t.get();
  CURL* handle = t->handle();
  transfers_.emplace(handle, std::move(t));
  if (curl_multi_add_handle(multi_.get(), handle) != CURLM_OK) {
    transfers_.erase(handle);
    throw std::runtime_error("libcurl refuses a transfer");
  }
  return started;
}

void loop::drop(transfer* t) {
  if (t == nullptr) return;
  const auto at =
      std::find_if(transfers_.begin(), transfers_.end(), [t](const auto& entry) { return entry.second.get() == t; });
  if (at == transfers_.end()) return;
  curl_multi_remove_handle(multi_.get(), at->first);
  transfers_.erase(at);
}

void loop::at(steady_clock::time_point when, std::function<void()> task) {
  timers_.emplace(when, std::move(task));
}

void loop::finish_transfers() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* handle = message->easy_handle;
    const CURLcode code = message->data.result;
    curl_multi_remove_handle(multi_.get(), handle);  // the message dies with it
    auto node = transfers_.extract(handle);
    assert(!node.empty());
    transfer& t = *node.mapped();
    t.done()(t.take_reply(code));
  }
}

void loop::fire_timers() {
  const auto now = steady_clock::now();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    auto node = timers_.extract(timers_.begin());
    node.mapped()();
  }
}

int loop::milliseconds_to_timer() const {
  if (timers_.empty()) return longest_poll_ms;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first - steady_clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, longest_poll_ms));
}

}  // namespace mainstay::fhir::client
