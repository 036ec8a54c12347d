// Numbers as people write them. Private to fhir/lab_text.
#pragma once

#include <optional>

#include "fhir/lab_text/words.hpp"
#include "fhir/types/decimal.hpp"

namespace mainstay::fhir::lab_text {

struct written_number {
  decimal value;
  bool power = false;  ///< written with a power of ten: 1e-4, 10^-4, 1.2 x 10-3
};

/// Takes a number; no value, and the cursor anywhere, where there is none or it has two meanings.
std::optional<written_number> take_number(cursor& at);
/// Takes a whole number that counts something: "10000", "10 000", "10,000", "10.000", "10^4".
std::optional<decimal> take_count(cursor& at);

}  // namespace mainstay::fhir::lab_text
