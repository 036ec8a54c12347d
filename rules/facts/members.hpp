// Which happenings a fact speaks of: its events' rows within its limits. Private to rules/facts.
#pragma once

#include <vector>

#include "fhir/types/truth.hpp"
#include "rules/events/occurrences.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::rules {

/// What an event fact is in one scenario: a happening, or none, and then why.
struct anchor {
  const occurrence* is = nullptr;
  std::vector<reason> why;
};

struct member_of {
  const occurrence* o;
  fhir::truth is;  ///< yes or unknown; what is surely outside is not listed
};
struct members {
  std::vector<member_of> list;          ///< in the order of days
  bool anchor_unknown = false;          ///< a limit hangs on an event that is not known: anything may be inside
  std::vector<reason> why_open;         ///< why there is no sure one
};

members find_members(const fact& f, const pack& p, const std::vector<std::vector<occurrence>>& occurrences,
                     const std::vector<anchor>& anchors, const fhir::now& at);

/// Does an expression over an event's particulars hold for a happening?
fhir::truth holds_for(const expression& e, const pack& p, const occurrence& o);

/// Is `o` within the anchored limits of `f`? Days as the rule language says: `after` the anchor's last day, `before` its
/// first, `since` and `until` its first day included.
fhir::truth within_limits(const fact& f, const occurrence& o, const std::vector<anchor>& anchors);

}  // namespace mainstay::rules
