#include "rules/pack/read_manifest.hpp"

#include <algorithm>

#include "fhir/types/date.hpp"
#include "rules/pack/suggest.hpp"

namespace mainstay::rules {

namespace {

/// "0.1.0" of Semantic Versioning 2.0.0, without pre-release and build.
bool is_version(std::string_view s) {
  unsigned parts = 0;
  while (true) {
    const std::size_t dot = s.find('.');
    const std::string_view part = s.substr(0, dot);
    const bool digits = !part.empty() && part.size() < 9 &&
                        std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits || (part.size() > 1 && part[0] == '0')) return false;
    ++parts;
    if (dot == std::string_view::npos) return parts == 3;
    s.remove_prefix(dot + 1);
  }
}

void read_setting(pack_reading& r, const yaml_member& m) {
  const std::size_t before = r.count();
  r.settings.at.emplace(m.key.text, r.made.settings.size());
  setting s;
  s.id = m.key.text;
  s.at = m.key.at;
  r.keys(m.value, "a setting", {"title", "value", "because", "adjustable"});
  s.title = r.text(m.value, "title");
  if (s.title.empty()) s.title = s.id;
  if (const yaml_node* t = m.value.find("title")) r.no_digits(*t, {}, "the number is `value`");
  s.because = r.needed(m.value, "because", "a setting", m.key);
  s.text = r.needed(m.value, "value", "a setting", m.key);
  const auto read = [&](const yaml_node& n) -> std::optional<literal> {
    if (n.type == yaml_node::kind::scalar) {
      if (const auto plain = fhir::decimal::parse(n.text)) {
        literal l;
        l.type = literal::kind::number;
        l.number = *plain;
        return l;
      }
      if (auto l = parse_span(n.text)) return l;
    }
    r.error("setting", n, "`" + n.text + "` is not a setting's value", "write a number, or a span: `60 days`");
    return std::nullopt;
  };
  std::optional<literal> value;
  if (const yaml_node* v = m.value.find("value")) value = read(*v);
  if (value) {
    s.value = value->number;
    s.unit = value->unit;
  }
  if (const yaml_node* a = m.value.find("adjustable")) {
    if (a->type != yaml_node::kind::list || a->items.size() != 2) {
      r.error("setting", *a, "`adjustable` is a low and a high end", "write `[7 days, 120 days]`");
    } else {
      const auto low = read(a->items[0]), high = read(a->items[1]);
      if (value && low && high) {
        if (low->unit != value->unit || high->unit != value->unit)
          r.error("setting", *a, "`adjustable` is not in the unit of the value",
                  "write both ends in " + (value->unit.empty() ? "plain numbers" : value->unit));
        else if (value->number < low->number || high->number < value->number)
          r.error("setting", *a, "the value " + s.text + " is outside of `adjustable`",
                  "widen it or correct the value");
      }
    }
  }
  if (r.count() != before) r.settings.broken.emplace(s.id, true);
  r.made.settings.push_back(std::move(s));
}

}  // namespace

void read_manifest(pack_reading& r, const parsed_file& file) {
  const yaml_node& n = file.root;
  if (r.map(n, "pack.yaml") == nullptr) return;
  r.keys(n, "pack.yaml",
         {"pack", "version", "title", "owner", "reviewed", "license", "intended_use", "services", "silent", "names",
          "settings"});
  pack& p = r.made;
  p.id = r.needed(n, "pack", "pack.yaml", n);
  if (const yaml_node* id = n.find("pack"); id != nullptr && id->type == yaml_node::kind::scalar)
    r.identifier(*id, "a pack");
  p.version = r.needed(n, "version", "pack.yaml", n);
  if (!p.version.empty() && !is_version(p.version))
    r.error("version", *n.find("version"), "`" + p.version + "` is not a version", "write three numbers: `0.1.0`");
  p.owner = r.needed(n, "owner", "pack.yaml", n);
  p.intended_use = r.needed(n, "intended_use", "pack.yaml", n);
  p.title = r.text(n, "title");
  p.license = r.text(n, "license");
  p.reviewed = r.text(n, "reviewed");
  if (!p.reviewed.empty() && !fhir::parse_day(p.reviewed))
    r.error("date", *n.find("reviewed"), "`" + p.reviewed + "` is not a date", "write `2026-03-01`");
  if (const yaml_node* names = n.find("names")) {
    for (const yaml_node* x : r.several(*names, "`names`")) {
      const bool letter = std::any_of(x->text.begin(), x->text.end(),
                                      [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
      if (!letter)
        r.error("name", *x, "`" + x->text + "` is a number, not a name", "a number has a source: leave it out");
      p.names.push_back(x->text);  // the wrong one, too: what it is used for is no second mistake
    }
    // The longest first, so that `CD19` does not leave the `0` of `CD190`.
    std::sort(p.names.begin(), p.names.end(), [](const std::string& a, const std::string& b) {
      return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
  }
  if (const yaml_node* silent = n.find("silent")) {
    const std::vector<std::string> known{"deceased", "merged", "inactive"};
    for (const yaml_node* x : r.several(*silent, "`silent`")) {
      if (std::find(known.begin(), known.end(), x->text) == known.end())
        r.error("silent", *x, "`" + x->text + "` is not a state of a patient",
                did_you_mean(x->text, known, "write `deceased`, `merged` or `inactive`"));
      else
        p.silent.push_back(x->text);
    }
  }
  r.each(n, "settings", "a setting", [&](const yaml_member& m) { read_setting(r, m); });
}

void read_services(pack_reading& r, const parsed_file& file, const name_table& protocols) {
  const yaml_node* services = file.root.find("services");
  if (file.root.type != yaml_node::kind::map || services == nullptr || r.map(*services, "`services`") == nullptr)
    return;
  for (const yaml_member& m : services->members) {
    // The id stands in a URL: letters, digits and `-` (CDS Hooks 2.0.1, "Discovery").
    const bool good = !m.key.text.empty() && std::all_of(m.key.text.begin(), m.key.text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (!good)
      r.error("identifier", m.key, "`" + m.key.text + "` is not a service's id", "write small letters, digits and `-`");
    if (r.map(m.value, "a service") == nullptr) continue;
    r.keys(m.value, "a service", {"hook", "title", "description", "protocols"});
    service s;
    s.id = m.key.text;
    s.hook = r.needed(m.value, "hook", "a service", m.key);
    if (!s.hook.empty() && s.hook != "patient-view")
      r.error("hook", *m.value.find("hook"), "the hook `" + s.hook + "` is not served",
              did_you_mean(s.hook, {"patient-view"}, "write `patient-view`"));
    s.title = r.text(m.value, "title");
    s.description = r.needed(m.value, "description", "a service", m.key);
    if (const yaml_node* list = m.value.find("protocols"); list == nullptr) {
      if (r.lacks(m.value, "protocols"))
        r.error("missing-key", m.key, "a service needs `protocols`",
                "add `protocols: [...]`, in the order of the cards");
    } else {
      for (const yaml_node* x : r.several(*list, "`protocols`")) {
        const auto i = r.name(*x, protocols);
        if (!i) continue;
        if (std::find(s.protocols.begin(), s.protocols.end(), *i) != s.protocols.end())
          r.error("duplicate-protocol", *x, "`" + x->text + "` stands twice in a service", "keep one of them");
        else
          s.protocols.push_back(*i);
      }
    }
    r.made.services.push_back(std::move(s));
  }
}

}  // namespace mainstay::rules
