// A criterion that is met by several: `any:`, `all:`, or `at_least: 2` with `of:`. Private to rules/pack.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/pack/reading.hpp"

namespace mainstay::rules {

struct group_limits {
  std::size_t members = 8;  ///< "at least k of n" is spelled out as every k of them, at most 70
};

struct read_group_result {
  bool there = false;                      ///< the criterion has a group, well formed or not
  std::optional<expression> when;          ///< Kleene's answer over its members; nothing where a member is wrong
  std::string words;                       ///< "any of: complex karyotype, TP53"
  std::vector<const yaml_node*> texts;     ///< of the members
  std::vector<const yaml_node*> typed_in;  ///< for each number typed, the expression it stands in
};

/// Reads the group of a criterion; mistakes go to `r`, the numbers typed into its members to `typed`.
read_group_result read_group(pack_reading& r, const yaml_member& criterion, std::vector<literal>& typed,
                             const group_limits& limit = {});

/// The negation of an expression, as `unless` means it.
expression negation_of(expression e);

}  // namespace mainstay::rules
