// Any text as a pack's files, each begun by a line `=== path`: a pack, or what its author is told, each with a place that is
// there; the order of the files changes nothing.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/json/unicode.hpp"
#include "rules/pack/lines.hpp"
#include "rules/pack/load.hpp"
#include "target.hpp"

using namespace mainstay;
using namespace mainstay::rules;
using fuzz::require;

namespace {

/// A path that comes again goes on with its file: a folder has no name twice.
std::vector<pack_file> files_of(std::string_view text) {
  constexpr std::string_view mark = "=== ";
  std::vector<pack_file> out;
  const auto open = [&](std::string_view path) {
    const auto at = std::find_if(out.begin(), out.end(), [&](const pack_file& f) { return f.path == path; });
    if (at == out.end())
      out.push_back({std::string(path), {}});
    else
      std::rotate(at, at + 1, out.end());
  };
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    const auto rest = text.substr(std::min(line.size() + 1, text.size()));
    if (line.starts_with(mark))
      open(line.substr(mark.size()));
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
    require(!d.code.empty() && !d.message.empty());
    require(fhir::json::find_invalid_utf8(to_text(d, files)) == std::string_view::npos);
    const auto in = std::find_if(files.begin(), files.end(), [&](const pack_file& f) { return f.path == d.at.file; });
    if (d.at.line == 0) continue;
    require(in != files.end());
    require(line_of(in->text, d.at.line).has_value());
  }
}

}  // namespace

/// libfyaml 0.7 keeps a buffer of 4 kB of some texts that it refuses. What we do with it is watched by the tests of bad packs,
/// which run under the leak sanitizer without this.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libfyaml";
}

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
