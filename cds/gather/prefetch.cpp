#include "cds/gather/prefetch.hpp"

namespace mainstay::cds::gather {

namespace {
bool has_next(const fhir::json::node& bundle) {
  const auto* links = bundle.find("link");
  if (!links) return false;
  for (const auto& link : links->items())
    if (link.string("relation") == "next") return true;
  return false;
}

// JSON pointer (RFC 6901): `~` and `/` are escaped.
std::string pointer_to(std::string_view key) {
  std::string out = "/prefetch/";
  for (char c : key) {
    if (c == '~') out += "~0";
    else if (c == '/') out += "~1";
    else out += c;
  }
  return out;
}
}  // namespace

boost::system::result<prefetch_state, hooks::error> classify(const fhir::json::node* value, std::string_view key, std::string_view type) {
  if (!value) return prefetch_state::absent;
  if (value->is_null()) return prefetch_state::null;
  const auto refuse = [&](std::string_view why) {
    return hooks::error{400, "invalid_prefetch", "`prefetch." + std::string(key) + "` " + std::string(why), pointer_to(key)};
  };
  if (!value->is_object()) return refuse("is not a FHIR resource");
  const auto resource_type = value->string("resourceType");
  if (resource_type.empty()) {
    if (value->find("resource")) return refuse("wraps its resource in `resource`; since CDS Hooks 1.0 the resource itself stands here");
    return refuse("has no `resourceType`");
  }
  if (resource_type == "OperationOutcome") return prefetch_state::failed;
  if (resource_type == "Bundle") return has_next(*value) ? prefetch_state::first_page : prefetch_state::resource;
  return resource_type == type ? prefetch_state::resource : prefetch_state::other_type;
}

}  // namespace mainstay::cds::gather
