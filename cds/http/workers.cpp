#include "cds/http/workers.hpp"

#include <algorithm>

namespace mainstay::cds::http {

workers::workers(std::size_t threads) {
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) all_.push_back(std::make_unique<one>());
}

workers::~workers() {
  stop();
  join();
  // What waits in another may hold what belongs to the first: an acceptor, a drain's timer.
  while (!all_.empty()) all_.pop_back();
}

void workers::start_from(std::size_t first) {
  for (std::size_t i = first; i < all_.size(); ++i) threads_.emplace_back([&io = all_[i]->io] { io.run(); });
}

void workers::run() {
  start_from(1);
  main().run();
  join();
}

void workers::start() {
  start_from(0);
}

void workers::stop() {
  for (auto& w : all_) w->io.stop();
}

void workers::join() {
  for (auto& t : threads_) t.join();
  threads_.clear();
}

}  // namespace mainstay::cds::http
