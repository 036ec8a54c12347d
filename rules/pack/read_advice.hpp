// What the card of a protocol shows: `timing:` and `advice:`. Private to rules/pack.
#pragma once

#include "rules/pack/reading.hpp"

namespace mainstay::rules {

/// Reads `timing` of the protocol `from`, where it has one; mistakes go to `r`.
void read_timing(pack_reading& r, const yaml_node& from, protocol& to);
/// Reads `advice` of the protocol `from`; that it has none is told at its name, `id`.
void read_advice(pack_reading& r, const yaml_node& from, const yaml_node& id, protocol& to);

}  // namespace mainstay::rules
