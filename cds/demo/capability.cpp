#include "cds/demo/capability.hpp"

#include <set>

#include "fhir/json/writer.hpp"
#include "fhir/search/parameters.hpp"

namespace mainstay::cds::demo {
namespace {

using fhir::json::writer;

void coded(writer& out, std::string_view list, std::initializer_list<std::string_view> codes) {
  out.key(list).begin_array();
  for (std::string_view code : codes) out.begin_object().member("code", code).end_object();
  out.end_array();
}

void parameter(writer& out, std::string_view name, std::string_view type) {
  out.begin_object().member("name", name).member("type", type).end_object();
}

void resource(writer& out, std::string_view type) {
  out.begin_object().member("type", type);
  coded(out, "interaction", {"read", "search-type", "create", "update", "delete"});
  out.member("versioning", "no-version").key("updateCreate").boolean(true);
  out.key("searchParam").begin_array();
  parameter(out, "_id", "token");
  parameter(out, "_tag", "token");
  if (fhir::search::patient_element(type) != nullptr) parameter(out, "patient", "reference");
  if (const auto* row = fhir::search::parameters_of(type)) {
    if (row->subject) parameter(out, "subject", "reference");
    if (!row->code_name.empty()) parameter(out, row->code_name, "token");
    if (!row->status_system.empty()) parameter(out, "status", "token");
    if (!row->date_name.empty()) parameter(out, row->date_name, "date");
  }
  out.end_array().end_object();
}

}  // namespace

std::string capability_statement(const fhir::store::store& store, std::string_view base) {
  std::set<std::string, std::less<>> types{"Patient"};
  for (const auto& row : fhir::search::all_parameters()) types.emplace(row.type);
  for (const auto& [type, count] : store.counts()) types.insert(type);
  writer out;
  out.begin_object().member("resourceType", "CapabilityStatement").member("status", "active");
  out.member("date", "2026-11-21");  // when what the statement says was last changed (R4 CapabilityStatement.date)
  out.member("kind", "instance");
  out.key("software").begin_object().member("name", "mainstay demo server").end_object();
  out.key("implementation").begin_object().member("description", "example patients in memory; no data of real people");
  out.member("url", base).end_object();
  out.member("fhirVersion", "4.0.1");
  out.key("format").begin_array().string("json").string("application/fhir+json").end_array();
  out.key("rest").begin_array().begin_object().member("mode", "server");
  out.key("resource").begin_array();
  for (const std::string& type : types) resource(out, type);
  out.end_array();
  coded(out, "interaction", {"transaction", "batch"});
  out.end_object().end_array().end_object();
  return std::move(out).text();
}

}  // namespace mainstay::cds::demo
