// One YAML file as a tree with positions: YAML 1.2 by libfyaml, without what rule files must not have (anchors,
// aliases, tags, duplicate keys, several documents, deep nesting). Used by the loader and by the cases.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/pack/diagnostic.hpp"

namespace mainstay::rules {

struct yaml_member;

/// A scalar keeps its text as written ("0.040" stays so). Owns everything; plain data.
struct yaml_node {
  enum class kind { null, scalar, list, map } type = kind::null;  ///< null: nothing was written
  std::string text;                                               ///< scalars
  bool quoted = false;               ///< in quotes or as a block, so that no reader takes it for a number or a word
  std::vector<yaml_node> items;      ///< lists
  std::vector<yaml_member> members;  ///< maps, in the order written, keys once each
  position at;                       ///< of the text: after an opening quote
  unsigned width = 1;                ///< characters on its first line
  bool one_line = true;              ///< the scalar's text stands in one line, unescaped

  /// The value of a key, or nullptr; for maps.
  const yaml_node* find(std::string_view key) const;
};
struct yaml_member {
  yaml_node key, value;
};

/// Maps and lists nested deeper than this are refused: rule files need about six.
inline constexpr unsigned yaml_depth_limit = 24;

/// Reads one file. Problems are appended to `problems`; no value where there was any. An empty file is a problem.
std::optional<yaml_node> parse_yaml(const pack_file& file, std::vector<diagnostic>& problems);

}  // namespace mainstay::rules
