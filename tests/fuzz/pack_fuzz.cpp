// Any text as a pack's files, each begun by a line `=== path`: a pack, or what its author is told, each with a place that is
// there; the order of the files changes nothing.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/pack/load.hpp"
#include "target.hpp"

using namespace mainstay::rules;
using mainstay::fuzz::require;

namespace {

std::vector<pack_file> files_of(std::string_view text) {
  constexpr std::string_view mark = "=== ";
  std::vector<pack_file> out;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    const auto rest = text.substr(std::min(line.size() + 1, text.size()));
    if (line.starts_with(mark))
      out.push_back({std::string(line.substr(mark.size())), {}});
    else if (!out.empty())
      out.back().text.append(line).push_back('\n');
    text = rest;
  }
  return out;
}

void check_told(const loaded& l, const std::vector<pack_file>& files) {
  const bool refused = std::any_of(l.diagnostics.begin(), l.diagnostics.end(),
                                   [](const diagnostic& d) { return d.level == severity::error; });
  require((l.value == nullptr) == refused);
  for (const auto& d : l.diagnostics) {
    require(!d.code.empty() && !d.message.empty() && !to_text(d, files).empty());
    const auto in = std::find_if(files.begin(), files.end(), [&](const pack_file& f) { return f.path == d.at.file; });
    if (d.at.line == 0) continue;
    require(in != files.end());
    require(d.at.column >= 1 && d.at.line <= 1 + static_cast<std::size_t>(std::count(in->text.begin(), in->text.end(), '\n')));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto files = files_of(mainstay::fuzz::text_of(data, size));
  const auto l = load(files);
  check_told(l, files);
  std::reverse(files.begin(), files.end());
  const auto again = load(files);
  require((l.value == nullptr) == (again.value == nullptr) && l.diagnostics.size() == again.diagnostics.size());
  if (l.value) require(l.value->hash == again.value->hash);
  return 0;
}
