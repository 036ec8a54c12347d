// The subcommands that judge single values, without a pack or a chart.
#pragma once

#include <CLI/CLI.hpp>

namespace mainstay::cds::commands {

/// As in command.hpp: when the subcommand was chosen, its callback sets `exit`.
void add_ucum(CLI::App& app, int& exit);
void add_lab_text(CLI::App& app, int& exit);

}  // namespace mainstay::cds::commands
