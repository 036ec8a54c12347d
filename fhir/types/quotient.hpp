// Quotients of decimals as intervals: for ratios like 1:3, which no decimal is.
#pragma once

#include <optional>

#include "fhir/types/quantity.hpp"

namespace mainstay::fhir {

/// numerator / denominator: itself where it has an end, else the open interval of 2 x 10^-20 around it; no value where it
/// does not fit. The denominator is not zero.
std::optional<interval> quotient(const decimal& numerator, const decimal& denominator);

}  // namespace mainstay::fhir
