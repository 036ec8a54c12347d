#include "rules/criteria/refused.hpp"

#include <algorithm>
#include <array>

namespace mainstay::rules {

namespace {

constexpr std::string_view unknown_lost = "turns an unknown into a yes or a no";
constexpr std::string_view not_needed = "is not part of a criterion";

constexpr std::array<refused_form, 20> words{{
    {"not", not_needed, "write `x.not()` or use `unless:`"},
    {"contains", unknown_lost, "write `x in ('a' | 'b')`"},
    {"iif", unknown_lost, "write it with `and`, `or` and `.not()`"},
    {"all", unknown_lost, "write the comparisons with `and`"},
    {"any", unknown_lost, "write the comparisons with `or`"},
    {"xor", not_needed, "write `(a and b.not()) or (a.not() and b)`"},
    {"implies", not_needed, "write `a.not() or b`"},
    {"exists", unknown_lost, "write the fact's name alone: an event fact asks whether there is one"},
    {"empty", unknown_lost, "write `x.not()`"},
    {"count", unknown_lost, "write a fact with `count:` and compare it"},
    {"div", not_needed, "write a setting or a fact instead of a calculation"},
    {"mod", not_needed, "write a setting or a fact instead of a calculation"},
    {"is", not_needed, "write a fact with `is:`"},
    {"as", not_needed, "types are known: leave it out"},
    {"AND", not_needed, "write `and`"},
    {"OR", not_needed, "write `or`"},
    {"NOT", not_needed, "write `x.not()` or use `unless:`"},
    {"IN", not_needed, "write `in`"},
    {"true", "compares a yes or no", "write `x` or `x.not()`"},
    {"false", "compares a yes or no", "write `x` or `x.not()`"},
}};

constexpr std::array<refused_form, 27> functions{{
    {"exists", unknown_lost, "write the fact's name alone: an event fact asks whether there is one"},
    {"empty", unknown_lost, "write `x.not()`"},
    {"hasValue", unknown_lost, "write the fact's name alone"},
    {"count", unknown_lost, "write a fact with `count:` and compare it"},
    {"all", unknown_lost, "write the comparisons with `and`"},
    {"allTrue", unknown_lost, "write the facts with `and`"},
    {"anyTrue", unknown_lost, "write the facts with `or`"},
    {"allFalse", unknown_lost, "write `a.not() and b.not()`"},
    {"anyFalse", unknown_lost, "write `a.not() or b.not()`"},
    {"where", unknown_lost, "write `where:` in a fact"},
    {"select", unknown_lost, "write a fact with `value:`"},
    {"first", unknown_lost, "write a fact with `first:`"},
    {"last", unknown_lost, "write a fact with `last:`"},
    {"subsetOf", unknown_lost, "write `x in ('a' | 'b')`"},
    {"supersetOf", unknown_lost, "write `x in ('a' | 'b')`"},
    {"isDistinct", unknown_lost, "write a fact with `count:` and compare it"},
    {"distinct", unknown_lost, "write a fact with `count:` and compare it"},
    {"union", unknown_lost, "write `x in ('a' | 'b')`"},
    {"combine", unknown_lost, "write `x in ('a' | 'b')`"},
    {"contains", unknown_lost, "write `x in ('a' | 'b')`"},
    {"iif", unknown_lost, "write it with `and`, `or` and `.not()`"},
    {"matches", not_needed, "values are codes: write `x in ('a' | 'b')`"},
    {"startsWith", not_needed, "values are codes: write `x in ('a' | 'b')`"},
    {"endsWith", not_needed, "values are codes: write `x in ('a' | 'b')`"},
    {"toString", not_needed, "types are known: leave it out"},
    {"toInteger", not_needed, "types are known: leave it out"},
    {"toBoolean", not_needed, "types are known: leave it out"},
}};

constexpr std::array<refused_form, 21> operators{{
    {"~", unknown_lost, "write `=`"},
    {"!~", unknown_lost, "write `!=`"},
    {"&", unknown_lost, "write `and` between questions, or a fact for a value"},
    {"==", not_needed, "write `=`"},
    {"<>", not_needed, "write `!=`"},
    {"&&", not_needed, "write `and`"},
    {"||", not_needed, "write `or`"},
    {"!", not_needed, "write `x.not()` or use `unless:`"},
    {"+", not_needed, "write a setting or a fact instead of a calculation"},
    {"-", not_needed, "write a setting or a fact instead of a calculation"},
    {"*", not_needed, "write a setting or a fact instead of a calculation"},
    {"/", not_needed, "write a setting or a fact instead of a calculation"},
    {"{", not_needed, "an unknown has no literal: ask the fact itself"},
    {"}", not_needed, "an unknown has no literal: ask the fact itself"},
    {"[", not_needed, "name the event you mean with `first:` or `last:`"},
    {"]", not_needed, "name the event you mean with `first:` or `last:`"},
    {"%", not_needed, "proportions are read into codes by their event: compare the code"},
    {"$", not_needed, "a fact is named by its id"},
    {"@", not_needed, "days are compared by a fact's limits: `after`, `before`, `max_age`"},
    {",", not_needed, "write `|` between the values of a list"},
    {"\"", not_needed, "a code stands in single quotes: 'cr'"},
}};

}  // namespace

std::span<const refused_form> refused_words() {
  return words;
}
std::span<const refused_form> refused_functions() {
  return functions;
}
std::span<const refused_form> refused_operators() {
  return operators;
}

const refused_form* find_refused(std::span<const refused_form> table, std::string_view spelling) {
  const auto at =
      std::find_if(table.begin(), table.end(), [&](const refused_form& r) { return r.spelling == spelling; });
  return at == table.end() ? nullptr : &*at;
}

}  // namespace mainstay::rules
