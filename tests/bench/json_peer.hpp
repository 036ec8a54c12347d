// RapidJSON's own tree, built in a unit of its own with our flags, to measure ours beside.
#pragma once

#include <string>

namespace mainstay::bench {

/// Reads a copy in place, iteratively and with the encoding checked: what our checks and their safety cost beside it.
bool rapidjson_in_place(std::string text);
/// As most programs use it: recursive, not in place, the encoding not checked.
bool rapidjson_default(const std::string& text);

}  // namespace mainstay::bench
