#include <algorithm>
#include <compare>

#include "fhir/search/dates.hpp"
#include "fhir/search/query.hpp"

namespace mainstay::fhir::search {
namespace {

constexpr json::key type_key = "resourceType", id_key = "id", meta_key = "meta", updated_key = "lastUpdated";

std::optional<instant> updated(const json::node& resource) {
  const json::node* meta = resource.find(meta_key);
  const auto at = meta == nullptr ? std::nullopt : date_time::parse(meta->string(updated_key));
  return at ? std::optional(first_instant(*at, 0)) : std::nullopt;
}

struct sort_key {
  enum class kind { date, id, updated } by;
  bool descending;
};

struct row {
  const json::node* resource;
  std::string_view type, id;
  std::vector<std::optional<instant>> times;  // one for each key; unused for _id
};

std::strong_ordering compare(const row& a, const row& b, const std::vector<sort_key>& keys) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto order = std::strong_ordering::equal;
    if (keys[i].by == sort_key::kind::id) {
      order = a.id <=> b.id;
    } else {
      if (a.times[i].has_value() != b.times[i].has_value())
        return a.times[i] ? std::strong_ordering::less : std::strong_ordering::greater;
      if (a.times[i]) order = *a.times[i] <=> *b.times[i];
    }
    if (order != 0) return keys[i].descending ? 0 <=> order : order;
  }
  if (const auto order = a.type <=> b.type; order != 0) return order;
  return a.id <=> b.id;
}

}  // namespace

std::optional<date_key> date_of(const json::node& resource) {
  const auto span = time_span_of(resource);
  if (!span) return std::nullopt;
  // An open start sorts before everything; the end is all that is known of such a row.
  if (!span->start) return date_key{first_instant(*date_time::parse("0001"), 0), earliest_day};
  const date_time& start = *span->start;
  return date_key{first_instant(start, 0), start.days(start.offset_minutes.value_or(0)).last};
}

void sort(const query& q, std::vector<const json::node*>& resources) {
  std::vector<sort_key> keys;
  for (std::string_view name : q.sort) {
    const bool descending = name.starts_with('-');
    if (descending) name.remove_prefix(1);
    keys.push_back({name == "_id"            ? sort_key::kind::id
                    : name == "_lastUpdated" ? sort_key::kind::updated
                                             : sort_key::kind::date,
                    descending});
  }
  std::vector<row> rows;
  rows.reserve(resources.size());
  for (const json::node* resource : resources) {
    row r{resource, resource->string(type_key), resource->string(id_key), {}};
    for (const sort_key& key : keys) {
      std::optional<instant> at;
      if (key.by == sort_key::kind::updated) at = updated(*resource);
      if (key.by == sort_key::kind::date)
        if (const auto date = date_of(*resource)) at = date->instant;
      r.times.push_back(at);
    }
    rows.push_back(std::move(r));
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const row& a, const row& b) { return compare(a, b, keys) < 0; });
  std::transform(rows.begin(), rows.end(), resources.begin(), [](const row& r) { return r.resource; });
}

}  // namespace mainstay::fhir::search
