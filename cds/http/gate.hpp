// The strict gate: reads the raw bytes of a header block itself, because Beast 345 hides or merges what tells a
// smuggled request from a good one (folded lines, two Hosts, `Transfer-Encoding: gzip`, `Content-Length: 5, 5`). Pure
// functions, no I/O; used by connection.cpp, tested as a table.
#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cds/http/server.hpp"

namespace mainstay::cds::http {

/// An answer that the server gives itself; the connection is closed after it. Holds nothing of the request.
struct refusal {
  unsigned status = 400;
  std::string_view code;     ///< machine code, a literal
  std::string_view message;  ///< sentence, a literal
  unsigned retry_after = 0;  ///< seconds, for Retry-After; 0: not said
};
[[noreturn]] void throw_exception_from_error(const refusal& e, const boost::source_location& where);

/// What a good header block says: the request without its body, and how the body is framed.
struct head {
  request fields;
  std::uint64_t content_length = 0;
  bool chunked = false;
  bool has_body() const { return chunked || content_length > 0; }
  bool close = false;             ///< the caller asked for it, speaks HTTP/1.0, or the body is chunked
  bool expects_continue = false;  ///< wants `100 Continue` before it sends the body
};

/// Finds the end of a header block in bytes that come piece by piece, and refuses at the first byte that no header may
/// hold: a caller that speaks TLS or bare LF is told at once, not at the deadline.
class header_scan {
 public:
  enum class progress { need_more, complete, bad_byte };
  /// `so_far` is everything read of this block until now; may be followed by the body or the next request.
  progress advance(std::string_view so_far);
  /// Bytes of the block with its empty line, once complete.
  std::size_t size() const { return at_; }

 private:
  std::size_t at_ = 0;
};

/// Checks one whole header block, its empty line included, against RFC 9112 and our stricter rules; total: any bytes
/// may be given. Limits used: header_bytes, header_fields, body_bytes, media_types.
boost::system::result<head, refusal> check_raw_header(std::string_view block, const options& limits);

}  // namespace mainstay::cds::http
