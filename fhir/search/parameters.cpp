#include "fhir/search/parameters.hpp"

#include <algorithm>
#include <array>

namespace mainstay::fhir::search {
namespace {

using json::key;
constexpr key code = "code", vaccine_code = "vaccineCode", medication = "medicationCodeableConcept";
constexpr std::array effective{key("effectiveDateTime"), key("effectivePeriod"), key("effectiveInstant"),
                               key("effectiveTiming")};
constexpr std::array performed{key("performedDateTime"), key("performedPeriod")};
constexpr std::array recorded{key("recordedDate")};
constexpr std::array authored{key("authoredOn")};
constexpr std::array occurrence{key("occurrenceDateTime")};
constexpr std::array period{key("period")};

// The R4 pages' "Search Parameters" of each type.
constexpr std::array rows{
    type_parameters{"AllergyIntolerance", false, "code", &code, "", "date", recorded},
    type_parameters{"CarePlan", true, "", nullptr, "http://hl7.org/fhir/request-status", "date", period},
    type_parameters{"Condition", true, "code", &code, "", "recorded-date", recorded},
    type_parameters{"DiagnosticReport", true, "code", &code, "http://hl7.org/fhir/diagnostic-report-status", "date",
                    effective},
    type_parameters{"Encounter", true, "", nullptr, "http://hl7.org/fhir/encounter-status", "date", period},
    type_parameters{"Immunization", false, "vaccine-code", &vaccine_code, "http://hl7.org/fhir/event-status", "date",
                    occurrence},
    type_parameters{"MedicationAdministration", true, "code", &medication,
                    "http://terminology.hl7.org/CodeSystem/medication-admin-status", "effective-time", effective},
    type_parameters{"MedicationRequest", true, "code", &medication,
                    "http://hl7.org/fhir/CodeSystem/medicationrequest-status", "authoredon", authored},
    type_parameters{"MedicationStatement", true, "code", &medication,
                    "http://hl7.org/fhir/CodeSystem/medication-statement-status", "effective", effective},
    type_parameters{"Observation", true, "code", &code, "http://hl7.org/fhir/observation-status", "date", effective},
    type_parameters{"Procedure", true, "code", &code, "http://hl7.org/fhir/event-status", "date", performed},
    type_parameters{"ServiceRequest", true, "code", &code, "http://hl7.org/fhir/request-status", "authored", authored},
};
static_assert(std::is_sorted(rows.begin(), rows.end(),
                             [](const type_parameters& a, const type_parameters& b) { return a.type < b.type; }));

}  // namespace

const type_parameters* parameters_of(std::string_view type) {
  const auto at = std::find_if(rows.begin(), rows.end(), [&](const type_parameters& r) { return r.type == type; });
  return at == rows.end() ? nullptr : &*at;
}

std::span<const type_parameters> all_parameters() { return rows; }

}  // namespace mainstay::fhir::search
