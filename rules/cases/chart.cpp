#include "rules/cases/chart.hpp"

#include "fhir/json/writer.hpp"
#include "fhir/store/store.hpp"
#include "rules/cases/cases.hpp"

namespace mainstay::rules {

namespace {

/// A query of the pack for one patient.
fhir::search::query query_for(const requirement& r, const std::string& patient_id) {
  auto q = r.query;
  if (q.type == "Patient")
    q.read_id = patient_id;
  else
    q.patients = {patient_id};
  return q;
}

/// The documents that a server would answer one query with: the resource read, or a Bundle a page.
bool answer_from(const fhir::store::store& from, const fhir::search::query& q, std::vector<fhir::json::document>& to,
                 std::string& error) {
  const auto take = [&](std::string text) {
    auto parsed = fhir::json::parse(std::move(text));
    if (parsed)
      to.push_back(std::move(*parsed));
    else
      error = parsed.error().message;
    return parsed.has_value();
  };
  if (q.read_id) {
    const auto found = from.read(q.type, *q.read_id);
    return !found || take(fhir::json::to_text(**found));
  }
  for (std::size_t offset = 0;;) {
    const auto page = from.search(q, offset);
    if (!page) {
      error = page.error().message;
      return false;
    }
    if (!take(fhir::store::to_bundle(*page, q, "http://case.invalid"))) return false;
    offset += page->resources.size();
    if (!page->has_next() || page->resources.empty()) return true;
  }
}

}  // namespace

namespace case_files {

std::optional<fhir::chart> make_chart(const pack& p, const std::string& patient_id,
                                      const std::vector<std::string>& resources,
                                      const std::map<std::string, std::string>& failed, std::string& error) {
  fhir::store::store all;
  for (const auto& text : resources) {
    auto parsed = fhir::json::parse(text);
    if (!parsed) {
      error = "a resource is not JSON: " + parsed.error().message;
      return std::nullopt;
    }
    if (const auto put = all.put(std::move(*parsed)); !put) {
      error = put.error().message;
      return std::nullopt;
    }
  }
  fhir::chart chart(patient_id);
  for (const auto& need : p.requirements) {
    if (const auto why = failed.find(need.key); why != failed.end()) {
      chart.add_answer({need.key, fhir::completeness::failed, why->second, std::nullopt, 0});
      continue;
    }
    const auto q = query_for(need, patient_id);
    std::vector<fhir::json::document> documents;
    if (!answer_from(all, q, documents, error)) return std::nullopt;
    if (const auto added = chart.add(need.key, q, std::move(documents), fhir::completeness::complete, {},
                                     fhir::chart::origin::fetched);
        !added) {
      error = "`" + need.key + "` brought another patient's " + added.error().type;
      return std::nullopt;
    }
  }
  return chart;
}

}  // namespace case_files

std::optional<fhir::chart> chart_from_resources(const pack& p, const std::string& patient_id,
                                                const std::vector<std::string>& resources, std::string& error) {
  return case_files::make_chart(p, patient_id, resources, {}, error);
}

}  // namespace mainstay::rules
