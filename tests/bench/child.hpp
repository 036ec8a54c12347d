// A program that prints `NAME VALUE` lines and then `ready`, from start to SIGTERM.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace mainstay::bench {

class child {
 public:
  /// Starts it and waits for `ready`; throws std::runtime_error when it ends before that. Its stderr is dropped.
  explicit child(std::vector<std::string> command);
  ~child();
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  /// What it printed after that name: "mainstay" -> "http://127.0.0.1:1234".
  const std::string& printed(const std::string& name) const { return printed_.at(name); }
  std::chrono::microseconds start_to_ready() const { return start_to_ready_; }
  /// VmRSS in kB.
  long resident_kb() const;

 private:
  pid_t pid_ = -1;
  std::map<std::string, std::string> printed_;
  std::chrono::microseconds start_to_ready_{};
};

}  // namespace mainstay::bench
