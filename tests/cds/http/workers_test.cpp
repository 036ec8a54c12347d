// Workers run what is posted to each on one thread of its own; connections go to the worker with the fewest.
#include "cds/http/workers.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <filesystem>
#include <future>
#include <iterator>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "raw_client.hpp"
#include "tests/cds/http/echo.hpp"

namespace mainstay::cds::http {
namespace {

namespace asio = boost::asio;
using namespace testing;

std::thread::id thread_of(asio::io_context& io) {
  std::promise<std::thread::id> told;
  asio::post(io, [&] { told.set_value(std::this_thread::get_id()); });
  return told.get_future().get();
}

TEST(workers, each_has_a_thread_of_its_own) {
  workers w(3);
  w.start();
  std::set<std::thread::id> seen;
  for (std::size_t i = 0; i < w.size(); ++i) {
    seen.insert(thread_of(w.at(i)));
    EXPECT_EQ(thread_of(w.at(i)), thread_of(w.at(i)));
  }
  EXPECT_EQ(seen.size(), 3u);
  EXPECT_FALSE(seen.contains(std::this_thread::get_id()));
}

std::ptrdiff_t descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return std::distance(begin(all), end(all));
}

TEST(workers, have_all_that_they_need_of_the_system_from_the_beginning) {
  workers w(3);
  server s(w, {}, echo, [](unsigned, std::string_view, std::string_view) { return std::string(); });
  w.start();
  s.start();
  const auto before = descriptors();
  std::vector<std::unique_ptr<raw_client>> callers;
  for (int i = 0; i < 3; ++i) {
    callers.push_back(std::make_unique<raw_client>(s.port()));
    ASSERT_TRUE(callers.back()->send(get));
    ASSERT_TRUE(callers.back()->receive());
  }
  EXPECT_EQ(descriptors() - before, 2 * 3);  // both ends of each
}

TEST(workers, are_at_least_one) {
  EXPECT_EQ(workers(0).size(), 1u);
}

TEST(workers, run_has_the_first_on_the_callers_thread_until_stop) {
  workers w(2);
  std::thread::id first, second;
  asio::post(w.main(), [&] { first = std::this_thread::get_id(); });
  asio::post(w.at(1), [&] {
    second = std::this_thread::get_id();
    asio::post(w.main(), [&] { w.stop(); });
  });
  w.run();
  EXPECT_EQ(first, std::this_thread::get_id());
  EXPECT_NE(second, first);
}

TEST(workers, end_with_work_that_nobody_did) {
  auto kept = std::make_shared<int>(1);
  {
    workers w(2);
    asio::post(w.at(1), [kept] {});
  }
  EXPECT_EQ(kept.use_count(), 1);
}

// Four connections of two workers: two each, and the next goes where one has ended.
TEST(workers, connections_go_to_the_one_with_the_fewest) {
  std::mutex guard;
  std::multiset<std::thread::id> seen;
  running s({}, [&](request) -> asio::awaitable<response> {
    const std::lock_guard lock(guard);
    seen.insert(std::this_thread::get_id());
    co_return response{};
  });
  const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  std::vector<std::unique_ptr<raw_client>> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(std::make_unique<raw_client>(s->port()));
    ASSERT_TRUE(clients.back()->send(get));
    ASSERT_TRUE(clients.back()->receive());
  }
  ASSERT_EQ(seen.size(), 4u);
  EXPECT_EQ(seen.count(*seen.begin()), 2u);
  // And each stays where it is.
  for (auto& c : clients) {
    ASSERT_TRUE(c->send(get));
    ASSERT_TRUE(c->receive());
  }
  EXPECT_EQ(seen.count(*seen.begin()), 4u);
}

}  // namespace
}  // namespace mainstay::cds::http
