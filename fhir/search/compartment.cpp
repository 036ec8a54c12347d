// Which patient a resource is about: R4's patient compartment, by the one element that says whose record it is
// (subject, patient), not by authors and performers, whom the compartment also counts.
#include <algorithm>
#include <array>

#include "fhir/search/query.hpp"
#include "fhir/search/reference.hpp"

namespace mainstay::fhir::search {
namespace {

constexpr json::key subject = "subject";
constexpr json::key patient = "patient";
constexpr json::key beneficiary = "beneficiary";
constexpr json::key individual = "individual";
constexpr json::key candidate = "candidate";

struct row {
  std::string_view type;
  const json::key* element;
};

// https://hl7.org/fhir/R4/compartmentdefinition-patient.html, sorted by type. Left out: types whose patient is only one
// of many participants (Appointment, Schedule, Group, Person, Provenance, AuditEvent, SupplyRequest), and
// RelatedPerson.
constexpr std::array rows{
    row{"Account", &subject},
    row{"AdverseEvent", &subject},
    row{"AllergyIntolerance", &patient},
    row{"Basic", &subject},
    row{"BodyStructure", &patient},
    row{"CarePlan", &subject},
    row{"CareTeam", &subject},
    row{"ChargeItem", &subject},
    row{"Claim", &patient},
    row{"ClaimResponse", &patient},
    row{"ClinicalImpression", &subject},
    row{"Communication", &subject},
    row{"CommunicationRequest", &subject},
    row{"Composition", &subject},
    row{"Condition", &subject},
    row{"Consent", &patient},
    row{"Coverage", &beneficiary},
    row{"CoverageEligibilityRequest", &patient},
    row{"CoverageEligibilityResponse", &patient},
    row{"DetectedIssue", &patient},
    row{"DeviceRequest", &subject},
    row{"DeviceUseStatement", &subject},
    row{"DiagnosticReport", &subject},
    row{"DocumentManifest", &subject},
    row{"DocumentReference", &subject},
    row{"Encounter", &subject},
    row{"EnrollmentRequest", &candidate},
    row{"EpisodeOfCare", &patient},
    row{"ExplanationOfBenefit", &patient},
    row{"FamilyMemberHistory", &patient},
    row{"Flag", &subject},
    row{"Goal", &subject},
    row{"ImagingStudy", &subject},
    row{"Immunization", &patient},
    row{"ImmunizationEvaluation", &patient},
    row{"ImmunizationRecommendation", &patient},
    row{"Invoice", &subject},
    row{"List", &subject},
    row{"MeasureReport", &subject},
    row{"Media", &subject},
    row{"MedicationAdministration", &subject},
    row{"MedicationDispense", &subject},
    row{"MedicationRequest", &subject},
    row{"MedicationStatement", &subject},
    row{"MolecularSequence", &patient},
    row{"NutritionOrder", &patient},
    row{"Observation", &subject},
    row{"Procedure", &subject},
    row{"QuestionnaireResponse", &subject},
    row{"RequestGroup", &subject},
    row{"ResearchSubject", &individual},
    row{"RiskAssessment", &subject},
    row{"ServiceRequest", &subject},
    row{"Specimen", &subject},
    row{"SupplyDelivery", &patient},
    row{"VisionPrescription", &patient},
};
static_assert(std::is_sorted(rows.begin(), rows.end(), [](const row& a, const row& b) { return a.type < b.type; }));

// Every row of an answer is looked up: where to find a type's row, by the last bits of its tag and from there on.
constexpr std::size_t slot_count = 256;
constexpr std::uint8_t no_row = 0xff;
static_assert(rows.size() < no_row && rows.size() < slot_count / 2);
constexpr auto slots = [] {
  std::array<std::uint8_t, slot_count> table{};
  table.fill(no_row);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::size_t at = json::tag_of(rows[i].type) % slot_count;
    while (table[at] != no_row) at = (at + 1) % slot_count;
    table[at] = static_cast<std::uint8_t>(i);
  }
  return table;
}();

constexpr json::key resource_type_key = "resourceType";
constexpr json::key id_key = "id";
constexpr json::key reference_key = "reference";
constexpr json::key contained_key = "contained";

// "#p": the contained resource of that id. Its id means nothing outside the container (R4 2.3.0.2), so that it tells
// who the patient is only where it equals the patient's own; otherwise it stays open, which is not "another patient".
patient_link link_contained(const json::node& resource, std::string_view name, std::string_view patient_id) {
  const json::node* contained = resource.find(contained_key);
  if (contained == nullptr) return patient_link::none;
  for (const json::node& inner : contained->items())
    if (inner.string(resource_type_key) == "Patient" && inner.string(id_key) == name)
      return name == patient_id ? patient_link::this_patient : patient_link::none;
  return patient_link::none;
}

patient_link link_one(const json::node& resource, const json::node& element, std::string_view patient_id,
                      std::string_view base, const resolver& within) {
  std::string_view text = element.string(reference_key);
  if (text.empty()) return patient_link::none;  // a logical identifier only, or a display
  if (text.starts_with('#')) return link_contained(resource, text.substr(1), patient_id);
  if (text.starts_with("urn:")) {
    const auto found = within ? within(text) : std::nullopt;
    if (!found || found->type != "Patient") return patient_link::none;
    return found->id == patient_id ? patient_link::this_patient : patient_link::other_patient;
  }
  const auto parsed = parse_reference(text);
  if (!parsed || parsed->type != "Patient") return patient_link::none;  // a Group, a Device, a Location
  if (parsed->id != patient_id) return patient_link::other_patient;
  // Where no base is known there is nothing to compare an absolute reference with but its id.
  if (!parsed->base.empty() && !base.empty() && !same_base(parsed->base, base)) return patient_link::other_patient;
  return patient_link::this_patient;
}

}  // namespace

const json::key* patient_element(std::string_view type) {
  for (std::size_t at = json::tag_of(type) % slot_count; slots[at] != no_row; at = (at + 1) % slot_count)
    if (rows[slots[at]].type == type) return rows[slots[at]].element;
  return nullptr;
}

std::vector<reference> subject_references(const json::node& resource) {
  std::vector<reference> out;
  const json::key* element = patient_element(resource.string(resource_type_key));
  const json::node* value = element == nullptr ? nullptr : resource.find(*element);
  if (value == nullptr) return out;
  const auto read = [&](const json::node& one) {
    if (auto parsed = parse_reference(one.string(reference_key))) out.push_back(std::move(*parsed));
  };
  if (!value->is_array()) read(*value);
  for (const json::node& one : value->items()) read(one);
  return out;
}

patient_link link_to_patient(const json::node& resource, std::string_view patient_id, std::string_view base,
                             const resolver& within) {
  const std::string_view type = resource.string(resource_type_key);
  if (type == "Patient") {
    const std::string_view id = resource.string(id_key);
    if (id.empty()) return patient_link::none;
    return id == patient_id ? patient_link::this_patient : patient_link::other_patient;
  }
  const json::key* element = patient_element(type);
  if (element == nullptr) return patient_link::not_in_compartment;
  const json::node* value = resource.find(*element);
  if (value == nullptr) return patient_link::none;
  if (!value->is_array()) return link_one(resource, *value, patient_id, base, within);
  auto whole = patient_link::none;
  for (const json::node& item : value->items()) {
    const auto one = link_one(resource, item, patient_id, base, within);
    if (one == patient_link::other_patient) return one;
    if (one == patient_link::this_patient) whole = one;
  }
  return whole;
}

}  // namespace mainstay::fhir::search
