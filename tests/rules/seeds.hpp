// Seeds of random tests: each prints the one it ran with, and MAINSTAY_SEED runs that one again.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace mainstay::test {

/// A seed that nobody chose, or that of MAINSTAY_SEED; printed.
inline std::uint64_t fresh_seed() {
  const char* wanted = std::getenv("MAINSTAY_SEED");
  const std::uint64_t seed = wanted != nullptr ? std::stoull(wanted) : std::random_device{}();
  std::cout << "seed " << seed << " (MAINSTAY_SEED=" << seed << " runs it again)\n";
  return seed;
}

/// How many rounds a random test runs: MAINSTAY_ROUNDS, or what it says itself; a fifth of that under the sanitizers,
/// which are five times slower.
inline int rounds(int usual) {
  const char* wanted = std::getenv("MAINSTAY_ROUNDS");
  if (wanted != nullptr) return std::stoi(wanted);
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return usual / 5;
#endif
#endif
  return usual;
}

using random_source = std::mt19937_64;

/// 0 to n - 1.
inline int below(random_source& random, int n) {
  return static_cast<int>(random() % static_cast<unsigned>(n));
}
/// True once in n times.
inline bool one_in(random_source& random, int n) {
  return below(random, n) == 0;
}

}  // namespace mainstay::test
