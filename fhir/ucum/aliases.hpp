// Units as laboratories spell them, where UCUM has another code or none: `K/uL` is kelvin per microlitre to UCUM and
// thousand per microlitre to a laboratory. Only for texts that do not claim to be UCUM codes, and only where a caller
// asks; what was put in for a text stays visible in the alias that is returned.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace mainstay::fhir::ucum {

struct alias {
  std::string_view spelling;  ///< as laboratories write it, without blanks; `u` stands for both micro signs
  std::string_view code;      ///< the UCUM code that it means
  std::string_view source;    ///< who lists or writes it
};

/// The whole table, sorted by spelling.
std::span<const alias> aliases();

/// The alias of a unit's text: blanks left out, a micro sign read as `u`, letters' case as it is. No value for a text
/// that has none; it may be a UCUM code. Texts over 40 bytes have none.
const alias* find_alias(std::string_view text);

}  // namespace mainstay::fhir::ucum
