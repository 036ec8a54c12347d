// Files under terms/ -> pack::terms.
#pragma once

#include <vector>

#include "rules/pack/reading.hpp"

namespace mainstay::rules {

/// Reads every term and what other files add to it.
void read_terms(pack_reading& r, const std::vector<parsed_file>& files);

}  // namespace mainstay::rules
