// What one HTTP answer is worth as a page of a query. Pure, used by fetch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "fhir/client/client.hpp"
#include "fhir/client/transfer.hpp"

namespace mainstay::fhir::client {

/// A page, or the reason why there is none.
struct checked_page {
  std::optional<json::document> body;  ///< nothing where `reason` stands, and where a read found nothing
  std::string reason;            ///< "status 401", "not json", "not a resource", "OperationOutcome"...; else empty
  std::string next;              ///< Bundle.link of relation next, as it came
  bool next_unreadable = false;  ///< such a link without a URL
  std::size_t matches = 0;       ///< entries that count towards Bundle.total
  std::optional<std::uint64_t> total;  ///< Bundle.total
};
checked_page check_page(reply r, const search::query& asked, const json::limits& limit);

}  // namespace mainstay::fhir::client
