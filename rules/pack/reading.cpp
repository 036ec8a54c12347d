#include "rules/pack/reading.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "fhir/json/unicode.hpp"
#include "rules/pack/suggest.hpp"

namespace mainstay::rules {

namespace {
std::string tick(std::string_view s) {
  return "`" + std::string(s) + "`";
}

unsigned characters_in(std::string_view s) {
  return static_cast<unsigned>(fhir::json::count_characters(s));
}
constexpr bool digit(char c) {
  return c >= '0' && c <= '9';
}
}  // namespace

std::vector<std::string> name_table::names() const {
  std::vector<std::string> out;
  for (const auto& [name, where] : at) out.push_back(name);
  return out;
}
bool name_table::is_broken(std::string_view name) const {
  return broken.find(name) != broken.end();
}

void pack_reading::error(std::string code, const yaml_node& at, std::string message, std::string help) {
  problems_.push_back({std::move(code), severity::error, std::move(message), std::move(help), at.at, at.width});
}

void pack_reading::error_in(const yaml_node& n, std::size_t offset, std::size_t width, std::string code,
                            std::string message, std::string help) {
  diagnostic d{std::move(code), severity::error, std::move(message), std::move(help), n.at, n.width};
  // Only where the text stands in the file as it is read: one line, no escapes.
  if (n.one_line && characters_in(n.text) == n.width && offset <= n.text.size()) {
    d.at.column += characters_in(std::string_view(n.text).substr(0, offset));
    d.width = std::max(1U, characters_in(std::string_view(n.text).substr(offset, width)));
  }
  problems_.push_back(std::move(d));
}

const yaml_node* pack_reading::map(const yaml_node& n, std::string_view what) {
  if (n.type == yaml_node::kind::map) return &n;
  error("form", n, std::string(what) + " is a map", "write `key: value` pairs");
  return nullptr;
}

bool pack_reading::keys(const yaml_node& n, std::string_view what, const std::vector<std::string>& known) {
  bool good = true;
  for (const yaml_member& m : n.members) {
    if (std::find(known.begin(), known.end(), m.key.text) != known.end()) continue;
    good = false;
    std::string all;
    for (const std::string& k : known) all += (all.empty() ? "`" : ", `") + k + "`";
    if (m.value.type == yaml_node::kind::null) {
      error("unknown-key", m.key, tick(m.key.text) + " stands alone and is not a key of " + std::string(what),
            "a text with a comma must be quoted");
    } else {
      error("unknown-key", m.key, tick(m.key.text) + " is not a key of " + std::string(what),
            did_you_mean(m.key.text, known, "it has " + all));
    }
  }
  return good;
}

std::string pack_reading::text(const yaml_node& n, std::string_view key) {
  const yaml_node* v = n.find(key);
  if (v == nullptr) return {};
  if (v->type == yaml_node::kind::scalar) return v->text;
  error("form", *v, tick(key) + (v->type == yaml_node::kind::null ? " has no value" : " is one text"),
        "write the text behind the colon");
  return {};
}

bool pack_reading::lacks(const yaml_node& n, std::string_view key) const {
  if (n.find(key) != nullptr) return false;
  const std::vector<std::string> only{std::string(key)};
  return std::none_of(n.members.begin(), n.members.end(),
                      [&](const yaml_member& m) { return !nearest(m.key.text, only).empty(); });
}

std::string pack_reading::needed(const yaml_node& n, std::string_view key, std::string_view what, const yaml_node& at) {
  if (lacks(n, key))
    error("missing-key", at, std::string(what) + " needs " + tick(key), "add `" + std::string(key) + ": ...`");
  return text(n, key);
}

void pack_reading::needed_map(const yaml_node& n, std::string_view key, std::string_view what, const yaml_node& at,
                              const std::function<void(const yaml_member&)>& visit) {
  if (lacks(n, key))
    error("missing-key", at, std::string(what) + " needs " + tick(key), "add `" + std::string(key) + ": {...}`");
  each(n, key, tick(key), visit);
}

void pack_reading::each(const yaml_node& n, std::string_view key, std::string_view what,
                        const std::function<void(const yaml_member&)>& visit) {
  const yaml_node* section = n.find(key);
  if (section == nullptr || map(*section, tick(key)) == nullptr) return;
  for (const yaml_member& m : section->members) {
    if (identifier(m.key, what) && map(m.value, what) != nullptr) visit(m);
  }
}

std::vector<const yaml_node*> pack_reading::several(const yaml_node& n, std::string_view what) {
  if (n.type == yaml_node::kind::scalar) return {&n};
  std::vector<const yaml_node*> out;
  bool good = n.type == yaml_node::kind::list;
  for (const yaml_node& i : n.items) {
    good = good && i.type == yaml_node::kind::scalar;
    out.push_back(&i);
  }
  if (!good) {
    error("form", n, std::string(what) + " is a name or a list of names", "write `[a, b]`");
    return {};
  }
  return out;
}

bool pack_reading::identifier(const yaml_node& key, std::string_view what) {
  static constexpr std::array<std::string_view, 4> booleans{"on", "off", "yes", "no"};
  const std::string& s = key.text;
  if (std::find(booleans.begin(), booleans.end(), s) != booleans.end()) {
    error("boolean-word", key, tick(s) + " is a true or false to other YAML readers", "choose another name");
    return false;
  }
  const bool good = !s.empty() && s[0] >= 'a' && s[0] <= 'z' && std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || digit(c) || c == '_';
  });
  if (!good)
    error("identifier", key, tick(s) + " is not a name of " + std::string(what),
          "write small letters, digits and `_`, a letter first");
  return good;
}

std::optional<index> pack_reading::name(const yaml_node& n, const name_table& table) {
  if (n.type != yaml_node::kind::scalar) {
    error("form", n, "the name of a " + table.kind + " stands here", "write one name");
    return std::nullopt;
  }
  return name_in(n, 0, n.text, table);
}

std::optional<index> pack_reading::name_in(const yaml_node& n, std::size_t offset, std::string_view word,
                                           const name_table& table) {
  if (const auto found = table.at.find(word); found != table.at.end()) {
    if (table.is_broken(word)) return std::nullopt;
    return found->second;
  }
  error_in(n, offset, word.size(), "unknown-" + table.kind, "no " + table.kind + " " + tick(word),
           did_you_mean(word, table.names(), "define it under " + table.folder));
  return std::nullopt;
}

std::optional<span_of_days> pack_reading::days(const yaml_node& n) {
  if (n.type != yaml_node::kind::scalar) {
    error("form", n, "a number of days or a setting stands here", "write `60 days` or a setting's name");
    return std::nullopt;
  }
  const auto in_days = [&](const fhir::decimal& v, const std::string& unit) -> std::optional<int> {
    const fhir::decimal whole = v.normalized();
    const int factor = unit == "weeks" ? 7 : unit == "days" ? 1 : 0;
    if (factor == 0 || whole.scale() != 0 || whole < fhir::decimal(1) || whole > fhir::decimal(36500))
      return std::nullopt;
    return static_cast<int>(whole.mantissa()) * factor;
  };
  span_of_days out;
  if (!n.text.empty() && digit(n.text[0])) {
    const std::optional<literal> l = parse_span(n.text);
    const std::optional<int> d = l ? in_days(l->number, l->unit) : std::nullopt;
    if (!d) {
      error("span", n, tick(n.text) + " is not a number of days", "write whole days or weeks: `60 days`");
      return std::nullopt;
    }
    out.days = *d;
    out.text = n.text;
    return out;
  }
  const std::optional<index> s = name(n, settings);
  if (!s) return std::nullopt;
  const std::optional<int> d = in_days(made.settings[*s].value, made.settings[*s].unit);
  if (!d) {
    error("span", n, "the setting " + tick(n.text) + " is not a number of days", "give it a value in days or weeks");
    return std::nullopt;
  }
  out.days = *d;
  out.text = made.settings[*s].text;
  out.from = *s;
  return out;
}

std::optional<expression> pack_reading::read_expression(const yaml_node& n, const expression_scope& scope,
                                                        std::vector<literal>* typed) {
  if (n.type != yaml_node::kind::scalar) {
    error("form", n, "an expression is one text", "quote it where it has a comma, a colon or a leading bracket");
    return std::nullopt;
  }
  parsed_expression p = parse_expression(n.text, scope, limit_.expression_depth);
  for (expression_problem& x : p.problems)
    error_in(n, x.offset, x.width, std::move(x.code), std::move(x.message), std::move(x.help));
  if (typed != nullptr) typed->insert(typed->end(), p.typed.begin(), p.typed.end());
  return std::move(p.value);
}

expression_scope pack_reading::fact_scope() const {
  expression_scope s;
  s.kind = "fact";
  s.names = facts.names();
  s.find = [this](std::string_view word) -> std::optional<named> {
    const auto found = facts.at.find(word);
    if (found == facts.at.end()) return std::nullopt;
    named what;
    what.fact = found->second;
    what.broken = facts.is_broken(word);
    if (!what.broken) {
      const fact& f = made.facts[found->second];
      what.type = f.type;
      what.values = f.values;
      what.unit = f.unit;
      what.ucum = f.ucum;
    }
    return what;
  };
  s.setting = [this](std::string_view word) -> std::optional<literal> {
    const auto found = settings.at.find(word);
    if (found == settings.at.end() || settings.is_broken(word)) return std::nullopt;
    const setting& from = made.settings[found->second];
    literal l;
    l.type = literal::kind::number;
    l.number = from.value;
    l.unit = from.unit;
    return l;
  };
  return s;
}

const yaml_node* pack_reading::section(const parsed_file& f, std::string_view key) {
  if (map(f.root, "a file under " + std::string(key) + "/") == nullptr) return nullptr;
  keys(f.root, "a file under " + std::string(key) + "/", {std::string(key)});
  const yaml_node* n = f.root.find(key);
  return n == nullptr ? nullptr : map(*n, tick(key));
}

void pack_reading::no_digits(const yaml_node& n, const std::vector<std::string>& allowed, std::string_view repair) {
  if (n.type != yaml_node::kind::scalar) return;
  std::string s = n.text;
  for (const std::string& known : made.names) {
    for (std::size_t at = s.find(known); at != std::string::npos; at = s.find(known, at))
      s.replace(at, known.size(), known.size(), ' ');
  }
  for (std::size_t at = s.find('{'); at != std::string::npos;
       at = s.find('{', at)) {  // a placeholder brings its own number
    const std::size_t close = std::min(s.find('}', at), s.size() - 1);
    s.replace(at, close - at + 1, close - at + 1, ' ');
  }
  for (std::size_t at = 0; at < s.size(); ++at) {
    if (!digit(s[at])) continue;
    std::size_t end = at;
    while (end < s.size() && (digit(s[end]) || (s[end] == '.' && end + 1 < s.size() && digit(s[end + 1])))) ++end;
    const auto number = fhir::decimal::parse(std::string_view(s).substr(at, end - at));
    if (!number || !occurs(*number, allowed)) {
      return error_in(n, at, end - at, "digits", tick(s.substr(at, end - at)) + " has no source", std::string(repair));
    }
    at = end;
  }
}

std::vector<std::string> numbers_in(std::string_view text) {
  std::vector<std::string> out;
  const auto digits_from = [&](std::size_t at) {
    std::size_t n = 0;
    while (at + n < text.size() && digit(text[at + n])) ++n;
    return n;
  };
  for (std::size_t i = 0; i < text.size();) {
    if (!digit(text[i])) {
      ++i;
      continue;
    }
    std::size_t n = digits_from(i);
    std::string number(text.substr(i, n));
    i += n;
    while (number.size() <= 3 + 4 * 3 && i < text.size() && text[i] == ',' && digits_from(i + 1) == 3) {
      number += text.substr(i + 1, 3);
      i += 4;
    }
    if (i + 1 < text.size() && text[i] == '.' && digit(text[i + 1])) {
      n = digits_from(i + 1);
      number += text.substr(i, n + 1);
      i += n + 1;
    }
    out.push_back(std::move(number));
  }
  return out;
}

bool occurs(const fhir::decimal& number, const std::vector<std::string>& printed) {
  return std::any_of(printed.begin(), printed.end(), [&](const std::string& p) {
    const auto value = fhir::decimal::parse(p);
    return value && *value == number;
  });
}

std::optional<literal> parse_span(std::string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const auto number = fhir::decimal::parse(text.substr(0, blank));
  const std::string_view unit = text.substr(blank + 1);
  for (const std::string_view known : {"days", "weeks", "months", "years"}) {
    if (number && (unit == known || unit == known.substr(0, known.size() - 1))) {
      literal l;
      l.type = literal::kind::number;
      l.number = *number;
      l.unit = std::string(known);
      return l;
    }
  }
  return std::nullopt;
}

}  // namespace mainstay::rules
