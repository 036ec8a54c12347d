// The command line: one file per subcommand; main.cpp calls run().
#pragma once

namespace mainstay::cds::commands {

/// Runs the command line. Exit: 0 good, 1 findings, 2 wrong usage, 70 internal error. Results to stdout, texts to stderr.
int run(int argc, char** argv);

}  // namespace mainstay::cds::commands
