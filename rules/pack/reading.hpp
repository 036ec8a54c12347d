// What every part of the loader shares: the pack being made, the names known so far, and typed reading of YAML with one
// diagnostic a root cause. Lives for one load(); not shared between threads.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/criteria/expression.hpp"
#include "rules/pack/load.hpp"
#include "rules/pack/model.hpp"
#include "rules/pack/yaml.hpp"

namespace mainstay::rules {

/// Facts that rest on facts, and events on events, in chains longer than this are not meant; what walks along them
/// recurses.
inline constexpr unsigned chain_limit = 100;

/// Names of one kind and where each stands in the pack. A name defined wrongly is here too, as broken: that it is used
/// elsewhere is no second mistake.
struct name_table {
  std::string kind;    ///< "term"
  std::string folder;  ///< "terms/"
  std::map<std::string, index, std::less<>> at;
  std::map<std::string, bool, std::less<>> broken;
  std::vector<std::string> names() const;
  bool is_broken(std::string_view name) const;
};

/// A file of the pack that was read, under the name of its folder.
struct parsed_file {
  std::string path;
  yaml_node root;
};

class pack_reading {
 public:
  pack_reading(pack& p, std::vector<diagnostic>& problems, const load_limits& limit)
      : made(p), problems_(problems), limit_(limit) {}

  pack& made;
  name_table settings{"setting", "pack.yaml", {}, {}}, terms{"term", "terms/", {}, {}},
      events{"event", "events/", {}, {}}, facts{"fact", "facts/", {}, {}}, papers{"paper", "evidence/", {}, {}};

  const load_limits& limits() const { return limit_; }
  std::size_t count() const { return problems_.size(); }

  void error(std::string code, const yaml_node& at, std::string message, std::string help = {});
  /// Inside a scalar, at an offset of its text in bytes.
  void error_in(const yaml_node& scalar, std::size_t offset, std::size_t width, std::string code, std::string message,
                std::string help);

  /// `n` as a map, else a diagnostic and nullptr. `what`: "a fact".
  const yaml_node* map(const yaml_node& n, std::string_view what);
  /// Every key of the map is one of `known`, else a diagnostic with the nearest.
  bool keys(const yaml_node& map_node, std::string_view what, const std::vector<std::string>& known);
  /// The text of a key; empty where it is absent. A list or map there is a diagnostic.
  std::string text(const yaml_node& map_node, std::string_view key);
  /// The same, and its absence is a diagnostic at `at`.
  std::string needed(const yaml_node& map_node, std::string_view key, std::string_view what, const yaml_node& at);
  /// Is the key absent, and is no other key of the map a slip for it? (A slip is told as an unknown key already.)
  bool lacks(const yaml_node& map_node, std::string_view key) const;
  /// A map of maps that must be there: each member is visited, its key an identifier and its value a map.
  void needed_map(const yaml_node& map_node, std::string_view key, std::string_view what, const yaml_node& at,
                  const std::function<void(const yaml_member&)>& visit);
  /// The same where it may be absent.
  void each(const yaml_node& map_node, std::string_view key, std::string_view what,
            const std::function<void(const yaml_member&)>& visit);
  /// A scalar or a list of scalars.
  std::vector<const yaml_node*> several(const yaml_node& n, std::string_view what);
  /// snake_case, and neither a word that YAML 1.1 takes for a Boolean.
  bool identifier(const yaml_node& key, std::string_view what);
  /// Index of a name; none with a diagnostic where there is no such name, none without where it is broken.
  std::optional<index> name(const yaml_node& n, const name_table& table);
  /// The same for a part of a scalar.
  std::optional<index> name_in(const yaml_node& n, std::size_t offset, std::string_view word, const name_table& table);
  /// "60 days" or the name of a setting in days.
  std::optional<span_of_days> days(const yaml_node& n);

  /// An expression with its problems at their places in the scalar. `typed` gets the numbers typed into it.
  std::optional<expression> read_expression(const yaml_node& n, const expression_scope& scope,
                                            std::vector<literal>* typed = nullptr);
  /// Facts read so far, and settings.
  expression_scope fact_scope() const;

  /// The file's maps of one section: `terms: {...}`. Other keys of the file are diagnostics.
  const yaml_node* section(const parsed_file& f, std::string_view key);

  /// No digits but those of `allowed` and of the pack's names. Tells the first only.
  void no_digits(const yaml_node& n, const std::vector<std::string>& allowed, std::string_view repair);

 private:
  std::vector<diagnostic>& problems_;
  const load_limits& limit_;
};

/// Numbers printed in a text, as written, without commas between thousands: "34 to 345 days" has "34" and "345".
std::vector<std::string> numbers_in(std::string_view text);
/// Is the number among them, by value?
bool occurs(const fhir::decimal& number, const std::vector<std::string>& printed);
/// "70 years" as {70, "years"}; units: days, weeks, months, years, each with its singular.
std::optional<literal> parse_span(std::string_view text);

}  // namespace mainstay::rules
