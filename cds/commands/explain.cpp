// mainstay explain: one patient's chart, every verdict, criterion and fact.
#include <cstdio>

#include "cds/commands/command.hpp"
#include "cds/resources/files.hpp"
#include "cds/service/zone.hpp"
#include "fhir/json/writer.hpp"
#include "rules/advice/advice.hpp"
#include "rules/assess/assess.hpp"
#include "rules/cases/cases.hpp"
#include "rules/explain/explain.hpp"

namespace mainstay::cds::commands {

namespace {
using fhir::json::node;

struct flags { std::string chart, now, format = "text", pack, patient; };

// The resources of a Bundle, or of NDJSON lines, as JSON texts.
std::vector<std::string> resources_of(const std::string& path) {
  auto text = resources::read_file(path);
  if (!text) throw failure(exit_usage, text.error().message);
  std::vector<std::string> out;
  const auto parsed = fhir::json::parse(*text, {.bytes = std::size_t{128} << 20, .depth = 64, .nodes = std::size_t{16} << 20});
  if (!parsed && path.ends_with(".ndjson")) {
    std::string_view rest = *text;
    while (!rest.empty()) {
      const auto end = rest.find('\n');
      if (const auto line = rest.substr(0, end); line.find_first_not_of(" \r") != std::string_view::npos) out.emplace_back(line);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return out;
  }
  if (!parsed)
    throw failure(exit_usage, "`" + path + "` is not JSON: " + parsed.error().message + " at line " + std::to_string(parsed.error().line) +
                                  ", column " + std::to_string(parsed.error().column));
  const node& root = parsed->root();
  if (root.string("resourceType") != "Bundle") throw failure(exit_usage, "`" + path + "` is not a Bundle");
  if (const node* entries = root.find("entry"))
    for (const auto& entry : entries->items())
      if (const node* resource = entry.find("resource")) out.push_back(fhir::json::to_text(*resource));
  return out;
}

std::string the_patient(const std::vector<std::string>& resources, const flags& f) {
  std::vector<std::string> ids;
  for (const auto& text : resources) {
    const auto parsed = fhir::json::parse(text);
    if (parsed && parsed->root().string("resourceType") == "Patient") ids.emplace_back(parsed->root().string("id"));
  }
  if (!f.patient.empty()) return f.patient;
  if (ids.size() != 1)
    throw failure(exit_usage, "`" + f.chart + "` holds " + std::to_string(ids.size()) + " Patient resources; say which one with `--patient ID`");
  return ids.front();
}

int explain(const flags& f) {
  const auto resources = resources_of(f.chart);
  const auto patient = the_patient(resources, f);
  const auto at = f.now.empty() ? service::zone::machine().now() : now_option(f.now);
  const auto pack = open_pack(f.pack).pack;
  std::string error;
  const auto chart = rules::chart_from_resources(*pack, patient, resources, error);
  if (!chart) throw failure(exit_usage, "`" + f.chart + "`: " + error);
  const auto assessment = rules::assess(*chart, *pack, at);
  if (f.format == "text") {
    std::fputs(rules::explain_text(*pack, assessment).c_str(), stdout);
    return exit_good;
  }
  std::vector<rules::index> all;
  for (rules::index i = 0; i < pack->protocols.size(); ++i) all.push_back(i);
  const auto cards = rules::compose(*pack, assessment, all);
  const auto now_text = f.now.empty() ? fhir::to_string(at.local_date) : f.now;
  const auto json = rules::explain_json(*pack, assessment, cards, now_text);
  std::printf("%s%s", json.c_str(), json.ends_with('\n') ? "" : "\n");
  return exit_good;
}
}  // namespace

void add_explain(CLI::App& app, int& exit) {
  auto f = std::make_shared<flags>();
  auto* sub = app.add_subcommand("explain", "one patient: every verdict, every criterion, every fact with its source");
  sub->add_option("CHART", f->chart, "a Bundle, or NDJSON, with the patient's resources")->required();
  sub->add_option("--now", f->now, "the date that counts as today; without it this machine's")->type_name("DATE");
  sub->add_option("--format", f->format, "how to print")->capture_default_str()->check(CLI::IsMember({"text", "json"}));
  sub->add_option("--pack", f->pack, "folder of the pack, instead of the one in this binary")->type_name("DIR");
  sub->add_option("--patient", f->patient, "which one, where the chart holds several")->type_name("ID");
  sub->footer("example:\n  mainstay explain chart.json --now 2026-03-01 --format json");
  sub->callback([f, &exit] { exit = explain(*f); });
}

}  // namespace mainstay::cds::commands
