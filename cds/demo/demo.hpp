// The embedded FHIR R4 server (`serve --demo`): HTTP only; search and storage are fhir/search and fhir/store.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cds/http/server.hpp"
#include "fhir/store/store.hpp"

namespace mainstay::cds::demo {

/// A handler that serves `store` under `/fhir`: read, type search (GET and POST _search) with `next` links, metadata,
/// PUT, POST, DELETE, transaction upload, OperationOutcome errors. `base()` is asked at each request for the server's
/// own base URL ("http://127.0.0.1:8081/fhir", no slash at the end), since its port is known only after binding; it may
/// be called on any io thread. Reads run side by side, a change runs alone: the handler locks the store, so nothing
/// else may use the store while the server runs.
http::handler make_handler(std::shared_ptr<fhir::store::store> store, std::function<std::string()> base);

/// Options of a gate before this handler: FHIR's media types and error bodies, all else by default.
http::options make_options();

/// OperationOutcome as JSON text, for the gate's own errors too. `code` is an issue-type of FHIR, or a machine code,
/// which then stands in `details` beside the issue-type that goes with `status`.
std::string operation_outcome(unsigned status, std::string_view code, std::string_view message);

}  // namespace mainstay::cds::demo
