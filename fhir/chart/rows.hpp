// What the documents that answer one query hold: rows, and what they say about what is missing. Private to fhir/chart.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fhir/chart/chart.hpp"

namespace mainstay::fhir {

/// One resource of an answer.
struct chart_row {
  const json::node* resource;
  std::string_view type;      ///< resourceType
  std::string_view full_url;  ///< of its entry; empty outside a Bundle
  bool included = false;      ///< search.mode `include`: not an answer to the query itself
};

/// The rows of all documents in order, and the completeness that the documents themselves admit.
struct chart_rows {
  std::vector<chart_row> rows;
  completeness how = completeness::complete;
  std::string reason;
  std::size_t unusable = 0;                                ///< entries without a readable resource
  bool more = false;                                       ///< the last Bundle has a `next` link
  bool lone = false;                                       ///< a document is a resource and not a Bundle
  std::unordered_map<std::string_view, std::size_t> urns;  ///< fullUrl -> row

  void lower(completeness to, std::string_view why);
  /// The row that a `urn:` names, with its resource's id, or the urn itself where it has none.
  std::optional<reference> resolve(std::string_view urn) const;
};
enum class bundle_use { answer, whole };  ///< `whole`: a transaction or collection is as good as a searchset
chart_rows read_rows(std::span<const json::node* const> documents, bundle_use use);

/// The more serious of two.
completeness worse(completeness a, completeness b);
/// The first day of which, and of all later ones, every dated row is on pages sorted by -date: the day after the last
/// row's, since more of that day may follow. No value where no row is dated or the rows are not in that order.
std::optional<day> complete_down_to(const std::vector<chart_row>& rows);
/// Is `a` a newer version of the same resource than `b`: meta.lastUpdated, then versionId, then the text, so that the
/// choice never depends on the order of arrival.
bool is_newer(const json::node& a, const json::node& b);

}  // namespace mainstay::fhir
