// The words of a criterion. Used by expression.cpp.
#pragma once

#include <string_view>
#include <vector>

namespace mainstay::rules {

struct token {
  enum class kind { name, string, number, compare, open, close, bar, dot, other, end } type = kind::end;
  std::string_view text;  ///< as written; a string without its quotes
  std::size_t offset = 0;
  std::size_t width = 0;
};

/// Cuts a text into tokens; the last is `end`. What is of no use becomes `other`, to be refused with its repair.
std::vector<token> tokens_of(std::string_view text);

}  // namespace mainstay::rules
