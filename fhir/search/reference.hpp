// Literal references between resources (R4 2.3.0.1): "Patient/p1", versioned, absolute. Used by search, store and
// chart. Value type; thread-safe to copy.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/json/document.hpp"

namespace mainstay::fhir {

/// A literal reference taken apart; `base` is empty for a relative one and has no trailing slash, the version is
/// dropped.
struct reference {
  std::string type, id, base;
  friend bool operator==(const reference&, const reference&) = default;
};
/// "Patient/p1", "Patient/p1/_history/2", "https://host/fhir/Patient/p1". No value for `urn:`, `#contained`, a
/// conditional reference ("Patient?identifier=...") and anything else.
std::optional<reference> parse_reference(std::string_view text);

/// Do two base URLs name the same server? Scheme and host in lower case, default ports, no trailing slash.
bool same_base(std::string_view a, std::string_view b);

/// May this be the logical id of a resource (R4 2.24.0.1 `id`)? "." and ".." are not: they would leave the path.
bool is_id(std::string_view text);
/// May this be the name of a resource type?
bool is_type_name(std::string_view text);

namespace search {

/// The patient element of a resource type in R4's patient compartment, or nullptr for a type that is not judged.
const json::key* patient_element(std::string_view type);
/// The literal references in a resource's compartment element (one, save for Account and the like), on whatever base.
std::vector<reference> subject_references(const json::node& resource);

}  // namespace search
}  // namespace mainstay::fhir
