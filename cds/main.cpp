#include "cds/commands/commands.hpp"

int main(int argc, char** argv) { return mainstay::cds::commands::run(argc, argv); }
