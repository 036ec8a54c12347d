// Where the test data of others stands, and what a test does where it is missing.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace mainstay::test {

inline std::filesystem::path conformance_folder(std::string_view name) {
  const char* given = std::getenv("MAINSTAY_SHARED");
  return (given ? std::filesystem::path(given) : std::filesystem::path(MAINSTAY_SOURCE_DIR) / ".." / "shared") / "conformance" / name;
}

inline std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  EXPECT_TRUE(in) << file;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace mainstay::test

/// In a SetUp(): skips where the folder is missing, and fails there with CI=true.
#define MAINSTAY_NEEDS_CONFORMANCE(name)                                                                              \
  do {                                                                                                                \
    if (!std::filesystem::is_directory(mainstay::test::conformance_folder(name))) {                                   \
      const char* ci = std::getenv("CI");                                                                             \
      ASSERT_FALSE(ci && std::string_view(ci) == "true") << "with CI=true `conformance/" name "` must be there";      \
      GTEST_SKIP() << "no folder `conformance/" name "` in `../shared`; MAINSTAY_SHARED may name another place";      \
    }                                                                                                                 \
  } while (false)
