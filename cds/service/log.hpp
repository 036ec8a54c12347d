// Log lines: one JSON object each, on standard error. Nothing of a patient and no token comes here: a call is told by
// counts, the pack's own names and a hash of its hookInstance.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mainstay::cds::service {

/// "trace", "debug", "info", "warn", "error" or "off"; false for another name.
bool set_log_level(std::string_view name);

/// What one hook call is logged as.
struct call_log {
  std::string service;                        ///< the pack's id; empty where there is none
  unsigned status = 0;
  std::string error;                          ///< machine code, or empty
  std::string hook_instance;                  ///< as sent; the line has its hash_of
  std::string pack;                           ///< hash
  std::size_t cards = 0;
  unsigned faults = 0;                        ///< protocols that failed through a fault of ours
  std::map<std::string, unsigned> verdicts;   ///< "to confirm": 1
  std::vector<std::pair<std::string, std::string>> completeness;  ///< key, "complete" or "failed: timeout"
  std::chrono::microseconds parse{0}, gather{0}, waited{0}, assess{0}, total{0};
};
void log_call(const call_log& c);
/// Are calls that succeed written? Else nobody need collect what such a line would say.
bool logs_calls();

/// An event with fixed words as members, e.g. {"event": "listening", "url": "..."}.
void log_event(std::string_view level, std::string_view event, const std::vector<std::pair<std::string_view, std::string>>& members = {});

/// The first 16 hexadecimal digits of SHA-256: tells calls apart, and does not lead back to them.
std::string hash_of(std::string_view text);
/// 16 random hexadecimal digits, to find a log line by.
std::string random_id();

}  // namespace mainstay::cds::service
