// The tag by which `sandbox` knows what it has put into a FHIR server. Pure; used by sandbox.
#pragma once

#include <string_view>

#include "fhir/json/document.hpp"
#include "fhir/json/writer.hpp"

namespace mainstay::cds::commands {

inline constexpr std::string_view tag_system = "urn:mainstay:sandbox", tag_code = "example";

/// Does a resource bear our tag in `meta.tag`?
bool has_tag(const fhir::json::node& resource);
/// A resource with our tag beside what its own `meta` has.
void write_tagged(fhir::json::writer& out, const fhir::json::node& resource);
/// Do two resources say the same but for `meta`, which servers write too? The order of members does not count, that of
/// arrays does; numbers are compared as they are written.
bool same_but_meta(const fhir::json::node& a, const fhir::json::node& b);

}  // namespace mainstay::cds::commands
