// Results that laboratories write as text: "not detected", "< 0.01 %", "1.2 x 10-3", "1:10 000", "neg (sens. 10^-4)".
// Used by readers of Observation.valueString and the like. Pure; thread-safe.
//
// Never a guess: a text that has two meanings, or words that the grammar does not know, is unreadable.
//
// clang-format off
//   text        = [ label [ ":" / "=" ] ] result [ "." ]
//   label       = "mrd" / "mrd result" / "result" / "value"
//   result      = negative [ tail ] / positive [ amount ] [ tail ] / amount [ tail ]
//   negative    = "not detected" / "negative" / "neg" / "undetectable" / ...    ; table in words.cpp
//   positive    = "detected" / "positive" / "pos" / ...                         ; an amount after it is above zero
//   amount      = [ comparator ] measured / between
//   between     = number [ "%" ] ( "-" / "to" ) measured / "between" number "and" measured
//   measured    = ratio / number [ unit ] [ of-what ]
//   ratio       = number ( ":" / "/" / "in" / "per" ) count [ counted ]         ; a count has no decimals
//   number      = [ "-" ] digits-with-groups [ ( "e" / times ten-to ) ] / ten-to
//   ten-to      = "10^-4" / "10*-4" / "10-4"        ; 10-4 cannot be a range, so it is a power; 10-15 can only be one
//   comparator  = "<" / "<=" / ">" / ">=" / "less than" / "at most" / ...
//   unit        = a UCUM code, or a laboratory's spelling where the caller allows it
//   tail        = sens [ "of" / ":" / "=" / "<" ] proportion                    ; in brackets, after a comma, or by itself
//   sens        = "sens" / "sensitivity" / "lod" / "limit of detection" / ...
//   proportion  = ratio / ten-to / number "%" / number with an exponent         ; a bare "0.01" may be either scale
// clang-format on
//
// Letters' case counts in units alone. Numbers: "1,234.5", "1.234,5" and "10 000" have one meaning each; a comma is a
// decimal comma only where nothing else is possible ("0,01", "12,5", "1,2345"), so "1,234" is unreadable; a single
// point is decimal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fhir/types/quantity.hpp"
#include "fhir/ucum/aliases.hpp"

namespace mainstay::fhir::lab_text {

struct options {
  std::size_t length = 200;    ///< longer texts are reports, not results
  bool lab_spellings = false;  ///< may a unit be a laboratory's spelling (ucum/aliases.hpp)?
};

enum class kind { unreadable, value, range, detected, not_detected };
/// "not detected", "value".
std::string_view to_text(kind k);

struct result {
  lab_text::kind kind = kind::unreadable;
  interval values;                        ///< of a value (both ends the same) or a range; "< 5" has no low end
  std::string unit;                       ///< UCUM code; "1" for a ratio, "" where the text has none
  const ucum::alias* spelling = nullptr;  ///< the laboratory's spelling that was put in for, if any
  std::optional<decimal> sensitivity;     ///< of the assay, as a proportion: 10^-4 is 0.0001
};

result read(std::string_view text, const options& o = {});

}  // namespace mainstay::fhir::lab_text
