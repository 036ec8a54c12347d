// mainstay sandbox: the example patients in any FHIR server, with our tag, and out of it again.
#include <cstdio>

#include "cds/commands/command.hpp"
#include "cds/resources/files.hpp"
#include "fhir/client/client.hpp"
#include "fhir/json/writer.hpp"

namespace mainstay::cds::commands {

namespace {
using fhir::json::document;
using fhir::json::node;

constexpr std::string_view tag_system = "urn:mainstay:sandbox", tag_code = "example";

struct flags { std::string url, token_file, fixtures; };

bool has_tag(const node& resource) {
  const node* meta = resource.find("meta");
  const node* tags = meta ? meta->find("tag") : nullptr;
  if (!tags) return false;
  for (const auto& t : tags->items())
    if (t.string("system") == tag_system && t.string("code") == tag_code) return true;
  return false;
}

// A resource with our tag beside its own meta, which is what `clear` goes by.
void write_tagged(fhir::json::writer& out, const node& resource) {
  const node* meta = resource.find("meta");
  out.begin_object();
  for (const auto& m : resource.members())
    if (m.name() != "meta") out.key(m.name()).value(m.value);
  out.key("meta").begin_object();
  for (const auto& m : meta ? meta->members() : std::span<const fhir::json::member>{})
    if (m.name() != "tag") out.key(m.name()).value(m.value);
  out.key("tag").begin_array();
  const node* tags = meta ? meta->find("tag") : nullptr;
  for (const auto& t : tags ? tags->items() : std::span<const node>{})
    if (t.string("system") != tag_system) out.value(t);
  out.begin_object().member("system", tag_system).member("code", tag_code).end_object();
  out.end_array().end_object().end_object();
}

std::vector<document> read_examples(const std::string& folder) {
  const auto files = resources::read_fixtures(folder);
  if (!files) throw failure(exit_usage, files.error().message);
  std::vector<document> out;
  for (const auto& file : *files) {
    std::string_view rest = file.text;
    while (!rest.empty()) {
      const auto end = rest.find('\n');
      const auto line = rest.substr(0, end);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      if (line.find_first_not_of(" \r") == std::string_view::npos) continue;
      auto parsed = fhir::json::parse(std::string(line));
      if (!parsed) throw failure(exit_usage, "`" + file.path + "` has a line that is not JSON: " + parsed.error().message);
      out.push_back(std::move(parsed).value());
    }
  }
  if (out.empty()) throw failure(exit_usage, "there are no example patients to load");
  return out;
}

std::string name_of(const node& resource) { return std::string(resource.string("resourceType")) + "/" + std::string(resource.string("id")); }

class server {
 public:
  server(std::string base, std::string token) : base_(std::move(base)), token_(std::move(token)) {
    while (base_.ends_with('/')) base_.pop_back();
  }
  fhir::client::client::plain_response send(const std::string& method, const std::string& path, std::string body = {}) {
    auto answer = client_.send({method, path.empty() ? base_ : base_ + "/" + path, std::move(body), "application/fhir+json", token_});
    if (!answer.error.empty()) throw failure(exit_findings, "cannot reach `" + base_ + "`: " + answer.error);
    return answer;
  }
  void transaction(const std::string& bundle) {
    const auto answer = send("POST", "", bundle);
    if (answer.status != 200 && answer.status != 201)
      throw failure(exit_findings, "`" + base_ + "` refused the transaction with status " + std::to_string(answer.status) + said(answer.body));
  }

 private:
  // What an OperationOutcome says; these are our own example patients, so nothing of it is private.
  static std::string said(const std::string& body) {
    const auto parsed = fhir::json::parse(body);
    const node* issues = parsed ? parsed->root().find("issue") : nullptr;
    std::string out;
    for (const auto& issue : issues ? issues->items() : std::span<const node>{})
      if (!issue.string("diagnostics").empty()) out += ": " + std::string(issue.string("diagnostics").substr(0, 300));
    return out;
  }
  fhir::client::client client_;
  std::string base_;
  fhir::client::secret token_;
};

void write_request(fhir::json::writer& out, std::string_view method, const std::string& url) {
  out.key("request").begin_object().member("method", method).member("url", url).end_object().end_object();
}

int load(const flags& f) {
  const auto examples = read_examples(f.fixtures);
  fhir::json::writer out;
  out.begin_object().member("resourceType", "Bundle").member("type", "transaction").key("entry").begin_array();
  unsigned patients = 0;
  for (const auto& example : examples) {
    out.begin_object().key("resource");
    write_tagged(out, example.root());
    write_request(out, "PUT", name_of(example.root()));
    if (example.root().string("resourceType") == "Patient") ++patients;
  }
  out.end_array().end_object();
  server to(f.url, token_from(f.token_file));
  to.transaction(std::move(out).text());
  std::printf("loaded %zu resources of %u patients into %s\n", examples.size(), patients, f.url.c_str());
  for (const auto& example : examples)
    if (example.root().string("resourceType") == "Patient") std::printf("  %s\n", std::string(example.root().string("id")).c_str());
  const auto day = examples_day(f.fixtures);
  if (!day.empty()) std::printf("they are told for %s: serve with `--now %s --permit %s`\n", day.c_str(), day.c_str(), f.url.c_str());
  return exit_good;
}

int clear(const flags& f) {
  const auto examples = read_examples(f.fixtures);
  server from(f.url, token_from(f.token_file));
  fhir::json::writer out;
  out.begin_object().member("resourceType", "Bundle").member("type", "transaction").key("entry").begin_array();
  unsigned found = 0;
  // Patients last, since servers refuse to delete what others refer to.
  for (const bool patients : {false, true})
    for (const auto& example : examples) {
      if ((example.root().string("resourceType") == "Patient") != patients) continue;
      const auto name = name_of(example.root());
      const auto answer = from.send("GET", name);
      const auto parsed = fhir::json::parse(answer.body);
      // Somebody else's resource of the same id stays.
      if (answer.status != 200 || !parsed || !has_tag(parsed->root())) continue;
      ++found;
      out.begin_object();
      write_request(out, "DELETE", name);
    }
  out.end_array().end_object();
  if (found) from.transaction(std::move(out).text());
  std::printf("removed %u resources from %s\n", found, f.url.c_str());
  return exit_good;
}
}  // namespace

void add_sandbox(CLI::App& app, int& exit) {
  auto f = std::make_shared<flags>();
  auto* sub = app.add_subcommand("sandbox", "put the example patients into a FHIR server, or take them out");
  sub->require_subcommand(1);
  sub->footer("example:\n  mainstay sandbox load https://hapi.example/fhir");
  const auto add = [&](const char* name, const char* what, int (*run)(const flags&)) {
    auto* one = sub->add_subcommand(name, what);
    one->add_option("URL", f->url, "base URL of the FHIR server")->required();
    one->add_option("--token-file", f->token_file, "file with the server's access token")->type_name("FILE");
    one->add_option("--fixtures", f->fixtures, "folder of NDJSON files, instead of the example patients")->type_name("DIR");
    one->footer(std::string("example:\n  mainstay sandbox ") + name + " http://127.0.0.1:8081/fhir");
    one->callback([f, run, &exit] { exit = run(*f); });
  };
  add("load", "put the example patients there, tagged `urn:mainstay:sandbox|example`; twice does no harm", load);
  add("clear", "take out what bears that tag", clear);
}

}  // namespace mainstay::cds::commands
