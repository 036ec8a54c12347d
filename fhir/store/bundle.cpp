#include "fhir/json/writer.hpp"
#include "fhir/store/store.hpp"

namespace mainstay::fhir::store {

std::string to_bundle(const page& p, const search::query& q, std::string_view base) {
  while (base.ends_with('/')) base.remove_suffix(1);
  const std::string root = std::string(base) + '/';
  const auto link_to = [&](std::size_t offset) {
    search::query at = q;
    at.count = p.count;  // what was given, which may be less than what was asked
    at.offset = offset;
    return root + search::to_url(at);
  };
  json::writer out;
  const auto link = [&](std::string_view relation, std::size_t offset) {
    out.begin_object().member("relation", relation).member("url", link_to(offset)).end_object();
  };
  out.begin_object().member("resourceType", "Bundle").member("type", "searchset");
  out.key("total").number(static_cast<long long>(p.total));
  out.key("link").begin_array();
  link("self", p.offset);
  if (p.has_next()) link("next", p.offset + p.resources.size());
  out.end_array();
  if (!p.resources.empty()) {  // an empty array is not FHIR (R4 2.6.2.1)
    out.key("entry").begin_array();
    for (const json::node* resource : p.resources) {
      const std::string name =
          std::string(resource->string("resourceType")) + "/" + std::string(resource->string("id"));
      out.begin_object().member("fullUrl", root + name);
      out.key("resource").value(*resource);
      out.key("search").begin_object().member("mode", "match").end_object();
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
  return std::move(out).text();
}

}  // namespace mainstay::fhir::store
