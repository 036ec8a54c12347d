// The identity of a pack's bytes: printed on every card, kept in every recording.
#pragma once

#include <string>
#include <vector>

#include "rules/pack/diagnostic.hpp"

namespace mainstay::rules {

/// SHA-256 as 64 hexadecimal digits over the files sorted by path, each as: path, NUL, length in decimal, NUL, bytes.
/// The order of `files` does not matter.
std::string hash_of(const std::vector<pack_file>& files);

}  // namespace mainstay::rules
