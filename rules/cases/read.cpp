#include "rules/cases/read.hpp"

#include <algorithm>
#include <charconv>

#include "rules/cases/read_expect.hpp"
#include "rules/pack/suggest.hpp"
#include "rules/terms/codes.hpp"

namespace mainstay::rules::case_files {

namespace {

using kind = yaml_node::kind;

/// Reads one file's cases; collects diagnostics instead of stopping at the first.
class reader_of_cases : private yaml_reader {
 public:
  reader_of_cases(const pack& p, std::vector<diagnostic>& problems) : yaml_reader(problems), pack_(p) {}

  void file(const yaml_node& root, std::vector<chart_case>& to) {
    // A file is one case or a list of them.
    if (root.type == kind::list) {
      for (const auto& c : root.items) one(c, to);
    } else {
      one(root, to);
    }
  }

 private:
  std::optional<fhir::day> whole_day(const yaml_node& n, std::string_view key) {
    const auto* v = n.find(key);
    if (v == nullptr) {
      error(n, "missing-key", "a case needs `" + std::string(key) + "`",
            "write `" + std::string(key) + ": 2026-03-01`");
      return std::nullopt;
    }
    const auto d = fhir::parse_day(v->text);
    if (!d) error(*v, "wrong-date", "`" + v->text + "` is not a day", "write it as 2026-03-01");
    return d;
  }

  std::optional<fhir::coding> coding(const yaml_node& n) {
    const auto hash = n.text.rfind('#');
    if (n.type != kind::scalar || hash == std::string::npos || hash == 0 || hash + 1 == n.text.size()) {
      error(n, "wrong-code", "`" + n.text + "` is not a code", "write `icd10cm#Z94.84` or `\"urn:example#code\"`");
      return std::nullopt;
    }
    auto read = expand_codes(n.text, 1);
    for (auto& p : read.problems) error(n, p.code, p.message, p.help);
    return read.codes.empty() ? std::nullopt : std::optional(std::move(read.codes.front()));
  }

  std::optional<index> term(const yaml_node& key) {
    const auto t = pack_.find_term(key.text);
    if (!t) {
      std::vector<std::string> known;
      for (const auto& x : pack_.terms) known.push_back(x.id);
      error(key, "unknown-term", "`" + key.text + "` is not a term of the pack",
            did_you_mean(key.text, known, "a row's first key is a term of terms/"));
    }
    return t;
  }

  /// The keys of a row beside its first.
  bool row_details(const yaml_node& n, row& r, fhir::day day_0) {
    for (const auto& m : n.members) {
      if (m.key.text == "day") {
        int days = 0;
        const auto& t = m.value.text;
        const auto read = std::from_chars(t.data(), t.data() + t.size(), days);
        if (t.empty() || read.ec != std::errc() || read.ptr != t.data() + t.size() || days < -40000 || days > 40000)
          return error(m.value, "wrong-day", "`" + t + "` is not a number of days after `day_0`",
                       "write `day: 58`, or `date: 2026-02`");
        r.date = fhir::to_string(day_0 + days);
      } else if (m.key.text == "date") {
        r.date = m.value.text;
        if (!r.date.empty() && !fhir::date_time::parse(r.date))
          return error(m.value, "wrong-date", "`" + r.date + "` is not a FHIR date",
                       "write 2026, 2026-03 or 2026-03-01");
      } else if (m.key.text == "as") {
        r.as = words(m.value);
      } else if (m.key.text == "code") {
        if (!(r.code = coding(m.value))) return false;
      } else if (m.key.text == "specimen") {
        if (!(r.specimen = coding(m.value))) return false;
      }
    }
    return true;
  }

  std::optional<row> read_row(const yaml_node& n, fhir::day day_0) {
    if (!is_map(n, "a row of `chart`") || n.members.empty()) return std::nullopt;
    const auto& first = n.members.front();
    const auto t = term(first.key);
    if (!t) return std::nullopt;
    static const std::vector<std::string> known{"day", "date", "as", "code", "specimen"};
    yaml_node rest = n;
    rest.members.erase(rest.members.begin());
    if (!known_keys(rest, known)) return std::nullopt;
    row r;
    r.term = *t;
    r.value = first.value.text;
    r.at = first.key.at;
    if (first.value.type == kind::map || first.value.type == kind::list) {
      error(first.value, "wrong-form", "the value of a row must be one value",
            "write `{mrd_by_flow: 0.001 %, day: 58}`");
      return std::nullopt;
    }
    if (!row_details(rest, r, day_0)) return std::nullopt;
    return r;
  }

  bool read_patient(const yaml_node& n, patient& who) {
    if (!is_map(n, "`patient`") || !known_keys(n, {"born", "gender", "deceased", "active", "replaced"})) return false;
    if (n.find("born")) who.born = text(n, "born");
    if (n.find("gender")) who.gender = text(n, "gender");
    if (n.find("deceased")) who.deceased = text(n, "deceased");
    if (n.find("active")) who.active = text(n, "active") != "false";
    if (n.find("replaced")) who.replaced = text(n, "replaced") == "true";
    if (!who.born.empty() && !fhir::date_time::parse(who.born))
      return error(*n.find("born"), "wrong-date", "`" + who.born + "` is not a FHIR date");
    return true;
  }

  void read_bundle(const yaml_node& n, chart_case& c) {
    const auto* entries = n.type == kind::map ? n.find("entry") : &n;
    if (entries == nullptr || entries->type != kind::list) {
      error(n, "wrong-form", "`bundle` must be a Bundle or a list of resources");
      return;
    }
    for (const auto& e : entries->items) {
      const auto* resource = n.type == kind::map ? e.find("resource") : &e;
      if (resource == nullptr || resource->find("resourceType") == nullptr)
        error(e, "wrong-form", "an entry of `bundle` has no resource with a `resourceType`");
      else {
        c.resources.push_back(to_json(*resource));
        if (resource->find("resourceType")->text == "Patient") c.bundle_patient = text(*resource, "id");
      }
    }
  }

  void read_site(const yaml_node& n, chart_case& c) {
    if (!is_map(n, "`site`")) return;
    for (const auto& m : n.members) {
      const auto t = term(m.key);
      if (!t || !is_map(m.value, "what a site adds to a term") || !known_keys(m.value, {"sensitivity"})) continue;
      const auto* s = m.value.find("sensitivity");
      if (s == nullptr) continue;
      if (!fhir::parse_proportion(s->text))
        error(*s, "wrong-proportion", "`" + s->text + "` is not a proportion", "write `0.01 %`");
      else
        c.sensitivity[*t] = s->text;
    }
  }

  void read_failed(const yaml_node& n, chart_case& c) {
    c.failed = pairs(n, "`failed`");
    std::vector<std::string> known, names;
    for (const auto& r : pack_.requirements) known.push_back(r.key);
    for (const auto& [name, why] : c.failed) names.push_back(name);
    check_names(n, names, known, "search of the pack");
  }

  void read_chart(const yaml_node& n, chart_case& c) {
    if (n.type != kind::list) {
      error(n, "wrong-form", "`chart` must be a list of rows", "write `- {mrd_by_flow: 0.001 %, day: 58}`");
      return;
    }
    for (const auto& item : n.items)
      if (auto r = read_row(item, c.day_0)) c.rows.push_back(std::move(*r));
  }

  /// The one row of that term.
  row* only_row(const yaml_node& key, chart_case& c) {
    const auto t = term(key);
    if (!t) return nullptr;
    std::vector<row*> found;
    for (auto& r : c.rows)
      if (r.term == *t) found.push_back(&r);
    if (found.size() == 1) return found.front();
    error(
        key, "which-row",
        "the case has " + std::to_string(found.size()) + " rows of `" + key.text + "`, and a change needs exactly one",
        "use `remove` and `add`");
    return nullptr;
  }

  void change(const yaml_node& n, chart_case& c) {
    if (!is_map(n, "`change`")) return;
    for (const auto& m : n.members) {
      auto* r = only_row(m.key, c);
      if (r == nullptr) continue;
      if (m.value.type == kind::map) {
        if (!known_keys(m.value, {"value", "day", "date", "as", "code", "specimen"})) continue;
        if (m.value.find("value")) r->value = text(m.value, "value");
        row_details(m.value, *r, c.day_0);
      } else {
        r->value = m.value.text;
      }
    }
  }

  void remove(const yaml_node& n, chart_case& c) {
    for (const auto& word : words(n)) {
      const auto t = pack_.find_term(word);
      const auto before = c.rows.size();
      if (t)
        c.rows.erase(std::remove_if(c.rows.begin(), c.rows.end(), [&](const row& r) { return r.term == *t; }),
                     c.rows.end());
      if (c.rows.size() == before) error(n, "which-row", "the case has no row of `" + word + "` to remove");
    }
  }

  void variation(const yaml_node& n, const chart_case& base, std::vector<chart_case>& to) {
    const auto mistakes = mistakes_so_far();
    if (!is_map(n, "a variation") ||
        !known_keys(n, {"name", "today", "patient", "change", "add", "remove", "site", "failed", "expect"}))
      return;
    chart_case c = base;
    c.expect = {};
    c.example.clear();
    c.at = n.at;
    c.name = base.name + " / " + text(n, "name");
    if (text(n, "name").empty()) error(n, "missing-key", "a variation needs a `name`");
    if (n.find("today")) c.today = whole_day(n, "today").value_or(c.today);
    if (const auto* v = n.find("patient")) read_patient(*v, c.who);
    if (const auto* v = n.find("remove")) remove(*v, c);
    if (const auto* v = n.find("change")) change(*v, c);
    if (const auto* v = n.find("add")) read_chart(*v, c);
    if (const auto* v = n.find("site")) read_site(*v, c);
    if (const auto* v = n.find("failed")) read_failed(*v, c);
    if (const auto* v = n.find("expect"))
      c.expect = read_expect(*this, pack_, *v);
    else
      error(n, "missing-key", "a variation needs `expect`");
    if (mistakes_so_far() == mistakes) to.push_back(std::move(c));
  }

  void one(const yaml_node& n, std::vector<chart_case>& to) {
    const auto mistakes = mistakes_so_far();
    if (!is_map(n, "a case") || !known_keys(n, {"case", "example", "day_0", "today", "patient", "chart", "bundle",
                                                "site", "failed", "expect", "also"}))
      return;
    chart_case c;
    c.file = n.at.file;
    c.at = n.at;
    c.name = text(n, "case");
    if (c.name.empty()) error(n, "missing-key", "a case needs a name", "write `case: day 67`");
    c.example = text(n, "example");
    // FHIR R4 2.24.0.1, id: it becomes the patient's, and part of its resources' ids.
    constexpr std::size_t longest_example = 32;
    if (c.example.size() > longest_example ||
        c.example.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") !=
            std::string::npos)
      error(*n.find("example"), "wrong-id", "`" + c.example + "` cannot be the id of a patient",
            "letters, digits, `-` and `.`, at most 32 of them");
    for (const auto& other : to)
      if (!c.example.empty() && other.example == c.example)
        error(*n.find("example"), "wrong-id", "`" + c.example + "` is the id of another example", "give each its own");
    const auto today = whole_day(n, "today");
    if (today) c.today = *today;
    // Only rows with `day:` hang on it.
    c.day_0 = n.find("day_0") ? whole_day(n, "day_0").value_or(c.today) : c.today;
    if (const auto* v = n.find("patient")) read_patient(*v, c.who);
    if (const auto* v = n.find("chart")) read_chart(*v, c);
    if (const auto* v = n.find("bundle")) read_bundle(*v, c);
    if (const auto* v = n.find("site")) read_site(*v, c);
    if (const auto* v = n.find("failed")) read_failed(*v, c);
    if (const auto* v = n.find("expect"))
      c.expect = read_expect(*this, pack_, *v);
    else
      error(n, "missing-key", "a case needs `expect`", "write what each protocol should say");
    if (mistakes_so_far() != mistakes) return;
    to.push_back(c);
    if (const auto* also = n.find("also")) {
      if (also->type != kind::list) error(*also, "wrong-form", "`also` must be a list of variations");
      for (const auto& v : also->items) variation(v, c, to);
    }
  }

  const pack& pack_;
};

}  // namespace

std::string patient_id(const chart_case& c) {
  return !c.bundle_patient.empty() ? c.bundle_patient : c.example.empty() ? "p1" : c.example;
}

std::vector<chart_case> read(const pack& p, const std::vector<pack_file>& files, std::vector<diagnostic>& problems) {
  std::vector<chart_case> out;
  reader_of_cases reader(p, problems);
  for (const auto& f : files) {
    if (f.path.find("cases/") != 0 || !f.path.ends_with(".yaml")) continue;
    if (const auto root = parse_yaml(f, problems)) reader.file(*root, out);
  }
  return out;
}

}  // namespace mainstay::rules::case_files
