// How often something happened: rows found are at least what happened, a recorded count is another source, and `complete`
// closes it. Private to rules/facts.
#pragma once

#include "rules/facts/members.hpp"
#include "rules/facts/possible.hpp"

namespace mainstay::rules {

struct counting {
  const fact& f;
  const pack& p;
  const std::vector<std::vector<occurrence>>& occurrences;
  const std::vector<event_rows>& rows;
  const std::vector<anchor>& anchors;
  reading_of_doubt how;
};

possible count_members(const counting& what, const members& found, const reach& searched);

}  // namespace mainstay::rules
