// pack.yaml: who and what the pack is, its settings, and (once the protocols are known) its services.
#pragma once

#include "rules/pack/reading.hpp"

namespace mainstay::rules {

/// Everything of pack.yaml but services.
void read_manifest(pack_reading& r, const parsed_file& file);
void read_services(pack_reading& r, const parsed_file& file, const name_table& protocols);

}  // namespace mainstay::rules
