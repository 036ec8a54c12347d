#include "rules/events/read_readers.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "fhir/types/quantity.hpp"
#include "fhir/ucum/aliases.hpp"
#include "fhir/ucum/unit.hpp"
#include "rules/pack/suggest.hpp"

namespace mainstay::rules {

namespace {

void add(std::vector<std::string>& to, const std::string& value) {
  if (std::find(to.begin(), to.end(), value) == to.end()) to.push_back(value);
}

/// One code or a list of codes that a row leaves possible.
std::vector<std::string> read_values(pack_reading& r, const yaml_node& n, particular& p) {
  std::vector<std::string> out;
  for (const yaml_node* v : r.several(n, "a value")) {
    if (!r.identifier(*v, "a value")) continue;
    add(out, v->text);
    add(p.values, v->text);
  }
  return out;
}

void read_coded(pack_reading& r, const yaml_node& n, particular& p) {
  reader how;
  how.how = reader::kind::coded;
  for (const yaml_member& m : n.members) {
    if (!r.identifier(m.key, "a value")) continue;
    if (const auto t = r.name(m.value, r.terms)) how.coded.push_back({m.key.text, *t});
    add(p.values, m.key.text);
  }
  p.readers.push_back(std::move(how));
}

void read_proportion(pack_reading& r, const yaml_node& n, particular& p) {
  static constexpr std::array<std::pair<std::string_view, fhir::comparison>, 5> operators{
      {{"<=", fhir::comparison::less_or_equal},
       {">=", fhir::comparison::greater_or_equal},
       {"<", fhir::comparison::less},
       {">", fhir::comparison::greater},
       {"=", fhir::comparison::equal}}};
  reader how;
  how.how = reader::kind::proportion;
  for (const yaml_member& m : n.members) {
    if (!r.identifier(m.key, "a value")) continue;
    add(p.values, m.key.text);
    const std::string& text = m.value.text;
    const auto op =
        std::find_if(operators.begin(), operators.end(), [&](const auto& o) { return text.starts_with(o.first); });
    std::optional<fhir::proportion> bound;
    if (op != operators.end()) {
      std::string_view number = std::string_view(text).substr(op->first.size());
      while (number.starts_with(' ')) number.remove_prefix(1);
      bound = fhir::parse_proportion(number);
    }
    if (!bound || !bound->values.low || !bound->values.high || *bound->values.low != *bound->values.high) {
      r.error("proportion", m.value, "`" + text + "` is not a bound of a proportion",
              "write a comparison, a number and its unit, quoted: `\"<= 0.01 %\"`");
      continue;
    }
    how.proportion.push_back({m.key.text, op->second, *bound->values.low, text});
  }
  p.readers.push_back(std::move(how));
}

void read_condition_state(pack_reading& r, const yaml_node& n, particular& p) {
  r.keys(n, "`condition_state`", {"active", "resolved"});
  reader how;
  how.how = reader::kind::condition_state;
  if (const yaml_node* a = n.find("active")) how.active = read_values(r, *a, p);
  if (const yaml_node* a = n.find("resolved")) how.resolved = read_values(r, *a, p);
  if (n.members.empty())
    r.error("form", n, "`condition_state` says nothing", "write `{active: active, resolved: clear}`");
  p.readers.push_back(std::move(how));
}

/// `quantity: 10*9/L`: numbers, converted to that unit.
void read_quantity(pack_reading& r, const yaml_node& n, particular& p) {
  const std::string& code = n.text;
  if (n.type != yaml_node::kind::scalar || code.empty()) {
    r.error("form", n, "`quantity` is the unit in which a number is compared", "write a unit of UCUM: `quantity: 10*9/L`");
    return;
  }
  const auto unit = fhir::ucum::parse(code);
  if (!unit) {
    const auto& why = unit.error();
    const auto* alias = fhir::ucum::find_alias(code);
    r.error_in(n, why.at, std::max<std::size_t>(why.length, 1), "unit", why.message(code),
               alias != nullptr ? "that is how laboratories write `" + std::string(alias->code) + "`"
                                : "write a unit of UCUM, as `10*9/L` or `mg/dL`");
    return;
  }
  if (unit->in_product || unit->out_of_range) {
    r.error("unit", n, "no number can be converted to `" + code + "`", "write a unit that numbers have");
    return;
  }
  reader how;
  how.how = reader::kind::quantity;
  how.in = *unit;
  p.unit = code;
  p.readers.push_back(std::move(how));
}

/// `spelling: laboratory`: units without a UCUM code as laboratories write them, for the readers of measurements.
void read_spelling(pack_reading& r, const yaml_node& n, particular& p) {
  const yaml_node* s = n.find("spelling");
  if (s == nullptr) return;
  if (s->text != "laboratory")
    r.error("form", *s, "`spelling` says who else writes units", "write `spelling: laboratory`, or leave it out");
  bool used = false;
  for (reader& how : p.readers) {
    if (how.how != reader::kind::proportion && how.how != reader::kind::quantity) continue;
    how.spelling = fhir::spellings::laboratory;
    used = true;
  }
  if (!used) r.error("form", *s, "nothing here reads a unit", "`spelling` stands beside `proportion` or `quantity`");
}

void read_readers(pack_reading& r, const yaml_node& n, const yaml_node& key, particular& p,
                  std::vector<std::string> more) {
  more.insert(more.end(), {"coded", "proportion", "condition_state", "quantity", "spelling"});
  r.keys(n, "a particular", more);
  using reads = void (*)(pack_reading&, const yaml_node&, particular&);
  static constexpr std::array<std::pair<std::string_view, reads>, 3> readers{
      {{"proportion", read_proportion}, {"coded", read_coded}, {"condition_state", read_condition_state}}};
  bool any = false;
  for (const yaml_member& m : n.members) {
    const auto how = std::find_if(readers.begin(), readers.end(), [&](const auto& x) { return x.first == m.key.text; });
    if (how == readers.end()) continue;
    any = true;
    if (r.map(m.value, "`" + m.key.text + "`") != nullptr) how->second(r, m.value, p);
  }
  if (const yaml_node* q = n.find("quantity")) {
    if (any) r.error("form", *q, "`" + p.name + "` is a number or a code, not both", "make it two particulars");
    any = true;
    read_quantity(r, *q, p);
  }
  if (!any)
    r.error("missing-key", key, "nothing says how `" + p.name + "` is read",
            "write `coded`, `proportion`, `quantity` or `condition_state`");
  else
    read_spelling(r, n, p);
}

/// A set of codes is kept in 64 bits where charts are assessed.
bool few_enough(pack_reading& r, const yaml_node& key, const particular& p) {
  if (p.values.size() <= 64) return true;
  r.error("too-many-values", key, "`" + p.name + "` has more than 64 values", "divide it into two particulars");
  return false;
}

}  // namespace

std::optional<particular> read_particular(pack_reading& r, const yaml_member& m) {
  if (r.map(m.value, "a particular") == nullptr) return std::nullopt;
  const std::size_t before = r.count();
  particular p;
  p.name = p.title = m.key.text;
  if (const yaml_node* t = m.value.find("title")) {
    p.title = r.text(m.value, "title");
    r.no_digits(*t, {}, "a name with digits belongs under `names` of pack.yaml");
  }
  read_readers(r, m.value, m.key, p, {"title", "titles"});
  if (const yaml_node* t = m.value.find("titles"); t != nullptr && r.map(*t, "`titles`") != nullptr) {
    for (const yaml_member& v : t->members) {
      if (std::find(p.values.begin(), p.values.end(), v.key.text) == p.values.end()) {
        r.error("unknown-value", v.key, "`" + p.name + "` is never `" + v.key.text + "`",
                did_you_mean(v.key.text, p.values, ""));
      }
      r.no_digits(v.value, {}, "a name with digits belongs under `names` of pack.yaml");
      p.value_titles.emplace(v.key.text, v.value.text);
    }
  }
  if (!few_enough(r, m.key, p) || r.count() != before) return std::nullopt;
  return p;
}

std::optional<particular> read_source_particular(pack_reading& r, const yaml_member& m) {
  const std::size_t before = r.count();
  particular p;
  p.name = p.title = m.key.text;
  if (m.value.type == yaml_node::kind::map) {
    read_readers(r, m.value, m.key, p, {});
  } else {
    reader how;
    how.how = reader::kind::constant;
    how.constant = read_values(r, m.value, p);
    p.readers.push_back(std::move(how));
  }
  if (!few_enough(r, m.key, p) || r.count() != before) return std::nullopt;
  return p;
}

}  // namespace mainstay::rules
