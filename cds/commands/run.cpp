#include <cstdio>

#include "cds/commands/command.hpp"
#include "cds/commands/commands.hpp"
#include "cds/commands/values.hpp"

namespace mainstay::cds::commands {

int run(int argc, char** argv) {
  CLI::App app{"Mainstay: published maintenance options for B-ALL after CD19 CAR-T or transplant, as CDS Hooks cards", "mainstay"};
  app.set_version_flag("--version", "mainstay 0.1.0");
  app.require_subcommand(1);
  app.failure_message([](const CLI::App* at, const CLI::Error& e) {
    return std::string("mainstay: ") + e.what() + "; see `" + at->get_name() + " --help`\n";
  });
  app.footer("example:\n  mainstay serve --demo\n  mainstay call maintenance-options --patient example-to-confirm --fhir URL");
  int exit = exit_good;
  add_serve(app, exit);
  add_call(app, exit);
  add_sandbox(app, exit);
  add_rules(app, exit);
  add_explain(app, exit);
  add_replay(app, exit);
  add_ucum(app, exit);
  add_lab_text(app, exit);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? exit_good : exit_usage;
  } catch (const failure& e) {
    std::fprintf(stderr, "mainstay: %s\n", e.what());
    return e.code;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "mainstay: internal error: %s\n", e.what());
    return exit_internal;
  }
  return exit;
}

}  // namespace mainstay::cds::commands
