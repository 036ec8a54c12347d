// A hook call answered in this process, without a server: for `replay`, and for `call --record`, which must know what an answer
// came from.
#pragma once

#include <string>

#include "cds/service/answer.hpp"

namespace mainstay::cds::commands {

/// The answer of service::answer, on the calling thread; what is thrown on the way is thrown here.
http::response answer_here(const service::snapshot& s, const rules::service& service, std::string body, const gather::fetcher& fetch,
                           const fhir::now& at);

/// The pack's service of that id; a failure where there is none.
const rules::service& service_of(const rules::pack& pack, const std::string& id);

}  // namespace mainstay::cds::commands
