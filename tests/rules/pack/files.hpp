// Reads folders of files for the pack's tests.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "rules/pack/diagnostic.hpp"

namespace mainstay::rules::test {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Every file below a folder, sorted, with paths relative to it.
inline std::vector<pack_file> read_folder(const std::filesystem::path& folder) {
  std::vector<pack_file> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file())
      out.push_back({std::filesystem::relative(entry.path(), folder).generic_string(), read_file(entry.path())});
  }
  std::sort(out.begin(), out.end(), [](const pack_file& a, const pack_file& b) { return a.path < b.path; });
  return out;
}

inline std::filesystem::path source_folder() {
  return MAINSTAY_SOURCE_DIR;
}
inline std::filesystem::path real_pack_folder() {
  return source_folder() / "rules/packs/b_all_maintenance";
}

/// Material that is not part of the project: MAINSTAY_SHARED, else `shared` beside the source folder.
inline std::filesystem::path shared_folder() {
  const char* named = std::getenv("MAINSTAY_SHARED");
  return named != nullptr ? std::filesystem::path(named) : source_folder().parent_path() / "shared";
}
/// On the build server nothing may be skipped for want of material.
inline bool in_ci() {
  const char* ci = std::getenv("CI");
  return ci != nullptr && std::string(ci) == "true";
}

inline std::string all_text(const std::vector<diagnostic>& diagnostics, const std::vector<pack_file>& files) {
  std::string out;
  for (const diagnostic& d : diagnostics) out += to_text(d, files);
  return out;
}

}  // namespace mainstay::rules::test
