// What the demo server says of itself. Used by demo.cpp only.
#pragma once

#include <string>
#include <string_view>

#include "fhir/store/store.hpp"

namespace mainstay::cds::demo {

/// CapabilityStatement (R4) as JSON text: the types that can be searched by content, and those that the store holds.
std::string capability_statement(const fhir::store::store& store, std::string_view base);

/// Is this a resource type of FHIR R4 (4.0.1)? A misspelt one must not look like a search without a hit.
bool is_r4_type(std::string_view name);

}  // namespace mainstay::cds::demo
