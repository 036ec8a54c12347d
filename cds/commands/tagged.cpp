#include "cds/commands/tagged.hpp"

#include <algorithm>

namespace mainstay::cds::commands {

namespace {
using fhir::json::member;
using fhir::json::node;

// JSON nests at most as deep as the parser lets it.
bool same(const node& a, const node& b) {
  if (a.type() != b.type()) return false;
  switch (a.type()) {
    case fhir::json::kind::null:
      return true;
    case fhir::json::kind::boolean:
      return a.boolean() == b.boolean();
    case fhir::json::kind::number:
    case fhir::json::kind::string:
      return a.text() == b.text();
    case fhir::json::kind::array:
      return std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end(), same);
    case fhir::json::kind::object:
      break;
  }
  return a.members().size() == b.members().size() &&
         std::all_of(a.members().begin(), a.members().end(), [&](const member& m) {
           const node* other = b.find(m.name());
           return other && same(m.value, *other);
         });
}

std::size_t members_but_meta(const node& resource) {
  return resource.members().size() - (resource.find("meta") ? 1 : 0);
}
}  // namespace

bool is_ours(const node& resource) {
  const node* meta = resource.find("meta");
  const node* tags = meta ? meta->find("tag") : nullptr;
  if (!tags) return false;
  const std::string_view source = meta->string("source");
  if (!source.empty() && source.substr(0, source.find('#')) != our_source) return false;
  return std::any_of(tags->items().begin(), tags->items().end(),
                     [](const node& t) { return t.string("system") == tag_system && t.string("code") == tag_code; });
}

void write_tagged(fhir::json::writer& out, const node& resource) {
  const node* meta = resource.find("meta");
  out.begin_object();
  for (const auto& m : resource.members())
    if (m.name() != "meta") out.key(m.name()).value(m.value);
  out.key("meta").begin_object();
  for (const auto& m : meta ? meta->members() : std::span<const member>{})
    if (m.name() != "tag" && m.name() != "source") out.key(m.name()).value(m.value);
  out.member("source", our_source).key("tag").begin_array();
  const node* tags = meta ? meta->find("tag") : nullptr;
  for (const auto& t : tags ? tags->items() : std::span<const node>{})
    if (t.string("system") != tag_system) out.value(t);
  out.begin_object().member("system", tag_system).member("code", tag_code).end_object();
  out.end_array().end_object().end_object();
}

bool same_but_meta(const node& a, const node& b) {
  if (!a.is_object() || !b.is_object() || members_but_meta(a) != members_but_meta(b)) return false;
  return std::all_of(a.members().begin(), a.members().end(), [&](const member& m) {
    if (m.name() == "meta") return true;
    const node* other = b.find(m.name());
    return other && same(m.value, *other);
  });
}

}  // namespace mainstay::cds::commands
