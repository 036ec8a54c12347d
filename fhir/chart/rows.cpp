#include "fhir/chart/rows.hpp"

#include <algorithm>
#include <charconv>

#include "fhir/json/writer.hpp"

namespace mainstay::fhir {
namespace {

constexpr json::key type_key = "resourceType", id_key = "id", entry_key = "entry", resource_key = "resource",
                    full_url_key = "fullUrl", search_key = "search", mode_key = "mode", link_key = "link",
                    relation_key = "relation", bundle_type_key = "type", total_key = "total", meta_key = "meta",
                    tag_key = "tag", code_key = "code", issue_key = "issue", severity_key = "severity",
                    request_key = "request", method_key = "method", updated_key = "lastUpdated",
                    version_key = "versionId";

// Servers write the tag's system in several ways; the code is the same in all.
bool is_subsetted(const json::node& resource) {
  const json::node* meta = resource.find(meta_key);
  const json::node* tags = meta == nullptr ? nullptr : meta->find(tag_key);
  return tags != nullptr && std::any_of(tags->items().begin(), tags->items().end(),
                                        [](const json::node& tag) { return tag.string(code_key) == "SUBSETTED"; });
}

bool reports_error(const json::node& outcome) {
  const json::node* issues = outcome.find(issue_key);
  if (issues == nullptr) return true;  // `issue` is required: what this one reports cannot be told
  return std::any_of(issues->items().begin(), issues->items().end(), [](const json::node& issue) {
    const std::string_view severity = issue.string(severity_key);
    return severity != "information" && severity != "warning";
  });
}

bool has_next(const json::node& bundle) {
  const json::node* links = bundle.find(link_key);
  return links != nullptr && std::any_of(links->items().begin(), links->items().end(),
                                         [](const json::node& link) { return link.string(relation_key) == "next"; });
}

void read_entry(chart_rows& out, const json::node& entry) {
  const json::node* resource = entry.find(resource_key);
  if (resource == nullptr) {
    const json::node* request = entry.find(request_key);
    if (request != nullptr && request->string(method_key) == "DELETE") return;  // of a transaction
  }
  const std::string_view type = resource == nullptr ? "" : resource->string(type_key);
  if (type.empty()) {
    ++out.unusable;
    return out.lower(completeness::partial, "an entry is not a resource");
  }
  const json::node* search = entry.find(search_key);
  const std::string_view mode = search == nullptr ? "" : search->string(mode_key);
  if (mode == "outcome" || type == "OperationOutcome") {
    if (reports_error(*resource)) out.lower(completeness::partial, "the server reports an error in its answer");
    return;
  }
  if (is_subsetted(*resource)) out.lower(completeness::partial, "the server sent parts of resources only");
  const std::string_view full_url = entry.string(full_url_key);
  if (full_url.starts_with("urn:")) out.urns.emplace(full_url, out.rows.size());
  out.rows.push_back({resource, type, full_url, mode == "include"});
}

// Rows that answer the query itself: what Bundle.total counts (R4 3.1.1.5).
std::size_t answering(const chart_rows& rows) {
  const auto included =
      std::count_if(rows.rows.begin(), rows.rows.end(), [](const chart_row& r) { return r.included; });
  return rows.rows.size() - static_cast<std::size_t>(included) + rows.unusable;
}

bool is_accepted(std::string_view bundle_type, bundle_use use) {
  if (bundle_type.empty() || bundle_type == "searchset" || bundle_type == "collection") return true;
  return use == bundle_use::whole &&
         (bundle_type == "transaction" || bundle_type == "batch" || bundle_type == "document");
}

}  // namespace

completeness worse(completeness a, completeness b) {
  return std::max(a, b);
}  // the enumeration is in that order

void chart_rows::lower(completeness to, std::string_view why) {
  if (to <= how) return;
  how = to;
  reason = why;
}

std::optional<reference> chart_rows::resolve(std::string_view urn) const {
  const auto at = urns.find(urn);
  if (at == urns.end()) return std::nullopt;
  const chart_row& row = rows[at->second];
  const std::string_view id = row.resource->string(id_key);
  return reference{std::string(row.type), std::string(id.empty() ? urn : id), ""};
}

chart_rows read_rows(std::span<const json::node* const> documents, bundle_use use) {
  chart_rows out;
  std::size_t good = 0;
  std::size_t total = 0;
  // A document that is no answer at all: the query failed, unless other pages came.
  std::string_view broken;
  for (const json::node* document : documents) {
    const json::node& root = *document;
    const std::string_view type = root.string(type_key);
    out.more = false;
    if (type.empty() || type == "OperationOutcome") {
      if (type.empty()) ++out.unusable;
      broken = type.empty() ? "the answer is not a resource" : "the answer is an OperationOutcome";
      continue;
    }
    ++good;
    if (is_subsetted(root)) out.lower(completeness::partial, "the server sent parts of resources only");
    if (type != "Bundle") {
      out.lone = true;
      out.rows.push_back({&root, type, "", false});
      continue;
    }
    if (!is_accepted(root.string(bundle_type_key), use))
      out.lower(completeness::partial, "the Bundle is not a searchset");
    const json::node* entries = root.find(entry_key);
    if (entries != nullptr && !entries->is_array())
      out.lower(completeness::partial, "the Bundle's entries are not readable");
    if (entries != nullptr)
      for (const json::node& entry : entries->items()) read_entry(out, entry);
    out.more = has_next(root);
    if (const json::node* number = root.find(total_key)) {
      const std::string_view text = number->text();
      std::size_t value = 0;
      if (std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc())
        total = std::max(total, value);
    }
  }
  if (!broken.empty()) out.lower(good == 0 ? completeness::failed : completeness::partial, broken);
  if (!out.more && total > answering(out)) out.lower(completeness::partial, "fewer rows came than the server counted");
  return out;
}

std::optional<day> complete_down_to(const std::vector<chart_row>& rows) {
  // Servers read a date without zone in their own: rows so close may stand either way.
  constexpr __int128 zones = __int128{26} * 3600 * 1'000'000'000;
  std::optional<search::date_key> last;
  for (const chart_row& row : rows) {
    if (row.included) continue;
    const auto date = search::date_of(*row.resource);
    if (!date) continue;  // undated rows stand first or last, as the server likes
    if (last && date->instant > last->instant + zones) return std::nullopt;
    last = date;
  }
  if (!last) return std::nullopt;
  return last->latest + 1;
}

bool is_newer(const json::node& a, const json::node& b) {
  const auto meta = [](const json::node& resource, const json::key& name) {
    const json::node* m = resource.find(meta_key);
    return m == nullptr ? std::string_view() : m->string(name);
  };
  const auto updated = [&](const json::node& resource) {
    const auto at = date_time::parse(meta(resource, updated_key));
    return at ? at->range().first : __int128{-1} << 100;
  };
  const auto ua = updated(a), ub = updated(b);
  if (ua != ub) return ua > ub;
  const auto number = [&](const json::node& resource) {
    const std::string_view text = meta(resource, version_key);
    long long value = -1;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  };
  if (number(a) != number(b)) return number(a) > number(b);
  return json::to_text(a) > json::to_text(b);
}

}  // namespace mainstay::fhir
