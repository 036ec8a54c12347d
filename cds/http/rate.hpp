// How often one caller may ask. Pure: the time is given. Used by connection.cpp.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

namespace mainstay::cds::http {

/// Limits of one caller, each with its reason; tested at the edge.
struct rate_options {
  /// Between two requests, in the long run. Zero: no limit; behind a proxy all callers have the proxy's address.
  std::chrono::nanoseconds every{0};
  unsigned burst = 50;         ///< at once, after a pause: a ward's charts opened at the change of a shift
  std::size_t callers = 4096;  ///< remembered, some 64 bytes each; those beyond share one allowance
};

/// Counts the requests of each remote address: an IPv4 address, or the 64 bits of an IPv6 one that a provider gives to one
/// customer (RFC 6177 2). The generic cell rate algorithm (ITU-T I.371): a caller is one instant, and who has been silent
/// for as long as his allowance takes to fill is forgotten.
/// Threads: any.
class rate {
 public:
  using clock = std::chrono::steady_clock;
  explicit rate(rate_options o) : options_(o) {}

  /// Zero where the request may pass, which counts it; else how long from `now` until the next may. A `now` before
  /// another thread's counts as that one's.
  clock::duration take(const boost::asio::ip::address& from, clock::time_point now);
  /// Callers remembered.
  std::size_t callers() const;

 private:
  using key = std::pair<bool, std::uint64_t>;  // whether IPv6, and the bits that count
  clock::duration allowance() const;
  static key key_of(const boost::asio::ip::address& from);
  clock::time_point& paid_until(const key& who, clock::time_point now);

  rate_options options_;
  mutable std::mutex mutex_;
  std::map<key, clock::time_point> paid_;  // until when each caller's requests use up his rate
  clock::time_point latest_;               // the last `now`
  clock::time_point others_;               // of all who found the table full
  clock::time_point next_sweep_;           // a full table is looked through once a burst's time, not for each request
};

}  // namespace mainstay::cds::http
