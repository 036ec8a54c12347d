// Code systems by their canonical URI.
#include <array>

#include "fhir/types/quantity.hpp"

namespace mainstay::fhir {
namespace {

struct alias {
  std::string_view from, to;
};
// HL7 Terminology: the OIDs registered for each system; ICD-10-PCS has had two URIs.
constexpr std::array aliases{
    alias{"urn:oid:2.16.840.1.113883.6.1", "http://loinc.org"},
    alias{"urn:oid:2.16.840.1.113883.6.96", "http://snomed.info/sct"},
    alias{"urn:oid:2.16.840.1.113883.6.90", "http://hl7.org/fhir/sid/icd-10-cm"},
    alias{"urn:oid:2.16.840.1.113883.6.4", "http://www.cms.gov/Medicare/Coding/ICD10"},
    alias{"urn:oid:2.16.840.1.113883.6.12", "http://www.ama-assn.org/go/cpt"},
    alias{"urn:oid:2.16.840.1.113883.6.285", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"},
    alias{"http://hl7.org/fhir/sid/icd-10-pcs", "http://www.cms.gov/Medicare/Coding/ICD10"},
};

constexpr json::key system_key = "system";
constexpr json::key code_key = "code";

}  // namespace

std::string_view canonical_system(std::string_view uri) {
  uri = uri.substr(0, uri.find('|'));  // canonical|version, FHIR R4 2.1.0.9
  for (const alias& a : aliases)
    if (a.from == uri) return a.to;
  return uri;
}

std::optional<coding> read_coding(const json::node& element) {
  const std::string_view system = element.string(system_key);
  const std::string_view code = element.string(code_key);
  if (system.empty() || code.empty()) return std::nullopt;
  return coding{std::string(canonical_system(system)), std::string(code)};
}

}  // namespace mainstay::fhir
