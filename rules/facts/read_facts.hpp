// Files under facts/ -> pack::facts, each after those it refers to.
#pragma once

#include <vector>

#include "rules/pack/reading.hpp"

namespace mainstay::rules {

/// Reads every fact; terms, settings and events are known by then.
void read_facts(pack_reading& r, const std::vector<parsed_file>& files);

}  // namespace mainstay::rules
