// Prefetch and client -> chart: what prefetch lacks is fetched, all in parallel, and nothing is asked twice.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cds/gather/permitted.hpp"
#include "cds/hooks/hooks.hpp"
#include "fhir/chart/chart.hpp"
#include "fhir/client/client.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::cds::gather {

struct options {
  std::vector<permitted_server> servers;
  std::chrono::milliseconds deadline{1500};  ///< of all fetches of one call
};

/// Starts all queries of one call, as fhir::client::client::fetch does; `done` may be called on any thread, once. A
/// recording and its replay put themselves here.
using fetcher = std::function<fhir::client::ticket(fhir::client::request, std::function<void(fhir::client::result)>)>;
/// The fetcher of a client, which must outlive it.
fetcher fetcher_of(fhir::client::client& client);

struct gathered {
  fhir::chart chart;
  bool could_not_ask = false;  ///< something is lacking and no permitted server could be asked: 412 may follow
  std::string why_not;         ///< "`fhirServer` is absent", "... is not on the list of permitted servers", "... needs a token"
  std::vector<std::string> lacking;     ///< keys that prefetch did not settle, in the pack's order
  std::chrono::microseconds waited{0};  ///< for the FHIR server
};

/// A requirement's query for one patient: a read of the Patient, else a search by `patient`.
fhir::search::query query_for(const rules::requirement& requirement, const std::string& patient_id);

/// Fills a chart for the requirements of the pack. A resource of another patient in prefetch is the error
/// `foreign_patient`, a value that is no resource `invalid_prefetch`. Cancellation of the caller cancels what is being
/// fetched. Resumes on the caller's executor.
boost::asio::awaitable<boost::system::result<gathered, hooks::error>> gather(const hooks::request& r, const rules::pack& p,
                                                                            const fetcher& fetch, const options& o);

}  // namespace mainstay::cds::gather
