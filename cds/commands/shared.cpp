#include <cstdio>

#include "cds/commands/command.hpp"
#include "cds/resources/files.hpp"
#include "rules/pack/load.hpp"

namespace mainstay::cds::commands {

namespace {
std::string trimmed(std::string_view text) {
  constexpr std::string_view white = " \t\r\n";
  const auto first = text.find_first_not_of(white);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(white) - first + 1));
}
}  // namespace

opened_pack open_pack(const std::string& folder) {
  auto files = resources::read_pack(folder);
  if (!files) throw failure(exit_usage, files.error().message);
  if (files->empty()) throw failure(exit_usage, "`" + folder + "` holds no `.yaml` file, so it is no pack");
  auto loaded = rules::load(*files);
  if (!loaded.value) {
    for (const auto& d : loaded.diagnostics)
      if (d.level == rules::severity::error) std::fputs(rules::to_text(d, *files).c_str(), stderr);
    throw failure(exit_findings, "the pack has errors; `mainstay rules check` lists them");
  }
  return {std::move(files).value(), std::move(loaded.value)};
}

fhir::now now_option(const std::string& text) {
  const auto at = fhir::parse_now(text);
  if (!at) throw failure(exit_usage, "`--now` is neither a date like `2026-03-01` nor an instant like `2026-03-01T10:00:00+01:00`");
  return *at;
}

std::string token_from(const std::string& file) {
  if (file.empty()) return {};
  auto text = resources::read_file(file, 1 << 16);
  if (!text) throw failure(exit_usage, text.error().message);
  auto token = trimmed(*text);
  if (token.empty()) throw failure(exit_usage, "`" + file + "` holds no token");
  return token;
}

std::string examples_day(const std::string& fixtures_folder) {
  const auto text = resources::read_today(fixtures_folder);
  return text ? trimmed(*text) : std::string{};
}

}  // namespace mainstay::cds::commands
