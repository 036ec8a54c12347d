// Callers on kept connections that post the same body over and over, and how long the answers took.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace mainstay::bench {

struct load_result {
  double p50_us = 0, p99_us = 0, per_second = 0;
  std::size_t calls = 0;
};
/// Posts `body` as application/json to `url` ("http://127.0.0.1:PORT/path") from `callers` threads. Throws
/// std::runtime_error when an answer is not 200 with `expected` as its body (empty: any).
load_result run_load(const std::string& url, const std::string& body, const std::string& expected, unsigned callers,
                     std::chrono::milliseconds duration);

double median(std::vector<double> values);

}  // namespace mainstay::bench
