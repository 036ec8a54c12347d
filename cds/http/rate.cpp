#include "cds/http/rate.hpp"

#include <algorithm>

namespace mainstay::cds::http {

rate::key rate::key_of(const boost::asio::ip::address& from) {
  if (from.is_v4()) return {false, from.to_v4().to_uint()};
  const auto v6 = from.to_v6();
  if (v6.is_v4_mapped())
    return {false, boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_uint()};
  std::uint64_t network = 0;
  const auto bytes = v6.to_bytes();
  for (std::size_t i = 0; i < 8; ++i) network = network << 8 | bytes[i];
  return {true, network};
}

rate::clock::time_point& rate::paid_until(const key& who, clock::time_point now) {
  if (const auto known = paid_.find(who); known != paid_.end()) return known->second;
  if (paid_.size() >= options_.callers && now >= next_sweep_) {
    std::erase_if(paid_, [now](const auto& one) { return one.second <= now; });
    next_sweep_ = now + allowance();
  }
  return paid_.size() < options_.callers ? paid_[who] : others_;
}

rate::clock::duration rate::allowance() const {
  return options_.every * std::max(options_.burst, 1u);
}

rate::clock::duration rate::take(const boost::asio::ip::address& from, clock::time_point now) {
  if (options_.every <= options_.every.zero()) return {};
  std::lock_guard lock(mutex_);
  latest_ = now = std::max(latest_, now);
  auto& until = paid_until(key_of(from), now);
  const auto with_this = std::max(until, now) + options_.every;
  if (const auto used = with_this - now; used > allowance()) return used - allowance();
  until = with_this;
  return {};
}

std::size_t rate::callers() const {
  std::lock_guard lock(mutex_);
  return paid_.size();
}

}  // namespace mainstay::cds::http
