// The client's thread: runs libcurl's multi handle, timers and what others post to it. Everything else of this folder
// happens on that thread, so nothing but the mailbox needs a lock.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "fhir/client/client.hpp"
#include "fhir/client/transfer.hpp"

namespace mainstay::fhir::client {

/// Where other threads leave work. Outlives the loop in tickets; posting to a closed one does nothing.
class mailbox {
 public:
  /// Any thread. False when the loop has ended; `work` is dropped then.
  bool post(std::function<void()> work);

 private:
  friend class loop;
  explicit mailbox(CURLM* multi) : multi_(multi) {}
  std::vector<std::function<void()>> take();
  std::vector<std::function<void()>> close();
  std::mutex mutex_;
  std::vector<std::function<void()>> waiting_;
  CURLM* multi_;  // to wake it; null when closed
};

class loop {
 public:
  explicit loop(const options& o);
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;
  ~loop();

  const std::shared_ptr<mailbox>& box() const { return box_; }
  /// Starts the thread. `at_end` runs on it when the loop is stopped and must drop every transfer.
  void run(std::function<void()> at_end);
  /// Any other thread: lets posted work begin, calls `at_end`, joins.
  void stop();

  /// The following on the loop's thread only. Adds a transfer; its done() is called later, never inside start().
  transfer* start(std::unique_ptr<transfer> t);
  /// Ends a transfer without calling its done(); null and unknown ones are ignored.
  void drop(transfer* t);
  void at(steady_clock::time_point when, std::function<void()> work);

 private:
  void work();
  void finish_transfers();
  void fire_timers();
  int milliseconds_to_timer() const;

  multi_handle multi_;
  std::shared_ptr<mailbox> box_;
  std::unordered_map<CURL*, std::unique_ptr<transfer>> transfers_;
  std::multimap<steady_clock::time_point, std::function<void()>> timers_;
  std::function<void()> at_end_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace mainstay::fhir::client
