// The tag and source by which `sandbox` knows what it has put into a FHIR server. Pure; used by sandbox.
#pragma once

#include <string_view>

#include "fhir/json/document.hpp"
#include "fhir/json/writer.hpp"

namespace mainstay::cds::commands {

inline constexpr std::string_view tag_system = "urn:mainstay:sandbox", tag_code = "example";
/// R4 Meta.source: who provided this version.
inline constexpr std::string_view our_source = "urn:mainstay:sandbox";

/// Did we put this resource there? It bears our tag, and no source but ours. The tag alone would not do: HAPI hands the
/// tags of a deleted resource on to whatever somebody else puts under the same id. It adds `#` and a request's id to a
/// source; servers that keep no source keep no old tags either.
bool is_ours(const fhir::json::node& resource);
/// A resource with our tag and source beside what its own `meta` has.
void write_tagged(fhir::json::writer& out, const fhir::json::node& resource);
/// Do two resources say the same but for `meta`, which servers write too? The order of members does not count, that of
/// arrays does; numbers are compared as they are written.
bool same_but_meta(const fhir::json::node& a, const fhir::json::node& b);

}  // namespace mainstay::cds::commands
