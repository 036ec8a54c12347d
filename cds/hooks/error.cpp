#include <array>
#include <stdexcept>

#include "cds/hooks/hooks.hpp"
#include "fhir/json/writer.hpp"

namespace mainstay::cds::hooks {

namespace {
// FHIR R4 value set issue-type, by HTTP status; where our own code says more, it stands in issue_types below.
struct by_status { unsigned status; std::string_view type; };
constexpr std::array statuses{
    by_status{400, "invalid"},    by_status{401, "login"},         by_status{403, "forbidden"}, by_status{404, "not-found"},
    by_status{405, "not-supported"}, by_status{408, "timeout"},    by_status{412, "incomplete"}, by_status{413, "too-long"},
    by_status{415, "not-supported"}, by_status{429, "throttled"},  by_status{431, "too-long"},  by_status{500, "exception"},
    by_status{501, "not-supported"}, by_status{503, "transient"},
};
struct by_code { std::string_view code, type; };
constexpr std::array codes{
    by_code{"invalid_json", "structure"}, by_code{"missing_field", "required"}, by_code{"wrong_type", "structure"},
    by_code{"invalid_value", "value"},    by_code{"foreign_patient", "business-rule"},
};

std::string_view issue_type(const error& e) {
  for (const auto& c : codes)
    if (c.code == e.code) return c.type;
  for (const auto& s : statuses)
    if (s.status == e.status) return s.type;
  return e.status >= 500 ? "exception" : "processing";
}
}  // namespace

void throw_exception_from_error(const error& e, const boost::source_location&) { throw std::runtime_error(e.code + ": " + e.message); }

std::string to_operation_outcome(const error& e) {
  fhir::json::writer out;
  out.begin_object().member("resourceType", "OperationOutcome").key("issue").begin_array().begin_object();
  out.member("severity", e.status == 500 ? "fatal" : "error").member("code", issue_type(e));
  out.key("details").begin_object().key("coding").begin_array().begin_object();
  out.member("system", error_system).member("code", e.code).end_object().end_array();
  // Clients in use show details.text alone.
  out.member("text", e.message).end_object();
  out.member("diagnostics", e.message);
  if (!e.pointer.empty()) out.key("expression").begin_array().string(e.pointer).end_array();
  out.end_object().end_array().end_object();
  return std::move(out).text();
}

}  // namespace mainstay::cds::hooks
