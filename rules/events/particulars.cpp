// The particulars that an event's rows can have, over all of its sources.
#include <algorithm>
#include <set>

#include "rules/events/read_events.hpp"

namespace mainstay::rules {

namespace {

/// Each event once, however many paths lead to it.
void visit_event(const pack& p, index event, const std::function<void(const particular&)>& visit,
                 std::set<index>& seen) {
  if (!seen.insert(event).second) return;
  for (const event_source& s : p.events[event].sources) {
    if (s.from_event) visit_event(p, *s.from_event, visit, seen);
    for (const particular& own : s.own) visit(own);
  }
  for (const particular& has : p.events[event].has) visit(has);
}

void each_particular(const pack& p, index event, const std::function<void(const particular&)>& visit) {
  std::set<index> seen;
  visit_event(p, event, visit, seen);
}

void add(std::vector<std::string>& to, const std::string& value) {
  if (std::find(to.begin(), to.end(), value) == to.end()) to.push_back(value);
}

}  // namespace

std::optional<std::vector<std::string>> values_of(const pack& p, index event, std::string_view name) {
  std::optional<std::vector<std::string>> out;
  each_particular(p, event, [&](const particular& x) {
    if (x.name != name) return;
    if (!out) out.emplace();
    for (const std::string& v : x.values) add(*out, v);
  });
  return out;
}

std::string unit_of(const pack& p, index event, std::string_view name) {
  std::string out;
  each_particular(p, event, [&](const particular& x) {
    if (x.name == name) out = x.unit;
  });
  return out;
}

std::optional<unit_clash> find_unit_clash(const pack& p, const std::vector<index>& events) {
  std::map<std::string, std::string> units;
  std::optional<unit_clash> out;
  std::set<index> seen;
  for (const index e : events)
    visit_event(p, e, [&](const particular& x) {
      const auto& first = units.emplace(x.name, x.unit).first->second;
      if (!out && first != x.unit) out = unit_clash{x.name, first, x.unit};
    }, seen);
  return out;
}

std::map<std::string, std::string> titles_of(const pack& p, index event, std::string_view name) {
  std::map<std::string, std::string> out;
  each_particular(p, event, [&](const particular& x) {
    if (x.name == name) out.insert(x.value_titles.begin(), x.value_titles.end());
  });
  return out;
}

std::vector<std::string> particulars_of(const pack& p, index event) {
  std::vector<std::string> out;
  each_particular(p, event, [&](const particular& x) { add(out, x.name); });
  return out;
}

expression_scope particular_scope(const pack& p, const std::vector<index>& events, bool broken) {
  expression_scope s;
  s.kind = "particular";
  for (const index e : events) {
    for (const std::string& name : particulars_of(p, e)) add(s.names, name);
  }
  s.find = [&p, events, broken](std::string_view word) -> std::optional<named> {
    named what;
    what.type = fact_type::code;
    what.broken = broken;
    bool found = broken;
    for (const index e : events) {
      const auto values = values_of(p, e, word);
      if (!values) continue;
      found = true;
      for (const std::string& v : *values) add(what.values, v);
      if (auto unit = unit_of(p, e, word); !unit.empty()) {
        what.type = fact_type::number;
        what.unit = std::move(unit);
        what.ucum = true;
      }
    }
    if (!found) return std::nullopt;
    return what;
  };
  return s;
}

}  // namespace mainstay::rules
