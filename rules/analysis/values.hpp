// Which of yes, no and unknown a criterion can come to at all, whatever the chart: for those who ask whether a pack's
// cases show each of them.
#pragma once

#include <string>
#include <vector>

#include "fhir/types/truth.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::rules {

/// A set of truth values.
class truths {
 public:
  constexpr truths() = default;
  constexpr truths(std::initializer_list<fhir::truth> values) {
    for (const auto v : values) add(v);
  }
  constexpr void add(fhir::truth v) { bits_ |= 1u << static_cast<unsigned>(v); }
  constexpr bool has(fhir::truth v) const { return (bits_ >> static_cast<unsigned>(v) & 1u) != 0; }
  friend constexpr bool operator==(truths, truths) = default;

 private:
  unsigned bits_ = 0;
};
/// "yes, unknown"
std::string to_text(truths t);

/// The strict values that a criterion can have: without `when` only unknown; a fact without `complete` is never no; a
/// value that only doubtful sources, or sources without a day under a limit of days, can say is never sure. Unknown is
/// always among them, for a search can fail. Too large where two facts exclude each other, never too small.
truths possible_values(const pack& p, const criterion& c);

}  // namespace mainstay::rules
