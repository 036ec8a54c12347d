// The recording that `mainstay call --record FILE` writes.
#pragma once

#include <string>

#include "fhir/client/client.hpp"

namespace mainstay::cds::commands {

/// A call of the service and its answer.
struct called {
  std::string service, fhir;  ///< the service's id; the FHIR server that the request names, or empty
  std::string request;
  const fhir::client::client::plain_response& answer;
};

/// Writes a new file that `mainstay replay` answers with the same bytes, and says on standard error what it holds.
/// Where the request names a FHIR server, only the service knows what came from there: so the call is answered once more
/// in this process, with the pack of `pack_folder` (empty: the one in the binary) at the service's own instant, and what comes
/// from the server now is recorded only if that gives the very answer of the service. Everything else is a failure,
/// and no file.
void record_call(const std::string& file, const std::string& pack_folder, const called& c, fhir::client::client& client);

}  // namespace mainstay::cds::commands
