#include <CLI/CLI.hpp>

#include "cds/commands/commands.hpp"

namespace mainstay::cds::commands {

int run(int argc, char** argv) {
  CLI::App app{"Mainstay: published maintenance options for B-ALL after CD19 CAR-T or transplant, as CDS Hooks cards"};
  app.set_version_flag("--version", "mainstay 0.1.0");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  return 0;
}

}  // namespace mainstay::cds::commands
