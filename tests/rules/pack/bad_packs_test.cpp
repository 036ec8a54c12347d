// Every folder of bad_packs/ is the small pack with some files changed (or, by removed.txt, taken out), and the exact
// text that its author is told.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "files.hpp"
#include "rules/pack/load.hpp"

namespace mainstay::rules {
namespace {

std::vector<pack_file> changed(std::vector<pack_file> base, const std::filesystem::path& folder) {
  for (pack_file& f : test::read_folder(folder)) {
    if (f.path == "expected.txt") continue;
    if (f.path == "removed.txt") {
      std::istringstream names(f.text);
      for (std::string name; names >> name;) std::erase_if(base, [&](const pack_file& b) { return b.path == name; });
      continue;
    }
    std::erase_if(base, [&](const pack_file& b) { return b.path == f.path; });
    base.push_back(std::move(f));
  }
  return base;
}

std::string told(const loaded& l, const std::vector<pack_file>& files) {
  std::string out;
  for (const diagnostic& d : l.diagnostics) out += (out.empty() ? "" : "\n") + to_text(d, files);
  return out;
}

const std::filesystem::path tests = test::source_folder() / "tests/rules";

TEST(SmallPack, LoadsWithoutADiagnostic) {
  const auto files = test::read_folder(tests / "small_pack");
  const loaded l = load(files);
  EXPECT_EQ(told(l, files), "");
  ASSERT_NE(l.value, nullptr);
}

TEST(BadPacks, AreRefusedWithTheExactText) {
  const auto base = test::read_folder(tests / "small_pack");
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(tests / "bad_packs")) {
    SCOPED_TRACE(entry.path().filename().string());
    const auto files = changed(base, entry.path());
    const loaded l = load(files);
    EXPECT_EQ(l.value, nullptr);
    EXPECT_EQ(told(l, files), test::read_file(entry.path() / "expected.txt"));
    ++seen;
  }
  EXPECT_GE(seen, 60U);
}

// What hangs on a mistake is not told as another: packs named for one root tell one.
TEST(BadPacks, TellOneRootOnce) {
  const auto base = test::read_folder(tests / "small_pack");
  std::size_t roots = 0;
  for (const auto& entry : std::filesystem::directory_iterator(tests / "bad_packs")) {
    const std::string name = entry.path().filename().string();
    const auto told = load(changed(base, entry.path())).diagnostics;
    if (name.starts_with("root_")) {
      EXPECT_EQ(told.size(), 1U) << name;
      ++roots;
    }
    if (name == "a_dozen_at_once") EXPECT_GE(told.size(), 12U);
    // Each at its place, with what to do.
    for (const diagnostic& d : told) {
      EXPECT_FALSE(d.help.empty()) << name << ": " << d.message;
      EXPECT_FALSE(d.at.file.empty()) << name << ": " << d.message;
    }
  }
  EXPECT_GE(roots, 3U);
}

TEST(BadPacks, TellTheSameWhateverTheOrderOfFiles) {
  const auto base = test::read_folder(tests / "small_pack");
  for (const auto& entry : std::filesystem::directory_iterator(tests / "bad_packs")) {
    SCOPED_TRACE(entry.path().filename().string());
    auto files = changed(base, entry.path());
    const std::string forth = told(load(files), files);
    std::reverse(files.begin(), files.end());
    EXPECT_EQ(told(load(files), files), forth);
  }
}

// A file cut anywhere is refused or read, never a crash; under the address sanitizer this walks every error path.
TEST(BadPacks, CutFilesNeverCrash) {
  const auto base = test::read_folder(tests / "small_pack");
  for (std::size_t f = 0; f < base.size(); ++f) {
    for (std::size_t length = 0; length < base[f].text.size(); length += 7) {
      auto files = base;
      files[f].text.resize(length);
      const loaded l = load(files);
      EXPECT_EQ(l.value == nullptr, !l.diagnostics.empty()) << base[f].path << " cut at " << length;
    }
  }
}

}  // namespace
}  // namespace mainstay::rules
