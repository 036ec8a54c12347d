#include "fhir/client/page_check.hpp"

#include <charconv>

namespace mainstay::fhir::client {
namespace {

checked_page refuse(std::string reason) {
  checked_page page;
  page.reason = std::move(reason);
  return page;
}

std::string reason(json::parse_errc code) {
  switch (code) {
    case json::parse_errc::too_large:
    case json::parse_errc::too_deep:
    case json::parse_errc::too_many_nodes:
      return "too large";
    default:
      return "not json";
  }
}

void read_bundle(const json::node& bundle, checked_page& page) {
  if (const json::node* links = bundle.find("link")) {
    for (const json::node& link : links->items()) {
      if (link.string("relation") != "next") continue;
      page.next = link.string("url");
      page.next_unreadable = page.next.empty();
      break;
    }
  }
  if (const json::node* entries = bundle.find("entry")) {
    for (const json::node& entry : entries->items()) {
      const json::node* search = entry.find("search");
      const std::string_view mode = search != nullptr ? search->string("mode") : std::string_view();
      if (mode.empty() || mode == "match") ++page.matches;
    }
  }
  if (const json::node* total = bundle.find("total"); total != nullptr && total->is_number()) {
    const std::string_view text = total->text();
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size()) page.total = value;
  }
}

}  // namespace

checked_page check_page(reply r, const search::query& asked, const json::limits& limit) {
  if (r.status == 404 && asked.read_id) return {};
  if (r.status != 0 && r.status != 200) return refuse("status " + std::to_string(r.status));
  if (!r.error.empty()) return refuse(std::move(r.error));

  auto parsed = json::parse(std::move(r.body), limit);
  if (!parsed) return refuse(reason(parsed.error().code));
  const json::node& root = parsed->root();
  const std::string_view type = root.string("resourceType");
  if (type.empty()) return refuse("not a resource");
  if (type == "OperationOutcome") return refuse("OperationOutcome");
  checked_page page;
  if (asked.read_id) {
    // A proxy that answers with somebody else's record must not be taken at its word.
    if (type != asked.type || root.string("id") != *asked.read_id) return refuse("not the resource asked for");
  } else {
    if (type != "Bundle") return refuse("not a Bundle");
    read_bundle(root, page);
  }
  page.body.emplace(std::move(*parsed));
  return page;
}

}  // namespace mainstay::fhir::client
