#include "cds/hooks/hooks.hpp"
#include "fhir/json/writer.hpp"

namespace mainstay::cds::hooks {

std::string discovery(const rules::pack& p) {
  fhir::json::writer out;
  out.begin_object().key("services").begin_array();
  for (const auto& service : p.services) {
    out.begin_object().member("hook", service.hook).member("id", service.id);
    if (!service.title.empty()) out.member("title", service.title);
    out.member("description", service.description.empty() ? service.title.empty() ? service.id : service.title : service.description);
    if (!p.requirements.empty()) {
      out.key("prefetch").begin_object();
      for (const auto& requirement : p.requirements) out.member(requirement.key, fhir::search::to_template(requirement.query));
      out.end_object();
    }
    if (!p.intended_use.empty()) out.member("usageRequirements", p.intended_use);
    out.end_object();
  }
  out.end_array().end_object();
  return std::move(out).text();
}

}  // namespace mainstay::cds::hooks
