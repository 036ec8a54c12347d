// "Did you mean": the known name nearest to a mistyped one. Used by every part of the loader.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mainstay::rules {

/// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours count one each.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of `known`, or empty where none is near: at most a third of the letters, at least one, wrong.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// "did you mean `x`?" or, where nothing is near, `otherwise`.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known, std::string otherwise);

}  // namespace mainstay::rules
