#include <algorithm>

#include "fhir/search/dates.hpp"
#include "fhir/search/parameters.hpp"
#include "fhir/search/query.hpp"

namespace mainstay::fhir::search {
namespace {

constexpr json::key type_key = "resourceType", id_key = "id", status_key = "status", coding_key = "coding",
                    system_key = "system", code_key = "code", meta_key = "meta", tag_key = "tag";

template <class List, class Value>
bool holds(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// R4 3.1.1.4.10: `system|code`, `|code` (no system), `code` (any), `system|` (any code of it).
bool matches_coding(const token& wanted, std::string_view system, std::string_view code) {
  // Codes of one system are of like length and differ most at their end.
  if (!wanted.code.empty() &&
      (wanted.code.size() != code.size() || wanted.code.back() != code.back() || wanted.code != code))
    return false;
  if (!wanted.system) return true;
  if (wanted.system->empty()) return system.empty();
  return *wanted.system == system || canonical_system(*wanted.system) == canonical_system(system);
}

bool matches_codings(const std::vector<token>& wanted, const json::node* codings) {
  if (codings == nullptr) return false;
  for (const json::node& coding : codings->items()) {
    const std::string_view system = coding.string(system_key), code = coding.string(code_key);
    if (code.empty() && system.empty()) continue;
    for (const token& t : wanted)
      if (matches_coding(t, system, code)) return true;
  }
  return false;
}

bool matches_concept(const std::vector<token>& wanted, const json::node& element) {
  if (element.is_array())
    return std::any_of(element.items().begin(), element.items().end(),
                       [&](const json::node& one) { return matches_concept(wanted, one); });
  return matches_codings(wanted, element.find(coding_key));
}

bool matches_tags(const query& q, const json::node& resource) {
  if (q.tags.empty()) return true;
  const json::node* meta = resource.find(meta_key);
  return meta != nullptr && std::all_of(q.tags.begin(), q.tags.end(), [&](const std::vector<token>& alternatives) {
           return matches_codings(alternatives, meta->find(tag_key));
         });
}

bool matches_codes(const query& q, const type_parameters* row, const json::node& resource) {
  if (q.codes.empty()) return true;
  const json::node* element =
      row == nullptr || row->code_element == nullptr ? nullptr : resource.find(*row->code_element);
  return element != nullptr && std::all_of(q.codes.begin(), q.codes.end(), [&](const std::vector<token>& alternatives) {
           return matches_concept(alternatives, *element);
         });
}

// A `code` element has the system of its binding.
bool matches_statuses(const query& q, const type_parameters* row, const json::node& resource) {
  if (q.statuses.empty()) return true;
  const std::string_view status = resource.string(status_key);
  if (row == nullptr || row->status_system.empty() || status.empty()) return false;
  return std::all_of(q.statuses.begin(), q.statuses.end(), [&](const std::vector<token>& alternatives) {
    return std::any_of(alternatives.begin(), alternatives.end(),
                       [&](const token& t) { return matches_coding(t, row->status_system, status); });
  });
}

bool matches_patients(const query& q, const json::node& resource) {
  if (q.patients.empty() && q.subjects.empty()) return true;
  const auto references = subject_references(resource);
  const bool patient = q.patients.empty() || std::any_of(references.begin(), references.end(), [&](const reference& r) {
                         return r.type == "Patient" && holds(q.patients, r.id);
                       });
  const bool subject = q.subjects.empty() || std::any_of(references.begin(), references.end(), [&](const reference& r) {
                         return holds(q.subjects, r.id) || holds(q.subjects, r.type + "/" + r.id);
                       });
  return patient && subject;
}

bool matches_dates(const query& q, const json::node& resource, date_edges edges) {
  if (q.dates.empty()) return true;
  const auto span = time_span_of(resource);
  return span && std::all_of(q.dates.begin(), q.dates.end(),
                             [&](const date_bound& bound) { return matches(bound, *span, edges); });
}

bool matches_id(const query& q, const json::node& resource) {
  if (q.read_id && resource.string(id_key) != *q.read_id) return false;
  return q.ids.empty() || holds(q.ids, resource.string(id_key));
}

bool matches_content(const query& q, const json::node& resource, date_edges edges) {
  const type_parameters* row = parameters_of(q.type);
  return matches_statuses(q, row, resource) && matches_codes(q, row, resource) && matches_tags(q, resource) &&
         matches_dates(q, resource, edges);
}

}  // namespace

bool matches(const query& q, const json::node& resource, date_edges edges) {
  return resource.string(type_key) == q.type && matches_id(q, resource) && matches_patients(q, resource) &&
         matches_content(q, resource, edges);
}

bool matches_of_patient(const query& q, const json::node& resource, date_edges edges) {
  return resource.string(type_key) == q.type && (q.type == "Patient" || matches_id(q, resource)) &&
         matches_content(q, resource, edges);
}

}  // namespace mainstay::fhir::search
