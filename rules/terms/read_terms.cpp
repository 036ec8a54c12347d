#include "rules/terms/read_terms.hpp"

#include <algorithm>
#include <iterator>

#include "fhir/types/quantity.hpp"
#include "rules/terms/codes.hpp"

namespace mainstay::rules {

namespace {

void read_codes(pack_reading& r, const yaml_node& from, std::string_view key, std::vector<fhir::coding>& into) {
  const yaml_node* n = from.find(key);
  if (n == nullptr) return;
  for (const yaml_node* item : r.several(*n, "`" + std::string(key) + "`")) {
    expanded_codes e = expand_codes(item->text, r.limits().expanded_codes);
    for (codes_problem& p : e.problems) r.error(std::move(p.code), *item, std::move(p.message), std::move(p.help));
    into.insert(into.end(), std::make_move_iterator(e.codes.begin()), std::make_move_iterator(e.codes.end()));
    if (into.size() > r.limits().expanded_codes) {
      r.error("too-many-codes", *item, "the term has more than " + std::to_string(r.limits().expanded_codes) + " codes",
              "divide the term");
      into.resize(r.limits().expanded_codes);
      return;
    }
  }
}

void tidy(std::vector<fhir::coding>& codes) {
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
}

void read_sensitivity(pack_reading& r, const yaml_node& n, term& t) {
  const yaml_node* s = n.find("sensitivity");
  if (s == nullptr) return;
  t.sensitivity = fhir::parse_proportion(s->text);
  if (!t.sensitivity || !t.sensitivity->values.low || !t.sensitivity->values.high) {
    r.error("proportion", *s, "`" + s->text + "` is not a sensitivity", "write it with its unit: `0.01 %`");
    t.sensitivity.reset();
  }
}

/// A code can mean a term, may mean it, or does not: only one of them.
void check_overlap(pack_reading& r, const term& t, const yaml_node& at) {
  const auto both = [&](const std::vector<fhir::coding>& a, const std::vector<fhir::coding>& b,
                        const std::string& first, const std::string& second) {
    std::vector<fhir::coding> common;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
    if (!common.empty()) {
      r.error("contradiction", at,
              "`" + common.front().code + "` stands under `" + first + "` and `" + second + "` of `" + t.id + "`",
              "keep one of them");
    }
  };
  both(t.codes, t.may, "codes", "may");
  both(t.codes, t.none, "codes", "not");
  both(t.may, t.none, "may", "not");
}

}  // namespace

void read_terms(pack_reading& r, const std::vector<parsed_file>& files) {
  std::vector<const yaml_member*> additions;
  std::vector<const yaml_node*> places;
  for (const parsed_file& f : files) {
    const yaml_node* section = r.section(f, "terms");
    if (section == nullptr) continue;
    for (const yaml_member& m : section->members) {
      if (m.value.type == yaml_node::kind::map && m.value.find("add") != nullptr) {
        additions.push_back(&m);
        continue;
      }
      if (!r.identifier(m.key, "a term")) continue;
      if (r.terms.at.contains(m.key.text)) {
        r.error("duplicate-term", m.key, "the term `" + m.key.text + "` is defined twice",
                "to add codes in a second file, write `add:`");
        continue;
      }
      const std::size_t before = r.count();
      r.terms.at.emplace(m.key.text, r.made.terms.size());
      term t;
      t.id = m.key.text;
      t.at = m.key.at;
      if (const yaml_node* n = r.map(m.value, "a term"); n != nullptr) {
        r.keys(*n, "a term", {"title", "codes", "may", "not", "sensitivity", "add"});
        t.title = r.text(*n, "title");
        if (t.title.empty()) t.title = t.id;
        if (const yaml_node* title = n->find("title"))
          r.no_digits(*title, {}, "a name with digits belongs under `names` of pack.yaml");
        read_codes(r, *n, "codes", t.codes);
        read_codes(r, *n, "may", t.may);
        read_codes(r, *n, "not", t.none);
        read_sensitivity(r, *n, t);
        if (r.count() == before && t.codes.empty() && t.may.empty()) {
          r.error("no-codes", m.key, "the term `" + t.id + "` has no codes", "write `codes:` or `may:`");
        }
      }
      if (r.count() != before) r.terms.broken.emplace(t.id, true);
      r.made.terms.push_back(std::move(t));
      places.push_back(&m.key);
    }
  }
  for (const yaml_member* m : additions) {
    r.keys(m->value, "an addition to a term", {"add", "may", "not", "sensitivity"});
    const std::optional<index> at = r.name(m->key, r.terms);
    if (!at) continue;
    term& t = r.made.terms[*at];
    read_codes(r, m->value, "add", t.codes);
    read_codes(r, m->value, "may", t.may);
    read_codes(r, m->value, "not", t.none);
    read_sensitivity(r, m->value, t);
  }
  for (index i = 0; i < r.made.terms.size(); ++i) {
    term& t = r.made.terms[i];
    tidy(t.codes);
    tidy(t.may);
    tidy(t.none);
    if (!r.terms.is_broken(t.id)) check_overlap(r, t, *places[i]);
  }
}

}  // namespace mainstay::rules
