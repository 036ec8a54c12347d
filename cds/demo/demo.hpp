// The embedded FHIR R4 server (`serve --demo`): HTTP only; search and storage are fhir/search and fhir/store.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cds/http/server.hpp"
#include "fhir/store/store.hpp"

namespace mainstay::cds::demo {

/// A handler that serves `store` under `/fhir`: read, type search (GET and POST _search) with `next` links, metadata,
/// PUT, POST, DELETE, transaction upload, OperationOutcome errors. `base()` is asked at each request for the server's own URL,
/// since its port is known only after binding. Requests run one at a time on one strand.
http::handler make_handler(std::shared_ptr<fhir::store::store> store, std::function<std::string()> base);
/// OperationOutcome as JSON text, for the gate's own errors too.
std::string operation_outcome(unsigned status, std::string_view code, std::string_view message);

}  // namespace mainstay::cds::demo
