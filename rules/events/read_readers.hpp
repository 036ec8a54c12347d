// How a particular is read from a row: `coded`, `proportion`, `quantity`, `condition_state`, or what a source says of itself.
#pragma once

#include <optional>

#include "rules/pack/reading.hpp"

namespace mainstay::rules {

/// Under `has`: `result: {title, titles, proportion: {...}, coded: {...}}`. None where there is a problem.
std::optional<particular> read_particular(pack_reading& r, const yaml_member& m);
/// In a source: `state: relapse`, `state: [cr, cri]`, `state: {coded: {...}}`.
std::optional<particular> read_source_particular(pack_reading& r, const yaml_member& m);

}  // namespace mainstay::rules
