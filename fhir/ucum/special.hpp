// Units on a scale of their own: degrees, pH, bel and the like (UCUM, sections 21 and 22). Private to fhir/ucum.
#pragma once

#include "fhir/ucum/unit.hpp"

namespace mainstay::fhir::ucum {

/// convert() where at least one of both is special; both have the same dimension.
boost::system::result<number, failure> convert_special(const decimal& value, const unit& from, const unit& to);

/// Does the amount grow with the number? Not for pH and the homeopathic potencies.
bool increases(const unit& u);

}  // namespace mainstay::fhir::ucum
