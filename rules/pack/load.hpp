// Reads a pack's files (YAML 1.2 by libfyaml) into the model, with every problem at once.
#pragma once

#include <memory>
#include <vector>

#include "rules/pack/diagnostic.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::rules {

/// Limits of a pack, each with its reason.
struct load_limits {
  std::size_t files = 10000;                  ///< ten thousand rules in a pack are thinkable, more is a mistake
  std::size_t bytes = std::size_t{64} << 20;  ///< of all files
  std::size_t expanded_codes = 20000;         ///< of one term's patterns
  unsigned expression_depth = 32;             ///< parentheses of one criterion
  std::size_t diagnostics = 200;              ///< told at once; the rest is counted
};

struct loaded {
  std::shared_ptr<const pack> value;    ///< null where there is an error
  std::vector<diagnostic> diagnostics;  ///< sorted by file, line, column
};

/// Never throws for anything in the files. Files under `cases/` are not read here (see cases/cases.hpp) but count in
/// the hash.
loaded load(const std::vector<pack_file>& files, const load_limits& limit = {});

}  // namespace mainstay::rules
