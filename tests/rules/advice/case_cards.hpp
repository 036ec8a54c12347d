// The cards of every case of the packs, for tests of cards.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "../pack/files.hpp"
#include "rules/advice/advice.hpp"
#include "rules/assess/assess.hpp"
#include "rules/cases/chart.hpp"
#include "rules/cases/compile.hpp"
#include "rules/pack/load.hpp"

namespace mainstay::rules::test {

struct opened {
  std::vector<pack_file> files;
  std::shared_ptr<const pack> value;
};
inline opened open(const std::filesystem::path& folder) {
  opened out{read_folder(folder), nullptr};
  out.value = load(out.files).value;
  EXPECT_TRUE(out.value != nullptr);
  return out;
}
inline const opened& real_pack() {
  static const opened p = open(real_pack_folder());
  return p;
}
inline const opened& small_pack() {
  static const opened p = open(source_folder() / "tests/rules/packs/eligible");
  return p;
}

/// Every case of a pack with what came of it.
struct assessed {
  std::string name, resources;
  assessment result;
  std::vector<card_content> cards;
};
inline std::vector<assessed> all_cases(const opened& from) {
  std::vector<assessed> out;
  std::vector<diagnostic> problems;
  for (const auto& c : case_files::read(*from.value, from.files, problems)) {
    const auto resources = case_files::compile(*from.value, c, problems);
    std::string error, text;
    const auto chart = case_files::make_chart(*from.value, case_files::patient_id(c), resources, c.failed, error);
    if (!chart) continue;
    for (const auto& r : resources) text += r + "\n";
    auto a = assess(*chart, *from.value, fhir::now_at(c.today));
    auto cards = compose(*from.value, a, from.value->services.front().protocols);
    out.push_back({c.name, text, std::move(a), std::move(cards)});
  }
  EXPECT_EQ(problems.size(), 0u);
  return out;
}
inline std::string first_lines(const std::string& text, int lines) {
  std::size_t end = 0;
  for (int i = 0; i < lines && end != std::string::npos; ++i) end = text.find('\n', i == 0 ? 0 : end + 1);
  return text.substr(0, end);
}

}  // namespace mainstay::rules::test
