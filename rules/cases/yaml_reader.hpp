// Typed reading of a case file's YAML, a diagnostic for each mistake. Private to rules/cases.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/pack/diagnostic.hpp"
#include "rules/pack/yaml.hpp"

namespace mainstay::rules::case_files {

/// Appends to the problems it was made with, which must outlive it.
class yaml_reader {
 public:
  explicit yaml_reader(std::vector<diagnostic>& problems) : problems_(problems) {}

  /// Adds a problem at a node; always false, so that a check can return it.
  bool error(const yaml_node& at, std::string code, std::string message, std::string help = {});
  bool is_map(const yaml_node& n, std::string_view what);
  bool known_keys(const yaml_node& n, const std::vector<std::string>& known);
  /// The scalar of a key; empty where it is absent or nothing was written.
  std::string text(const yaml_node& n, std::string_view key);
  /// A scalar or a list of scalars.
  std::vector<std::string> words(const yaml_node& n);
  /// A map of scalars.
  std::map<std::string, std::string> pairs(const yaml_node& n, std::string_view what);
  void check_names(const yaml_node& at, const std::vector<std::string>& names, const std::vector<std::string>& known,
                   std::string_view what);
  std::size_t mistakes_so_far() const { return problems_.size(); }

 private:
  std::vector<diagnostic>& problems_;
};

/// "`one`, `other`"
std::string list_of(const std::vector<std::string>& words);

}  // namespace mainstay::rules::case_files
