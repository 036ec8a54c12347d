// A recorded call: what it takes to give the same answer again. One JSON file; holds a patient's data, so it is written
// for its owner alone (mode 0600), and never the access token.
#pragma once

#include <boost/system/result.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cds/gather/gather.hpp"
#include "cds/http/server.hpp"
#include "fhir/client/client.hpp"
#include "fhir/types/date.hpp"

namespace mainstay::cds::service {

struct recorded_page {
  std::string url;
  unsigned status = 0;
  std::string body;  ///< JSON text
};
struct recorded_query {
  std::string key;
  fhir::completeness how = fhir::completeness::failed;
  std::string reason;
  std::vector<recorded_page> pages;
};
struct recording {
  std::string service, now, pack_id, pack_version, pack_hash;
  std::vector<gather::permitted_server> permitted;  ///< the one that `fhirServer` named, or none
  std::string request;                              ///< JSON text, its access token replaced
  std::vector<recorded_query> fetched;
  unsigned status = 0;
  std::string response;                             ///< the answer's bytes; empty where it was not recorded
};

std::string to_json(const recording& r);
/// Why a file is not a recording.
struct recording_error { std::string message; };
[[noreturn]] void throw_exception_from_error(const recording_error& e, const boost::source_location& where);
boost::system::result<recording, recording_error> read_recording(std::string text);

/// A request's JSON text without its access token; the text must be JSON.
std::string without_token(const fhir::json::node& request);

/// Creates a file that must not exist yet, mode 0600. None, or why not.
std::optional<std::string> write_private(const std::string& path, std::string_view text);

/// Keeps a copy of all pages that come through a fetcher. One call; the pages may be read when the call is answered.
class page_keeper {
 public:
  gather::fetcher around(gather::fetcher inner);
  std::vector<recorded_query> take();

 private:
  struct kept {
    std::mutex guard;
    std::vector<recorded_query> queries;
  };
  std::shared_ptr<kept> kept_ = std::make_shared<kept>();
};

/// Gives recorded pages instead of asking anybody.
gather::fetcher fetcher_of(std::vector<recorded_query> queries);

}  // namespace mainstay::cds::service
