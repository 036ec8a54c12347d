#include "tests/bench/load.hpp"

#include <algorithm>
#include <boost/asio.hpp>
#include <exception>
#include <stdexcept>
#include <thread>

namespace mainstay::bench {
namespace {

using clock = std::chrono::steady_clock;
using tcp = boost::asio::ip::tcp;

class caller {
 public:
  caller(unsigned short port, std::string request, std::string expected)
      : socket_(io_), request_(std::move(request)), expected_(std::move(expected)) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    socket_.set_option(tcp::no_delay(true));
  }
  void call() {
    boost::asio::write(socket_, boost::asio::buffer(request_));
    buffer_.clear();
    const std::size_t head = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(buffer_), "\r\n\r\n");
    const std::size_t at = buffer_.find("\r\nContent-Length: ");
    if (!buffer_.starts_with("HTTP/1.1 200") || at >= head)
      throw std::runtime_error("not answered with 200: " + buffer_);
    const std::size_t size = std::stoul(buffer_.substr(at + 18, 20));
    if (buffer_.size() < head + size)
      boost::asio::read(socket_, boost::asio::dynamic_buffer(buffer_),
                        boost::asio::transfer_exactly(head + size - buffer_.size()));
    if (!expected_.empty() && std::string_view(buffer_).substr(head) != expected_)
      throw std::runtime_error("another answer than expected");
  }

 private:
  boost::asio::io_context io_;
  tcp::socket socket_;
  std::string request_, expected_, buffer_;
};

void call_until(clock::time_point end, caller& c, std::vector<double>& times) {
  for (auto begun = clock::now(); begun < end;) {
    c.call();
    const auto now = clock::now();
    times.push_back(std::chrono::duration<double, std::micro>(now - begun).count());
    begun = now;
  }
}

}  // namespace

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

load_result run_load(const std::string& url, const std::string& body, const std::string& expected, unsigned callers,
                     std::chrono::milliseconds duration) {
  const std::size_t colon = url.rfind(':'), slash = url.find('/', colon);
  const auto port = static_cast<unsigned short>(std::stoul(url.substr(colon + 1)));
  const std::string request = "POST " + url.substr(slash) +
                              " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " +
                              std::to_string(body.size()) + "\r\n\r\n" + body;
  std::vector<std::vector<double>> times(callers);
  std::vector<std::exception_ptr> failed(callers);
  std::vector<std::thread> threads;
  const auto begun = clock::now();
  for (unsigned i = 0; i < callers; ++i)
    threads.emplace_back([&, i] {
      try {
        caller c(port, request, expected);
        call_until(begun + duration, c, times[i]);
      } catch (...) {
        failed[i] = std::current_exception();
      }
    });
  for (auto& t : threads) t.join();
  for (const auto& f : failed)
    if (f) std::rethrow_exception(f);

  const double seconds = std::chrono::duration<double>(clock::now() - begun).count();
  std::vector<double> all;
  for (const auto& t : times) all.insert(all.end(), t.begin(), t.end());
  std::sort(all.begin(), all.end());
  load_result r;
  r.calls = all.size();
  if (all.empty()) return r;
  r.p50_us = all[all.size() / 2];
  r.p99_us = all[all.size() * 99 / 100];
  r.per_second = static_cast<double>(all.size()) / seconds;
  return r;
}

}  // namespace mainstay::bench
