// What one prefetch value is: CDS Hooks 2.0.1 "Prefetch Template", with the forms that clients in use send.
#pragma once

#include <boost/system/result.hpp>
#include <string_view>

#include "cds/hooks/hooks.hpp"
#include "fhir/json/document.hpp"

namespace mainstay::cds::gather {

enum class prefetch_state {
  absent,        ///< not attempted or not obtainable: ask the FHIR server
  null,          ///< the client has none
  failed,        ///< an OperationOutcome: attempted without success, not worth asking again
  resource,      ///< a resource or a Bundle
  first_page,    ///< a Bundle with a `next` link
  other_type,    ///< a resource that cannot answer the query
};

/// Looks at the value of a key (nullptr: no such key) for a query of resources of `type`. The pre-1.0 wrapper
/// {"response", "resource"} and anything that is not a resource is the error `invalid_prefetch`.
boost::system::result<prefetch_state, hooks::error> classify(const fhir::json::node* value, std::string_view key, std::string_view type);

}  // namespace mainstay::cds::gather
