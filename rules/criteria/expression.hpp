// Criteria as written: a closed subset of FHIRPath's syntax over named facts (or, in `where`, particulars), read and
// type-checked. What could turn an unknown into a yes or a no is refused with its repair. Pure; used by the loader.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/pack/model.hpp"

namespace mainstay::rules {

/// What a name in an expression stands for.
struct named {
  std::optional<index> fact;  ///< none for particulars
  fact_type type = fact_type::truth;
  std::vector<std::string> values;  ///< of code facts; empty: not known (its own definition is wrong), anything goes
  std::string unit;                 ///< of number facts
  bool ucum = false;                ///< the unit is a UCUM code
  bool broken = false;              ///< defined, but wrongly: one root cause is one diagnostic, so nothing is checked
};

/// What an expression may speak of.
struct expression_scope {
  std::string kind = "fact";  ///< for messages: "fact" or "particular"
  std::function<std::optional<named>(std::string_view)> find;
  std::vector<std::string> names;                                   ///< for "did you mean"
  std::function<std::optional<literal>(std::string_view)> setting;  ///< a setting's value as a number; may be empty
};

struct expression_problem {
  std::string code, message, help;
  std::size_t offset = 0, width = 1;  ///< in bytes of the text
};

struct parsed_expression {
  std::optional<expression> value;           ///< none where there is a problem
  std::vector<expression_problem> problems;  ///< one a root cause
  std::vector<literal> typed;                ///< numbers typed into the text; settings are not among them
};

/// Reads one expression. `depth` bounds its parentheses. Never throws for anything in the text.
parsed_expression parse_expression(std::string_view text, const expression_scope& scope, unsigned depth = 32);

/// Names of facts or particulars that it asks, each once, in the order written.
std::vector<std::string> names_in(const expression& e);

/// The names that a text may ask, without reading it: identifiers that are not words of the language. For sorting facts
/// before they can be read.
std::vector<std::string> identifiers_in(std::string_view text);

}  // namespace mainstay::rules
