// One hook call from its bytes to the response: parse, gather, assess, compose. Shared by the service and by replay.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "cds/gather/gather.hpp"
#include "cds/hooks/hooks.hpp"
#include "cds/http/server.hpp"
#include "cds/service/log.hpp"
#include "fhir/types/date.hpp"
#include "rules/advice/advice.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::cds::service {

/// All that a call is answered by; immutable, shared by the calls that began with it.
struct snapshot {
  std::shared_ptr<const rules::pack> pack;
  gather::options fetch;
  std::string discovery;  ///< the body of GET /cds-services
  rules::composer cards;  ///< of the pack
  std::function<rules::assessment(const fhir::chart&, const rules::pack&, const fhir::now&)> assess;
};
std::shared_ptr<const snapshot> make_snapshot(std::shared_ptr<const rules::pack> pack, gather::options fetch);

/// The answer to a POST of `body` to the service; fills `log`. Errors are OperationOutcomes with their status. The same
/// bytes, pages and instant give the same answer. `seen` gets the parsed request before it is used (for recordings).
boost::asio::awaitable<http::response> answer(const snapshot& s, const rules::service& service, std::string body,
                                              const gather::fetcher& fetch, const fhir::now& at, call_log& log,
                                              const std::function<void(const hooks::request&)>& seen = {});

/// An error's response.
http::response error_response(const hooks::error& e);

}  // namespace mainstay::cds::service
