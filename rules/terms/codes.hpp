// Codes as an author writes them: `snomed#58390007`, `icd10pcs#302[34]3[GYUX][234]`, `urn:oid:1.2.3#CODE`. Used by the
// loader and by a site's overlay.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhir/types/quantity.hpp"

namespace mainstay::rules {

struct codes_problem {
  std::string code, message, help;
};

/// Every coding that the text means, the systems as canonical URIs; or a problem. `limit` bounds what brackets make.
struct expanded_codes {
  std::vector<fhir::coding> codes;
  std::vector<codes_problem> problems;  ///< at most one
};
expanded_codes expand_codes(std::string_view text, std::size_t limit);

/// The check digit of a SNOMED CT identifier (Verhoeff's, SNOMED CT Technical Implementation Guide, "SCTID check
/// digit").
bool snomed_check_digit(std::string_view code);
/// The check digit of a LOINC number "1234-5" (mod 10, LOINC Users' Guide, appendix "check digit").
bool loinc_check_digit(std::string_view code);

}  // namespace mainstay::rules
