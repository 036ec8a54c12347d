// The server's base URL and which URLs belong to it: the rule that keeps a `next` link, and with it the patient's data
// and the bearer token, on the server that the caller permitted. Parsed by libcurl's own parser, so that what is
// checked is what is connected to. Immutable after parse().
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>

namespace mainstay::fhir::client {

/// Why a URL is not used.
enum class url_errc { base_not_understood, next_not_understood, next_leaves_server };
/// A reason for a query's result; without anything of the URL.
std::string_view to_text(url_errc e);
[[noreturn]] void throw_exception_from_error(url_errc e, const boost::source_location& where);

class server_url {
 public:
  /// An absolute http or https URL without user, query and fragment; a trailing slash is dropped.
  static boost::system::result<server_url, url_errc> parse(std::string_view base);

  /// "https://hospital.example/fhir", normalised, without a trailing slash.
  const std::string& text() const { return text_; }
  /// The absolute URL of "Type?parameters" or "Type/id".
  std::string url_of(std::string_view relative) const { return text_ + "/" + std::string(relative); }
  /// The absolute URL of a `next` link found on the page `current`. It stays on scheme, host and port (a default port
  /// may be written out) and at or below the base path; the base itself with a query is HAPI's form. A relative path
  /// is meant from the base, as all relative references in FHIR are; "?..." and "/..." as in RFC 3986.
  boost::system::result<std::string, url_errc> next(std::string_view current, std::string_view link) const;

 private:
  server_url() = default;
  std::string text_;
  std::string origin_;  // "https://hospital.example:443"
  std::string path_;    // "/fhir", or empty
};

}  // namespace mainstay::fhir::client
