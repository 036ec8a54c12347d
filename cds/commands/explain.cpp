// mainstay explain: one patient's chart, every verdict, criterion and fact.
#include <cstdio>

#include "cds/commands/command.hpp"
#include "cds/resources/files.hpp"
#include "cds/service/zone.hpp"
#include "fhir/chart/chart.hpp"
#include "rules/advice/advice.hpp"
#include "rules/assess/assess.hpp"
#include "rules/explain/explain.hpp"

namespace mainstay::cds::commands {

namespace {
struct flags { std::string chart, now, format = "text", pack; };

// A registry's chart is a file, not a request, and may be larger.
constexpr fhir::json::limits wide{.bytes = std::size_t{128} << 20, .depth = 64, .nodes = std::size_t{16} << 20};

// NDJSON as the collection that it is.
std::string as_bundle(std::string_view lines) {
  std::string out = R"({"resourceType":"Bundle","type":"collection","entry":[)";
  bool first = true;
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    const auto line = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    if (line.find_first_not_of(" \r") == std::string_view::npos) continue;
    out.append(first ? R"({"resource":)" : R"(,{"resource":)").append(line).append("}");
    first = false;
  }
  return out + "]}";
}

fhir::json::document read_bundle(const std::string& path) {
  auto text = resources::read_file(path);
  if (!text) throw failure(exit_usage, text.error().message);
  auto parsed = fhir::json::parse(path.ends_with(".ndjson") ? as_bundle(*text) : std::move(text).value(), wide);
  if (!parsed)
    throw failure(exit_usage, "`" + path + "` is not JSON: " + parsed.error().message + " at line " + std::to_string(parsed.error().line) +
                                  ", column " + std::to_string(parsed.error().column));
  if (parsed->root().string("resourceType") != "Bundle") throw failure(exit_usage, "`" + path + "` is not a Bundle");
  return std::move(parsed).value();
}

// The chart of the one patient whom the Bundle is about; all of it is there, so every search of the pack is whole.
fhir::chart read_chart(const std::string& path, const rules::pack& pack) {
  std::vector<std::string> keys;
  for (const auto& requirement : pack.requirements) keys.push_back(requirement.key);
  fhir::chart chart("");
  const auto added = chart.add_bundle(read_bundle(path), keys);
  if (!added) throw failure(exit_usage, "`" + path + "` holds resources of more than one patient");
  if (chart.patient_id().empty()) throw failure(exit_usage, "`" + path + "` holds no patient");
  return chart;
}

int explain(const flags& f) {
  const auto at = f.now.empty() ? service::zone::machine().now() : now_option(f.now);
  const auto pack = open_pack(f.pack).pack;
  const auto assessment = rules::assess(read_chart(f.chart, *pack), *pack, at);
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
  sub->footer("example:\n  mainstay explain chart.json --now 2026-03-01 --format json");
  sub->callback([f, &exit] { exit = explain(*f); });
}

}  // namespace mainstay::cds::commands
