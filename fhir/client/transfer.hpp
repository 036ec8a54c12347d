// One HTTP exchange on libcurl: its handle with all settings, the body within its limits, and what came of it.
// Used by loop and fetch. Not thread-safe; lives on the client's thread once it is started.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fhir/client/client.hpp"
#include "fhir/client/curl_handles.hpp"

namespace mainstay::fhir::client {

using steady_clock = std::chrono::steady_clock;

/// What is asked.
struct call {
  std::string method = "GET";
  std::string url;
  std::string body;
  std::string content_type;
  steady_clock::time_point deadline;
  /// Bytes that may still come for the whole request; shared by its transfers.
  std::shared_ptr<std::size_t> budget;
  bool keep_headers = false;  ///< give the answer's headers to the caller
  std::string accept = {};    ///< instead of what fits the content type
};

/// What came. `error` is empty or a short constant reason ("timeout", "too large"); `status` 0 where none came.
struct reply {
  std::string error;
  unsigned status = 0;
  std::string body;
  std::string content_type;
  std::string retry_after;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case; only where asked for
};

/// May this token stand in a header (RFC 6750, 2.1: b64token)? A line break in it would make a header of its own.
bool is_bearer_token(std::string_view token);

class transfer {
 public:
  /// `done` is called by the loop with what came, unless the transfer is dropped before. `token` is read here only.
  transfer(call c, const secret& token, const options& o, std::function<void(reply)> done);
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  CURL* handle() const { return easy_.get(); }
  /// What came, after libcurl ended with `code`.
  reply take_reply(CURLcode code);
  const std::function<void(reply)>& done() const { return done_; }

 private:
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) noexcept;
  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) noexcept;

  call call_;
  std::function<void(reply)> done_;
  std::size_t body_limit_;
  std::size_t header_left_;
  bool too_large_ = false;
  std::string body_;
  header_list headers_;
  easy_handle easy_;  // last: its end must come before what it points to
};

}  // namespace mainstay::fhir::client
