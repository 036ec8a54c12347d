// Files that are part of the binary: the default pack and the example patients, so that one file works anywhere. The
// definitions are written at build time by cmake/embed.cmake.
#pragma once

#include <string_view>
#include <vector>

namespace mainstay::cds::resources {

struct embedded_file {
  std::string_view path;  ///< relative: "facts/facts.yaml", "patients/example-to-confirm.ndjson"
  std::string_view text;
};

/// rules/packs/b_all_maintenance, sorted by path.
std::vector<embedded_file> pack_files();
/// fixtures, sorted by path.
std::vector<embedded_file> fixture_files();

}  // namespace mainstay::cds::resources
