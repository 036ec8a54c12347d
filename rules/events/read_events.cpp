#include "rules/events/read_events.hpp"

#include <algorithm>
#include <array>

#include "rules/events/read_readers.hpp"
#include "rules/pack/suggest.hpp"

namespace mainstay::rules {

namespace {

struct find_row {
  std::string_view name;
  resource_type type;
};
constexpr std::array<find_row, 3> finds{{{"Observation", resource_type::observation},
                                         {"Procedure", resource_type::procedure},
                                         {"Condition", resource_type::condition}}};

struct day_row {
  std::string_view name;
  day_reader how;
  resource_type of;
};
constexpr std::array<day_row, 7> days{{{"performed", day_reader::performed, resource_type::procedure},
                                       {"effective", day_reader::effective, resource_type::observation},
                                       {"value", day_reader::value, resource_type::observation},
                                       {"recorded", day_reader::recorded, resource_type::condition},
                                       {"onset", day_reader::onset, resource_type::condition},
                                       {"by recorded", day_reader::by_recorded, resource_type::condition},
                                       {"by performed", day_reader::by_recorded, resource_type::procedure}}};

const std::vector<std::string> source_keys{"find", "code", "day", "doubt", "specimen", "event"};
const std::vector<std::string> event_keys{"title", "titles", "from", "prefer", "one", "parted_by", "counted", "has"};

/// `find`, `code` and `day` of a source; false where one of them is wrong.
bool read_search(pack_reading& r, const yaml_node& n, const yaml_node& at, event_source& s) {
  const std::size_t before = r.count();
  const std::string find = r.needed(n, "find", "a source", at), code = r.needed(n, "code", "a source", at),
                    day = r.needed(n, "day", "a source", at);
  if (const yaml_node* c = n.find("code"); c != nullptr && !code.empty()) {
    if (const auto t = r.name(*c, r.terms)) s.term = *t;
  }
  const auto type = std::find_if(finds.begin(), finds.end(), [&](const find_row& f) { return f.name == find; });
  if (!find.empty() && type == finds.end()) {
    r.error("resource-type", *n.find("find"), "`" + find + "` is not searched",
            did_you_mean(find, {"Observation", "Procedure", "Condition"},
                         "write `Observation`, `Procedure` or `Condition`"));
  }
  if (type == finds.end()) return false;
  s.find = type->type;
  std::vector<std::string> fitting;
  for (const day_row& d : days) {
    if (d.of == s.find) fitting.emplace_back(d.name);
  }
  const auto when =
      std::find_if(days.begin(), days.end(), [&](const day_row& d) { return d.name == day && d.of == s.find; });
  if (when != days.end()) s.when = when->how;
  if (!day.empty() && when == days.end()) {
    std::string all;
    for (const std::string& f : fitting) all += (all.empty() ? "`" : ", `") + f + "`";
    r.error("day", *n.find("day"), "`" + day + "` is not a day of " + (find == "Observation" ? "an " : "a ") + find,
            did_you_mean(day, fitting, "it has " + all));
  }
  return r.count() == before;
}

void read_source(pack_reading& r, const yaml_node& n, event& e) {
  if (r.map(n, "a source") == nullptr) return;
  event_source s;
  s.at = n.at;
  const std::size_t before = r.count();
  if (const yaml_node* from = n.find("event")) {
    if (const auto i = r.name(*from, r.events)) s.from_event = *i;
    for (const char* key : {"find", "code", "day", "specimen"}) {
      if (const yaml_node* x = n.find(key))
        r.error("form", *x, "a source is a search or another event, not both",
                "leave `" + std::string(key) + "` or `event` out");
    }
  } else {
    read_search(r, n, n, s);
  }
  if (n.find("doubt") != nullptr) s.doubt = r.text(n, "doubt");
  if (const yaml_node* x = n.find("specimen")) {
    if (const auto t = r.name(*x, r.terms)) s.specimen = *t;
    if (n.find("event") == nullptr && s.find != resource_type::observation)
      r.error("form", *x, "only an Observation has a specimen", "leave `specimen` out");
  }
  for (const yaml_member& m : n.members) {
    if (std::find(source_keys.begin(), source_keys.end(), m.key.text) != source_keys.end()) continue;
    const std::string near = nearest(m.key.text, source_keys);
    if (m.value.type == yaml_node::kind::null || !near.empty()) {
      r.error("unknown-key", m.key, "`" + m.key.text + "` is not a key of a source",
              near.empty() ? "a text with a comma must be quoted" : "did you mean `" + near + "`?");
      continue;
    }
    if (!r.identifier(m.key, "a particular")) continue;
    if (auto p = read_source_particular(r, m)) s.own.push_back(std::move(*p));
  }
  if (r.count() == before) e.sources.push_back(std::move(s));
}

void read_body(pack_reading& r, const yaml_node& n, const yaml_node& key, event& e) {
  r.keys(n, "an event", event_keys);
  if (const yaml_node* t = n.find("title")) {
    e.title = r.text(n, "title");
    r.no_digits(*t, {}, "a name with digits belongs under `names` of pack.yaml");
  }
  if (const yaml_node* from = n.find("from"); from == nullptr) {
    if (r.lacks(n, "from"))
      r.error("missing-key", key, "an event needs `from`", "add `from: [{find: ..., code: ..., day: ...}]`");
  } else if (from->type != yaml_node::kind::list || from->items.empty()) {
    r.error("form", *from, "`from` is a list of sources", "write `from: [{find: ..., code: ..., day: ...}]`");
  } else {
    for (const yaml_node& s : from->items) read_source(r, s, e);
  }
  if (const yaml_node* p = n.find("prefer")) {
    if (p->text != "first") r.error("form", *p, "`prefer` takes the first source that speaks", "write `prefer: first`");
    e.prefer = true;
  }
  if (const yaml_node* one = n.find("one")) e.one = r.days(*one);
  if (const yaml_node* c = n.find("counted"); c != nullptr && r.map(*c, "`counted`") != nullptr) {
    r.keys(*c, "`counted`", {"find", "code", "day"});
    event_source s;
    s.at = c->at;
    if (read_search(r, *c, *c, s)) {
      if (s.find != resource_type::observation)
        r.error("form", *c, "only an Observation counts", "write `find: Observation`");
      e.counted = std::move(s);
    }
  }
  if (const yaml_node* has = n.find("has"); has != nullptr && r.map(*has, "`has`") != nullptr) {
    for (const yaml_member& m : has->members) {
      if (!r.identifier(m.key, "a particular")) continue;
      if (auto p = read_particular(r, m)) e.has.push_back(std::move(*p));
    }
  }
}

/// Titles of the event's values go to the particulars that can have them.
void give_titles(pack_reading& r, const yaml_node& n, event& e) {
  const yaml_node* titles = n.find("titles");
  if (titles == nullptr || r.map(*titles, "`titles`") == nullptr) return;
  for (const yaml_member& m : titles->members) {
    bool used = false;
    std::vector<std::string> known;
    const auto give = [&](particular& p) {
      known.insert(known.end(), p.values.begin(), p.values.end());
      if (std::find(p.values.begin(), p.values.end(), m.key.text) == p.values.end()) return;
      p.value_titles.emplace(m.key.text, m.value.text);
      used = true;
    };
    for (event_source& s : e.sources) std::for_each(s.own.begin(), s.own.end(), give);
    std::for_each(e.has.begin(), e.has.end(), give);
    if (!used)
      r.error("unknown-value", m.key, "no row of this event has the value `" + m.key.text + "`",
              did_you_mean(m.key.text, known, "titles of another event's values stand there"));
    r.no_digits(m.value, {}, "a name with digits belongs under `names` of pack.yaml");
  }
}

void read_parting(pack_reading& r, const yaml_node& n, event& e) {
  const yaml_node* p = n.find("parted_by");
  if (p == nullptr || r.map(*p, "`parted_by`") == nullptr) return;
  r.keys(*p, "`parted_by`", {"event", "where"});
  r.needed(*p, "event", "`parted_by`", *p);
  r.needed(*p, "where", "`parted_by`", *p);
  const yaml_node *by = p->find("event"), *where = p->find("where");
  if (by == nullptr || where == nullptr) return;
  const auto i = r.name(*by, r.events);
  if (!i) return;
  if (auto x = r.read_expression(*where, particular_scope(r.made, {*i}, false)))
    e.parted_by = event::parting{*i, std::move(*x)};
}

/// Events that an event's rows rest on.
std::vector<index> rests_on(const event& e) {
  std::vector<index> out;
  for (const event_source& s : e.sources) {
    if (s.from_event) out.push_back(*s.from_event);
  }
  if (e.parted_by) out.push_back(e.parted_by->event);
  return out;
}

/// Circles, and chains too long to be meant: what walks along them may then recurse.
void refuse_circles(pack_reading& r, const std::vector<const yaml_member*>& bodies) {
  std::vector<int> state(r.made.events.size(), 0);  // 0 not seen, 1 on the path, 2 done
  std::vector<unsigned> height(r.made.events.size(), 0);
  const auto too_long = [&](index i) {
    r.error("depth", bodies[i]->key,
            "the event `" + r.made.events[i].id + "` rests on a chain of more than " + std::to_string(chain_limit) +
                " events",
            "take rows from the first of them");
    r.events.broken.emplace(r.made.events[i].id, true);
  };
  std::function<void(index, unsigned)> visit = [&](index i, unsigned depth) {
    state[i] = 1;
    if (depth > chain_limit) {
      too_long(i);
      height[i] = chain_limit + 1;  // told here, not again by those that rest on it
      state[i] = 2;
      return;
    }
    for (const index next : rests_on(r.made.events[i])) {
      if (state[next] == 0) {
        visit(next, depth + 1);
      } else if (state[next] == 1) {
        r.error("circle", bodies[i]->key,
                "the event `" + r.made.events[i].id + "` rests on itself" +
                    (next == i ? "" : " through `" + r.made.events[next].id + "`"),
                "take one of them out");
        r.events.broken.emplace(r.made.events[i].id, true);
      }
      height[i] = std::max(height[i], height[next] + 1);
    }
    if (height[i] == chain_limit + 1) too_long(i);
    state[i] = 2;
  };
  for (index i = 0; i < state.size(); ++i) {
    if (state[i] == 0) visit(i, 0);
  }
}

}  // namespace

void read_events(pack_reading& r, const std::vector<parsed_file>& files) {
  std::vector<const yaml_member*> bodies;
  for (const parsed_file& f : files) {
    const yaml_node* section = r.section(f, "events");
    if (section == nullptr) continue;
    for (const yaml_member& m : section->members) {
      if (!r.identifier(m.key, "an event")) continue;
      if (!r.events.at.emplace(m.key.text, bodies.size()).second) {
        r.error("duplicate-event", m.key, "the event `" + m.key.text + "` is defined twice", "keep one of them");
        continue;
      }
      bodies.push_back(&m);
      event e;
      e.id = e.title = m.key.text;
      e.at = m.key.at;
      r.made.events.push_back(std::move(e));
    }
  }
  const auto guarded = [&](index i, auto&& read) {
    const std::size_t before = r.count();
    read();
    if (r.count() != before) r.events.broken.emplace(r.made.events[i].id, true);
  };
  for (index i = 0; i < bodies.size(); ++i) {
    guarded(i, [&] {
      if (r.map(bodies[i]->value, "an event") == nullptr) return;
      read_body(r, bodies[i]->value, bodies[i]->key, r.made.events[i]);
      if (r.events.is_broken(r.made.events[i].id)) return;
    });
  }
  const std::size_t before_circles = r.count();
  refuse_circles(r, bodies);
  if (r.count() != before_circles) return;  // titles and partings walk along the sources
  for (index i = 0; i < bodies.size(); ++i) {
    guarded(i, [&] {
      const yaml_node& n = bodies[i]->value;
      if (n.type != yaml_node::kind::map || r.events.is_broken(r.made.events[i].id)) return;
      const auto from = rests_on(r.made.events[i]);
      const bool told = std::any_of(from.begin(), from.end(), [&](index e) { return r.events.is_broken(r.made.events[e].id); });
      if (!told && !one_unit(r, bodies[i]->key, {i})) return;
      give_titles(r, n, r.made.events[i]);
      read_parting(r, n, r.made.events[i]);
    });
  }
  refuse_circles(r, bodies);
}

bool one_unit(pack_reading& r, const yaml_node& at, const std::vector<index>& events) {
  const auto clash = find_unit_clash(r.made, events);
  if (!clash) return true;
  const auto said = [](const std::string& unit) { return unit.empty() ? "a code" : "in `" + unit + "`"; };
  r.error("unit", at, "`" + clash->particular + "` is " + said(clash->one) + " in one source and " + said(clash->other) + " in another",
          "numbers are converted: read it in one unit, or give one of the two another name");
  return false;
}

}  // namespace mainstay::rules
