#include "rules/evidence/read_evidence.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "rules/pack/suggest.hpp"

namespace mainstay::rules {

namespace {

std::size_t words_in(std::string_view s) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < s.size(); ++i) n += s[i] != ' ' && (i == 0 || s[i - 1] == ' ') ? 1U : 0U;
  return n;
}

constexpr std::array<std::string_view, 4> value_keys{"value", "median", "hazard_ratio", "p"};

/// One paper; ids of figures, tables and groups are of the paper.
class paper_reader {
 public:
  paper_reader(pack_reading& r, const yaml_node& n, const yaml_node& key, paper& p) : r_(r), n_(n), key_(key), p_(p) {}

  void run() {
    r_.keys(n_, "a paper",
            {"citation", "label", "url", "file", "design", "certainty", "statements", "groups", "figures", "tables",
             "contradictions"});
    p_.citation = r_.needed(n_, "citation", "a paper", key_);
    p_.label = r_.needed(n_, "label", "a paper", key_);
    p_.url = r_.text(n_, "url");
    p_.file = r_.text(n_, "file");
    p_.design = r_.needed(n_, "design", "a paper", key_);
    if (const yaml_node* url = n_.find("url"); url != nullptr && !p_.url.starts_with("https://")) {
      r_.error("url", *url, "`" + p_.url + "` is not a link", "write an absolute https address");
    }
    certainty();
    r_.each(n_, "statements", "a statement", [&](const yaml_member& m) { statement_(m); });
    r_.each(n_, "groups", "a group", [&](const yaml_member& m) { group_(m); });
    r_.each(n_, "figures", "a figure", [&](const yaml_member& m) { figure_(m); });
    r_.each(n_, "tables", "a table", [&](const yaml_member& m) { table_(m); });
    r_.each(n_, "contradictions", "a contradiction", [&](const yaml_member& m) {
      r_.keys(m.value, "a contradiction", {"text", "place"});
      p_.contradictions.emplace_back(r_.needed(m.value, "text", "a contradiction", m.key),
                                     r_.needed(m.value, "place", "a contradiction", m.key));
    });
  }

 private:
  void certainty() {
    const yaml_node* c = n_.find("certainty");
    if (c == nullptr) {
      if (r_.lacks(n_, "certainty"))
        r_.error("missing-key", key_, "a paper needs `certainty`",
                 "write `certainty: {as_stated: none, assessed: low, by: our assessment}`");
      return;
    }
    if (r_.map(*c, "`certainty`") == nullptr) return;
    r_.keys(*c, "`certainty`", {"as_stated", "assessed", "by"});
    p_.certainty_as_stated = r_.needed(*c, "as_stated", "`certainty`", *c);
    p_.certainty_assessed = r_.needed(*c, "assessed", "`certainty`", *c);
    p_.certainty_by = r_.needed(*c, "by", "`certainty`", *c);
  }

  /// The quote of a figure or statement, at most 25 words.
  std::string quote(const yaml_node& n, std::string_view what, const yaml_node& at) {
    std::string q = r_.needed(n, "quote", what, at);
    if (const std::size_t words = words_in(q); words > quote_words) {
      r_.error("long-quote", *n.find("quote"), "the quote has " + std::to_string(words) + " words",
               "quote at most " + std::to_string(quote_words) + ", the ones that carry it");
    }
    return q;
  }

  std::optional<index> group_named(const yaml_node& n) {
    const auto at = std::find_if(p_.groups.begin(), p_.groups.end(), [&](const group& g) { return g.id == n.text; });
    if (at != p_.groups.end()) return static_cast<index>(at - p_.groups.begin());
    std::vector<std::string> known;
    for (const group& g : p_.groups) known.push_back(g.id);
    r_.error("unknown-group", n, "the paper has no group `" + n.text + "`",
             did_you_mean(n.text, known, "add it under `groups`"));
    return std::nullopt;
  }

  void statement_(const yaml_member& m) {
    r_.keys(m.value, "a statement", {"place", "quote"});
    p_.statements.push_back({m.key.text, r_.needed(m.value, "place", "a statement", m.key),
                             quote(m.value, "a statement", m.key), m.key.at});
  }

  void group_(const yaml_member& m) {
    r_.keys(m.value, "a group", {"title", "n", "like"});
    group g;
    g.id = m.key.text;
    g.title = r_.needed(m.value, "title", "a group", m.key);
    if (const yaml_node* t = m.value.find("title"))
      r_.no_digits(*t, {}, "the group's size is `n`; a name with digits belongs under `names` of pack.yaml");
    if (const yaml_node* n = m.value.find("n")) {
      unsigned size = 0;
      const char* end = n->text.data() + n->text.size();
      const auto read = std::from_chars(n->text.data(), end, size);
      if (read.ec != std::errc() || read.ptr != end)
        r_.error("number", *n, "`" + n->text + "` is not a number of patients", "write a whole number");
      else
        g.n = size;
    }
    if (const yaml_node* like = m.value.find("like")) g.like = r_.read_expression(*like, r_.fact_scope());
    p_.groups.push_back(std::move(g));
  }

  /// A printed number: a decimal, `< 0.001` too. It must stand in the quote as written.
  bool number(const yaml_node& n, const std::vector<std::string>& printed) {
    std::string_view digits = n.text;
    if (digits.starts_with("< ")) digits.remove_prefix(2);
    if (n.type != yaml_node::kind::scalar || !fhir::decimal::parse(digits)) {
      r_.error("number", n, "`" + n.text + "` is not a number", "write it as the paper prints it: `0.040`, `< 0.001`");
      return false;
    }
    if (std::find(printed.begin(), printed.end(), digits) == printed.end()) {
      r_.error("not-in-quote", n, "`" + std::string(digits) + "` does not stand in the quote",
               "correct the number, or quote the place that prints it");
      return false;
    }
    return true;
  }

  std::optional<std::pair<std::string, std::string>> two_numbers(const yaml_node& n,
                                                                 const std::vector<std::string>& printed) {
    if (n.type != yaml_node::kind::list || n.items.size() != 2) {
      r_.error("form", n, "a low and a high end stand here", "write `[34, 345]`");
      return std::nullopt;
    }
    if (!number(n.items[0], printed) || !number(n.items[1], printed)) return std::nullopt;
    const auto low = fhir::decimal::parse(n.items[0].text), high = fhir::decimal::parse(n.items[1].text);
    if (!low || !high) {  // `< 5` is a number elsewhere
      const yaml_node& bound = n.items[low ? 1 : 0];
      r_.error("number", bound, "`" + bound.text + "` is no end of a range", "write a plain number");
      return std::nullopt;
    }
    if (!(*low < *high)) {
      r_.error("number", n.items[0], "`" + n.items[0].text + "` is not below `" + n.items[1].text + "`",
               "write the low end first");
      return std::nullopt;
    }
    return std::pair{n.items[0].text, n.items[1].text};
  }

  void figure_(const yaml_member& m) {
    r_.keys(
        m.value, "a figure",
        {"what", "at", "group", "place", "quote", "unit", "value", "median", "hazard_ratio", "p", "interval", "range"});
    figure f;
    f.id = m.key.text;
    f.at = m.key.at;
    f.what = r_.needed(m.value, "what", "a figure", m.key);
    f.when = r_.text(m.value, "at");
    f.place = r_.needed(m.value, "place", "a figure", m.key);
    f.quote = quote(m.value, "a figure", m.key);
    f.unit = r_.text(m.value, "unit");
    const std::vector<std::string> printed = numbers_in(f.quote);
    for (const char* key : {"what", "at"}) {
      if (const yaml_node* t = m.value.find(key)) r_.no_digits(*t, printed, "a number here stands in the quote, too");
    }
    if (const yaml_node* g = m.value.find("group")) f.group = group_named(*g);
    for (const std::string_view key : value_keys) {
      if (const yaml_node* v = m.value.find(key); v != nullptr && number(*v, printed))
        f.values.emplace_back(std::string(key), v->text);
    }
    if (const yaml_node* v = m.value.find("interval")) f.interval = two_numbers(*v, printed);
    if (const yaml_node* v = m.value.find("range")) f.range = two_numbers(*v, printed);
    const bool any = std::any_of(value_keys.begin(), value_keys.end(),
                                 [&](std::string_view k) { return m.value.find(k) != nullptr; });
    if (!any)
      r_.error("missing-key", m.key, "the figure `" + f.id + "` has no number",
               "write `value`, `median`, `hazard_ratio` or `p`");
    p_.figures.push_back(std::move(f));
  }

  void table_(const yaml_member& m) {
    r_.keys(m.value, "a table", {"title", "place", "unit", "columns", "rows"});
    table t;
    t.id = m.key.text;
    t.at = m.key.at;
    t.title = r_.text(m.value, "title");
    if (const yaml_node* n = m.value.find("title"))
      r_.no_digits(*n, {}, "a name with digits belongs under `names` of pack.yaml");
    t.place = r_.needed(m.value, "place", "a table", m.key);
    t.unit = r_.text(m.value, "unit");
    const std::size_t before = r_.count();
    r_.needed_map(m.value, "columns", "a table", m.key, [&](const yaml_member& c) {
      r_.keys(c.value, "a column", {"what", "at"});
      t.columns.push_back({c.key.text, r_.needed(c.value, "what", "a column", c.key), r_.text(c.value, "at")});
      if (const yaml_node* what = c.value.find("what")) r_.no_digits(*what, {}, "the time is `at`");
    });
    const bool columns_known = r_.count() == before;
    r_.needed_map(m.value, "rows", "a table", m.key, [&](const yaml_member& row) { row_(row, t, columns_known); });
    p_.tables.push_back(std::move(t));
  }

  void row_(const yaml_member& m, table& t, bool columns_known) {
    r_.keys(m.value, "a row", {"values", "quote"});
    table::row row;
    const auto g = group_named(m.key);
    row.quote = quote(m.value, "a row", m.key);
    const std::vector<std::string> printed = numbers_in(row.quote);
    const yaml_node* values = m.value.find("values");
    if (values == nullptr) {
      if (r_.lacks(m.value, "values"))
        r_.error("missing-key", m.key, "a row needs `values`", "add `values: [...]`, one for each column");
      return;
    }
    bool good = true;
    for (const yaml_node& v : values->items) {
      good = number(v, printed) && good;
      row.values.push_back(v.text);
    }
    if (!columns_known) return;  // one root
    if (values->items.size() != t.columns.size()) {
      r_.error("row-length", *values,
               "the row has " + std::to_string(values->items.size()) + ", the table's columns are " +
                   std::to_string(t.columns.size()),
               "write one value for each column");
      return;
    }
    if (g && good) {
      row.group = *g;
      t.rows.push_back(std::move(row));
    }
  }

  pack_reading& r_;
  const yaml_node& n_;
  const yaml_node& key_;
  paper& p_;
};

}  // namespace

void read_evidence(pack_reading& r, const std::vector<parsed_file>& files) {
  for (const parsed_file& f : files) {
    if (r.map(f.root, "a file under evidence/") == nullptr) continue;
    for (const yaml_member& m : f.root.members) {
      if (!r.identifier(m.key, "a paper")) continue;
      if (!r.papers.at.emplace(m.key.text, r.made.papers.size()).second) {
        r.error("duplicate-paper", m.key, "the paper `" + m.key.text + "` is defined twice", "keep one of them");
        continue;
      }
      paper p;
      p.id = m.key.text;
      p.at = m.key.at;
      const std::size_t before = r.count();
      if (r.map(m.value, "a paper") != nullptr) paper_reader(r, m.value, m.key, p).run();
      if (r.count() != before) r.papers.broken.emplace(p.id, true);
      r.made.papers.push_back(std::move(p));
    }
  }
}

}  // namespace mainstay::rules
