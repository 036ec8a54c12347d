// mainstay rules: the author's bench.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>

#include "cds/commands/command.hpp"
#include "cds/resources/files.hpp"
#include "rules/analysis/findings.hpp"
#include "rules/cases/cases.hpp"
#include "rules/pack/load.hpp"

namespace mainstay::cds::commands {

namespace {
struct flags { std::string folder, output; bool verbose = false; };

std::vector<rules::pack_file> files_of(const std::string& folder) {
  auto files = resources::read_pack(folder);
  if (!files) throw failure(exit_usage, files.error().message);
  if (files->empty()) throw failure(exit_usage, "`" + folder + "` holds no `.yaml` file, so it is no pack");
  return std::move(files).value();
}

void print(const std::vector<rules::diagnostic>& diagnostics, const std::vector<rules::pack_file>& files) {
  for (const auto& d : diagnostics) std::fputs(rules::to_text(d, files).c_str(), stderr);
}

int check(const flags& f) {
  const auto files = files_of(f.folder);
  auto loaded = rules::load(files);
  if (loaded.value)
    for (auto& d : rules::findings(*loaded.value)) loaded.diagnostics.push_back(std::move(d));
  print(loaded.diagnostics, files);
  std::size_t errors = 0;
  for (const auto& d : loaded.diagnostics) errors += d.level == rules::severity::error;
  if (loaded.value)
    std::printf("%s %s (%s): %zu terms, %zu events, %zu facts, %zu papers, %zu protocols\n", loaded.value->id.c_str(),
                loaded.value->version.c_str(), loaded.value->hash.substr(0, 12).c_str(), loaded.value->terms.size(),
                loaded.value->events.size(), loaded.value->facts.size(), loaded.value->papers.size(), loaded.value->protocols.size());
  std::printf("%zu errors, %zu warnings\n", errors, loaded.diagnostics.size() - errors);
  return loaded.diagnostics.empty() && loaded.value ? exit_good : exit_findings;
}

int test(const flags& f) {
  const auto opened = open_pack(f.folder);
  const auto report = rules::run_cases(*opened.pack, opened.files);
  print(report.diagnostics, opened.files);
  for (const auto& outcome : report.outcomes) {
    if (outcome.passed && !f.verbose) continue;
    std::printf("%s %s: %s\n", outcome.passed ? "passed" : "FAILED", outcome.file.c_str(), outcome.name.c_str());
    for (const auto& sentence : outcome.failures) std::printf("  %s\n", sentence.c_str());
  }
  for (const auto& count : report.counts) std::printf("%s\n", rules::to_text(count, *opened.pack).c_str());
  std::printf("%zu passed, %zu failed\n", report.passed(), report.failed());
  // A pack whose tests are all gone has no good ones.
  return report.failed() || !report.diagnostics.empty() || !report.passed() ? exit_findings : exit_good;
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) throw failure(exit_findings, "cannot write `" + path.string() + "`");
}

int examples(const flags& f) {
  const auto opened = open_pack(f.folder);
  std::vector<rules::diagnostic> problems;
  const auto patients = rules::compile_examples(*opened.pack, opened.files, problems);
  print(problems, opened.files);
  if (!problems.empty()) return exit_findings;
  std::set<std::string> days;
  for (const auto& patient : patients) days.insert(patient.today);
  if (days.size() != 1) throw failure(exit_findings, "the example patients are not told for one and the same `today`");
  const auto folder = std::filesystem::path(f.output) / "patients";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw failure(exit_findings, "cannot make `" + folder.string() + "`: " + error.message());
  for (const auto& patient : patients) {
    std::string lines;
    for (const auto& resource : patient.resources) lines += resource + "\n";
    write(folder / (patient.id + ".ndjson"), lines);
    std::printf("%s: %s\n", patient.id.c_str(), patient.title.c_str());
  }
  write(std::filesystem::path(f.output) / "today", *days.begin() + "\n");
  return exit_good;
}
}  // namespace

void add_rules(CLI::App& app, int& exit) {
  auto* sub = app.add_subcommand("rules", "the author's bench: check and test a pack");
  sub->require_subcommand(1);
  sub->footer("example:\n  mainstay rules check rules/packs/b_all_maintenance\n  mainstay rules test rules/packs/b_all_maintenance");
  auto f = std::make_shared<flags>();
  const auto add = [&](const char* name, const char* what, int (*run)(const flags&)) {
    auto* one = sub->add_subcommand(name, what);
    one->callback([f, run, &exit] { exit = run(*f); });
    one->footer(std::string("example:\n  mainstay rules ") + name + " " + (std::string_view(name) == "examples" ? "fixtures" : "rules/packs/b_all_maintenance"));
    return one;
  };
  add("check", "tell every mistake with its line", check)->add_option("DIR", f->folder, "the pack's folder; without it the pack in this binary");
  auto* tested = add("test", "run the pack's cases", test);
  tested->add_option("DIR", f->folder, "the pack's folder; without it the pack in this binary");
  tested->add_flag("-v,--verbose", f->verbose, "also list what passed");
  auto* made = add("examples", "write the cases marked `example:` as FHIR resources", examples);
  made->add_option("DIR", f->output, "folder to write `patients/*.ndjson` and `today` into")->required();
  made->add_option("--pack", f->folder, "folder of the pack, instead of the one in this binary")->type_name("DIR");
}

}  // namespace mainstay::cds::commands
