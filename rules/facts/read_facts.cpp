#include "rules/facts/read_facts.hpp"

#include <algorithm>
#include <array>

#include "rules/events/read_events.hpp"
#include "rules/pack/suggest.hpp"

namespace mainstay::rules {

namespace {

struct verb_row {
  std::string_view word;
  verb how;
};
constexpr std::array<verb_row, 8> verbs{{{"first", verb::first},
                                         {"last", verb::last},
                                         {"any", verb::any},
                                         {"count", verb::count},
                                         {"age", verb::age},
                                         {"days_since", verb::days_since},
                                         {"value", verb::value},
                                         {"is", verb::is}}};
constexpr std::array<std::string_view, 4> anchor_keys{"after", "before", "since", "until"};

/// The facts that a fact names: in limits, as an anchor, in `is`. Names that are no facts are left to the reading.
std::vector<std::string> refers_to(const pack_reading& r, const yaml_node& n) {
  std::vector<std::string> out;
  const auto add = [&](std::string_view word) {
    if (r.facts.at.find(word) != r.facts.at.end()) out.emplace_back(word);
  };
  for (const std::string_view key : {"after", "before", "since", "until", "age", "days_since"}) {
    if (const yaml_node* v = n.find(key)) add(v->text);
  }
  const bool particular = n.find("first") != nullptr || n.find("last") != nullptr;  // `value` beside them names no fact
  if (const yaml_node* v = n.find("value"); v != nullptr && !particular) add(v->text.substr(0, v->text.find('.')));
  if (const yaml_node* v = n.find("is")) {
    for (const std::string& word : identifiers_in(v->text)) add(word);
  }
  return out;
}

class fact_reader {
 public:
  fact_reader(pack_reading& r, const yaml_member& m, fact& f) : r_(r), n_(m.value), key_(m.key), f_(f) {}

  void run() {
    r_.keys(n_, "a fact",
            {"title", "first", "last", "any", "count", "age", "days_since", "value", "is", "after", "before", "since",
             "until", "within", "max_age", "where", "complete", "obtain", "how_to_get"});
    texts();
    if (!find_verb()) return;
    switch (f_.how) {
      case verb::first:
      case verb::last:
      case verb::any:
      case verb::count:
        events();
        break;
      case verb::age:
      case verb::days_since:
        anchored();
        break;
      case verb::value:
        part_of_anchor();
        break;
      case verb::is:
        computed();
        break;
    }
    limits();
  }

 private:
  void texts() {
    f_.title = r_.needed(n_, "title", "a fact", key_);
    f_.how_to_get = r_.text(n_, "how_to_get");
    f_.complete = r_.text(n_, "complete");
    for (const char* k : {"title", "how_to_get"}) {
      if (const yaml_node* t = n_.find(k))
        r_.no_digits(*t, {}, "a name with digits belongs under `names` of pack.yaml");
    }
    if (const yaml_node* o = n_.find("obtain")) {
      if (const auto t = r_.name(*o, r_.terms)) f_.obtain = *t;
    }
  }

  bool find_verb() {
    std::vector<const yaml_member*> found;
    for (const yaml_member& m : n_.members) {
      if (std::any_of(verbs.begin(), verbs.end(), [&](const verb_row& v) { return v.word == m.key.text; }))
        found.push_back(&m);
    }
    if (found.size() == 2 && (found[0]->key.text == "value" || found[1]->key.text == "value")) {
      const yaml_member* other = found[0]->key.text == "value" ? found[1] : found[0];
      if (other->key.text == "first" || other->key.text == "last") {
        verb_ = other;
        f_.how = other->key.text == "first" ? verb::first : verb::last;
        return true;
      }
    }
    if (found.size() > 1) {
      r_.error("verb", found[1]->key, "a fact has one verb, and `" + found[0]->key.text + "` is one already",
               "make it two facts");
      return false;
    }
    if (found.empty()) {
      // A misspelt verb is told as an unknown key.
      if (std::all_of(verbs.begin(), verbs.end(), [&](const verb_row& v) { return r_.lacks(n_, v.word); }))
        r_.error("verb", key_, "the fact `" + f_.id + "` asks nothing",
                 "write one of `first`, `last`, `any`, `count`, `age`, `days_since`, `value`, `is`");
      return false;
    }
    verb_ = found.front();
    f_.how =
        std::find_if(verbs.begin(), verbs.end(), [&](const verb_row& v) { return v.word == verb_->key.text; })->how;
    return true;
  }

  void events() {
    bool broken = false;
    for (const yaml_node* e : r_.several(verb_->value, "`" + verb_->key.text + "`")) {
      if (const auto i = r_.name(*e, r_.events))
        f_.events.push_back(*i);
      else
        broken = true;
    }
    const bool reads = n_.find("value") != nullptr && f_.how != verb::any && f_.how != verb::count;
    f_.type = f_.how == verb::any     ? fact_type::truth
              : f_.how == verb::count ? fact_type::number
              : reads                 ? fact_type::code
                                      : fact_type::event;
    if (broken) r_.facts.broken.emplace(f_.id, true);
    if (!broken && f_.events.size() > 1 && !one_unit(r_, verb_->value, f_.events)) return;
    if (reads && !broken) {
      f_.particular = r_.text(n_, "value");
      read_particular_values(f_.events, *n_.find("value"), 0);
    }
    if (const yaml_node* w = n_.find("where"); w != nullptr)
      f_.where = r_.read_expression(*w, particular_scope(r_.made, f_.events, broken));
  }

  void read_particular_values(const std::vector<index>& events, const yaml_node& at, std::size_t offset) {
    std::vector<std::string> known;
    bool found = false;
    for (const index e : events) {
      for (const std::string& name : particulars_of(r_.made, e)) known.push_back(name);
      const auto values = values_of(r_.made, e, f_.particular);
      if (!values) continue;
      found = true;
      for (const std::string& v : *values) {
        if (std::find(f_.values.begin(), f_.values.end(), v) == f_.values.end()) f_.values.push_back(v);
      }
      for (const auto& [code, title] : titles_of(r_.made, e, f_.particular)) f_.value_titles.emplace(code, title);
      if (auto unit = unit_of(r_.made, e, f_.particular); !unit.empty()) {
        f_.type = fact_type::number;
        f_.unit = std::move(unit);
        f_.ucum = true;
      }
    }
    if (!found) {
      r_.error_in(
          at, offset, f_.particular.size(), "unknown-particular", "no particular `" + f_.particular + "`",
          did_you_mean(f_.particular, known,
                       known.empty() ? "the event has none: write `has:`" : "the event has `" + known.front() + "`"));
    }
  }

  /// The fact that names the event; none where it is not one.
  std::optional<index> anchor(const yaml_node& n, std::string_view word) {
    const auto i = r_.name_in(n, 0, word, r_.facts);
    if (!i) {
      if (r_.facts.is_broken(word)) r_.facts.broken.emplace(f_.id, true);
      return std::nullopt;
    }
    if (r_.made.facts[*i].type != fact_type::event) {
      r_.error_in(n, 0, word.size(), "not-an-event", "`" + std::string(word) + "` does not name one event",
                  "an anchor is a fact with `first:` or `last:` and without `value:`");
      return std::nullopt;
    }
    return i;
  }

  void anchored() {
    f_.type = fact_type::number;
    f_.unit = f_.how == verb::age ? "years" : "days";
    f_.anchor = anchor(verb_->value, verb_->value.text);
  }

  void part_of_anchor() {
    f_.type = fact_type::code;
    const std::string& text = verb_->value.text;
    const std::size_t dot = text.find('.');
    if (dot == std::string::npos || dot == 0 || dot + 1 == text.size()) {
      r_.error("form", verb_->value, "`value` alone reads a particular of an anchor",
               "write `anchor.particular`, as `car_t_now.cells`");
      return;
    }
    f_.particular = text.substr(dot + 1);
    f_.anchor = anchor(verb_->value, std::string_view(text).substr(0, dot));
    if (f_.anchor) read_particular_values(r_.made.facts[*f_.anchor].events, verb_->value, dot + 1);
  }

  void computed() {
    f_.type = fact_type::truth;
    std::vector<literal> typed;
    f_.is = r_.read_expression(verb_->value, r_.fact_scope(), &typed);
    if (f_.is && !typed.empty()) {
      r_.error("unowned-number", verb_->value, "the number in `is` has no owner",
               "make it a setting with `because`, or compare in a criterion with `from`");
    }
  }

  void limits() {
    const bool over_events =
        f_.how == verb::first || f_.how == verb::last || f_.how == verb::any || f_.how == verb::count;
    const auto refuse = [&](std::string_view key, std::string_view why) {
      if (const yaml_node* v = n_.find(key))
        r_.error("form", *v, "`" + std::string(key) + "` " + std::string(why), "leave it out");
    };
    if (!over_events) {
      for (const std::string_view key : {"after", "before", "since", "until", "within", "max_age", "where", "complete"})
        refuse(key, "limits the rows of an event, and this fact reads none");
      return;
    }
    if (f_.how == verb::first || f_.how == verb::last)
      refuse("complete", "closes `any` and `count`; `" + verb_->key.text + "` trusts the rows found");
    if (f_.how == verb::any || f_.how == verb::count) refuse("value", "stands beside `first` or `last`");
    const std::array<std::optional<index>*, 4> into{&f_.after, &f_.before, &f_.since, &f_.until};
    for (std::size_t i = 0; i < anchor_keys.size(); ++i) {
      if (const yaml_node* v = n_.find(anchor_keys[i])) *into[i] = anchor(*v, v->text);
    }
    if (const yaml_node* m = n_.find("max_age")) f_.max_age = r_.days(*m);
    if (const yaml_node* w = n_.find("within")) {
      f_.within = r_.days(*w);
      if (n_.find("after") == nullptr && n_.find("since") == nullptr)
        r_.error("form", *w, "`within` has no anchor", "add `after:` or `since:`; back from today is `max_age:`");
    }
  }

  pack_reading& r_;
  const yaml_node& n_;
  const yaml_node& key_;
  fact& f_;
  const yaml_member* verb_ = nullptr;
};

}  // namespace

void read_facts(pack_reading& r, const std::vector<parsed_file>& files) {
  std::vector<const yaml_member*> bodies;
  std::map<std::string, std::size_t, std::less<>> body_of;
  for (const parsed_file& f : files) {
    const yaml_node* section = r.section(f, "facts");
    if (section == nullptr) continue;
    for (const yaml_member& m : section->members) {
      if (!r.identifier(m.key, "a fact")) continue;
      if (!body_of.emplace(m.key.text, bodies.size()).second) {
        r.error("duplicate-fact", m.key, "the fact `" + m.key.text + "` is defined twice", "keep one of them");
        continue;
      }
      r.facts.at.emplace(m.key.text, 0);
      bodies.push_back(&m);
    }
  }
  // Each after those it refers to, else in the order written.
  std::vector<std::size_t> order;
  std::vector<int> state(bodies.size(), 0);  // 0 not seen, 1 on the path, 2 done
  std::vector<unsigned> height(bodies.size(), 0);
  const auto wrong = [&](std::size_t b, std::string code, std::string message, std::string help) {
    r.error(std::move(code), bodies[b]->key, std::move(message), std::move(help));
    r.facts.broken.emplace(bodies[b]->key.text, true);
  };
  const auto too_long = [&](std::size_t b) {
    wrong(b, "depth",
          "the fact `" + bodies[b]->key.text + "` rests on a chain of more than " + std::to_string(chain_limit) +
              " facts",
          "shorten the chain");
  };
  std::function<void(std::size_t, unsigned)> visit = [&](std::size_t b, unsigned depth) {
    state[b] = 1;
    if (depth > chain_limit) {
      too_long(b);
      height[b] = chain_limit + 1;  // told here, not again by those that rest on it
    } else if (bodies[b]->value.type == yaml_node::kind::map) {
      for (const std::string& name : refers_to(r, bodies[b]->value)) {
        const std::size_t next = body_of.find(name)->second;
        if (state[next] == 0) {
          visit(next, depth + 1);
        } else if (state[next] == 1) {
          wrong(b, "circle",
                "the fact `" + bodies[b]->key.text + "` rests on itself" + (next == b ? "" : " through `" + name + "`"),
                "take one of them out");
        }
        height[b] = std::max(height[b], height[next] + 1);
      }
      if (height[b] == chain_limit + 1) too_long(b);
    }
    state[b] = 2;
    order.push_back(b);
  };
  for (std::size_t b = 0; b < bodies.size(); ++b) {
    if (state[b] == 0) visit(b, 0);
  }
  for (const std::size_t b : order) {
    const std::string& id = bodies[b]->key.text;
    fact f;
    f.id = f.title = id;
    f.at = bodies[b]->key.at;
    r.facts.at[id] = r.made.facts.size();
    const std::size_t before = r.count();
    if (!r.facts.is_broken(id) && r.map(bodies[b]->value, "a fact") != nullptr) fact_reader(r, *bodies[b], f).run();
    if (r.count() != before) r.facts.broken.emplace(id, true);
    r.made.facts.push_back(std::move(f));
  }
}

}  // namespace mainstay::rules
