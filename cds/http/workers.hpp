// Threads for servers: each runs an io_context of its own, so that all that belongs to one connection stays on one thread
// and in one processor's caches, and nothing is locked on its way.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace mainstay::cds::http {

/// Must outlive the servers that use it. Threads: run() and start() once, by the owner; the rest any.
class workers {
 public:
  /// At least one. Throws boost::system::system_error where the system has no descriptors left.
  explicit workers(std::size_t threads);
  /// Stops them and waits for their end.
  ~workers();
  workers(const workers&) = delete;
  workers& operator=(const workers&) = delete;

  std::size_t size() const { return all_.size(); }
  boost::asio::io_context& at(std::size_t i) { return all_[i]->io; }
  /// The first: for what belongs to no connection, as acceptors and signals.
  boost::asio::io_context& main() { return at(0); }

  /// The first on this thread, the others on their own, until stop().
  void run();
  /// All on threads of their own.
  void start();
  /// Ends them where they stand; comes back at once.
  void stop();
  /// Waits until all have ended.
  void join();

 private:
  struct one {
    boost::asio::io_context io{1};  // a hint: one thread runs it
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
    // Opens what the io_context itself needs of the system now, and not with its first connection, when there may be none left.
    boost::asio::steady_timer opened{io};
  };
  void start_from(std::size_t first);
  std::vector<std::unique_ptr<one>> all_;
  std::vector<std::thread> threads_;
};

}  // namespace mainstay::cds::http
