// The FHIR client's searches for a command that has nothing else to do meanwhile. Used by call and sandbox.
#pragma once

#include "fhir/client/client.hpp"

namespace mainstay::cds::commands {

/// Asks all queries and waits for their end, at most the request's deadline.
fhir::client::result ask(fhir::client::client& client, fhir::client::request request);

}  // namespace mainstay::cds::commands
