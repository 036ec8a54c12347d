// What the files of the subcommands share: how each is added, and how each ends early.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "fhir/types/date.hpp"
#include "rules/pack/diagnostic.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::cds::commands {

inline constexpr int exit_good = 0, exit_findings = 1, exit_usage = 2, exit_internal = 70;

/// Ends a command with one sentence on standard error.
struct failure : std::runtime_error {
  failure(int c, const std::string& sentence) : std::runtime_error(sentence), code(c) {}
  int code;
};

/// Adds a subcommand; when it was chosen, its callback sets `exit`.
void add_serve(CLI::App& app, int& exit);
void add_call(CLI::App& app, int& exit);
void add_sandbox(CLI::App& app, int& exit);
void add_rules(CLI::App& app, int& exit);
void add_explain(CLI::App& app, int& exit);
void add_replay(CLI::App& app, int& exit);

/// A pack's files and what they mean.
struct opened_pack {
  std::vector<rules::pack_file> files;
  std::shared_ptr<const rules::pack> pack;
};
/// The pack of a folder, or the one in the binary; its errors are printed and are a failure.
opened_pack open_pack(const std::string& folder);
/// "2026-03-01" or an instant with offset; another text is wrong usage.
fhir::now now_option(const std::string& text);
/// A token's file: its text without the white space around; a secret does not belong on a command line.
std::string token_from(const std::string& file);
/// `DIR/today`, the day that example patients are told for; empty where there is none.
std::string examples_day(const std::string& fixtures_folder);

}  // namespace mainstay::cds::commands
