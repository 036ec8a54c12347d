// Prefetch and client -> chart: what prefetch lacks is fetched, all in parallel, and nothing is asked twice.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "cds/hooks/hooks.hpp"
#include "fhir/chart/chart.hpp"
#include "fhir/client/client.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::cds::gather {

/// FHIR servers that may be asked. Compared as parsed origin and path: scheme, host in lower case, port (443 and 80
/// normalised), path segments; no userinfo, query or fragment.
struct permitted_server {
  std::string base;
  bool needs_token = false;
};
struct options {
  std::vector<permitted_server> servers;
  std::chrono::milliseconds deadline{1500};  ///< of all fetches of one call
};
/// The permitted server that `url` names, or nullptr.
const permitted_server* find_permitted(const std::vector<permitted_server>& servers, std::string_view url);

struct gathered {
  fhir::chart chart;
  bool could_not_ask = false;  ///< something is lacking and no permitted server could be asked: 412 may follow
  std::string why_not;         ///< "`fhirServer` is absent", "... is not on the list of permitted servers", "... needs a token"
  fhir::client::result fetched;  ///< pages as they came, for recordings
};
/// Fills a chart for the requirements of the service. A resource of another patient in prefetch is the error
/// `foreign_patient`.
boost::asio::awaitable<boost::system::result<gathered, hooks::error>> gather(const hooks::request& r, const rules::pack& p,
                                                                            fhir::client::client& client, const options& o);

}  // namespace mainstay::cds::gather
