// The rows of the table in canonical form. Private to fhir/ucum.
#pragma once

#include "fhir/ucum/rows.hpp"
#include "fhir/ucum/unit.hpp"

namespace mainstay::fhir::ucum {

/// What one of a row's unit is; a special unit has the dimension of its corresponding unit and the scale 1.
const unit& atom(std::uint16_t row);
/// The corresponding unit's factor of a special row: 2 x 10^-5 Pa for `B[SPL]`.
const factor& corresponding(std::uint16_t row);

/// The standard gives pi to 64 places, and with them it is a number like any other.
inline constexpr std::string_view pi_digits = "31415926535897932384626433832795028841971693993751058209749445923";
inline constexpr int pi_places = 64;

}  // namespace mainstay::fhir::ucum
