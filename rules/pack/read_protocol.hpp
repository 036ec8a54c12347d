// A file under protocols/ -> one protocol.
#pragma once

#include "rules/pack/reading.hpp"

namespace mainstay::rules {

/// Reads one protocol; all but services is known by then. The protocol's name goes into `protocols`.
void read_protocol(pack_reading& r, const parsed_file& file, name_table& protocols);

}  // namespace mainstay::rules
