// mainstay sandbox: the example patients in any FHIR server, with our tag, and out of it again. What a server has is
// read first: what is there already is not written again, and what does not bear our tag is never touched.
#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "cds/commands/ask.hpp"
#include "cds/commands/command.hpp"
#include "cds/commands/tagged.hpp"
#include "cds/resources/files.hpp"
#include "fhir/client/client.hpp"
#include "fhir/json/writer.hpp"

namespace mainstay::cds::commands {

namespace {
using fhir::json::document;
using fhir::json::node;
using fhir::search::query;

// Ids in one search: with names of 64 characters still well below the 8 kB that servers take as a URL.
constexpr std::size_t ids_in_one_search = 50;

struct flags {
  std::string url, token_file, fixtures;
};

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
      if (!parsed)
        throw failure(exit_usage, "`" + file.path + "` has a line that is not JSON: " + parsed.error().message);
      out.push_back(std::move(parsed).value());
    }
  }
  if (out.empty()) throw failure(exit_usage, "there are no example patients to load");
  return out;
}

bool is_patient(const node& resource) {
  return resource.string("resourceType") == "Patient";
}
std::string name_of(const node& resource) {
  return std::string(resource.string("resourceType")) + "/" + std::string(resource.string("id"));
}

/// What a server has; the documents own the resources.
struct held {
  std::vector<document> pages;
  std::map<std::string, const node*> resources;  // by "Type/id"
};

class server {
 public:
  server(std::string base, std::string token) : base_(std::move(base)), token_(std::move(token)) {
    while (base_.ends_with('/')) base_.pop_back();
  }
  held find(std::vector<query> queries) {
    fhir::client::request wanted;
    wanted.base = base_;
    wanted.token = token_;
    wanted.deadline = std::chrono::seconds(30);
    for (auto& q : queries) wanted.queries.emplace_back(q.type, std::move(q));
    auto got = ask(client_, std::move(wanted));
    held out;
    for (auto& one : got.queries) {
      if (one.how != fhir::completeness::complete)
        throw failure(exit_findings, "cannot read what `" + base_ + "` has of " + one.key + ": " + one.reason);
      for (auto& page : one.pages) out.pages.push_back(std::move(page.body));
    }
    for (const auto& page : out.pages) {
      const node* entries = page.root().find("entry");
      for (const auto& entry : entries ? entries->items() : std::span<const node>{})
        if (const node* resource = entry.find("resource")) out.resources.emplace(name_of(*resource), resource);
    }
    return out;
  }
  void transaction(std::string bundle) {
    const auto answer = client_.send({"POST", base_, std::move(bundle), "application/fhir+json", token_});
    if (!answer.error.empty()) throw failure(exit_findings, "cannot reach `" + base_ + "`: " + answer.error);
    if (answer.status != 200 && answer.status != 201)
      throw failure(exit_findings, "`" + base_ + "` refused the transaction with status " +
                                       std::to_string(answer.status) + said(answer.body));
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

/// A transaction Bundle, entry by entry.
class bundle {
 public:
  bundle() {
    out_.begin_object().member("resourceType", "Bundle").member("type", "transaction").key("entry").begin_array();
  }
  void put(const node& resource) {
    out_.begin_object().key("resource");
    write_tagged(out_, resource);
    request("PUT", name_of(resource));
  }
  void remove(const std::string& name) {
    out_.begin_object();
    request("DELETE", name);
  }
  std::string text() && {
    out_.end_array().end_object();
    return std::move(out_).text();
  }

 private:
  void request(std::string_view method, const std::string& url) {
    out_.key("request").begin_object().member("method", method).member("url", url).end_object().end_object();
  }
  fhir::json::writer out_;
};

// Searches by id rather than reads: a resource that is not there is no failure then, whatever a server makes of deleted
// ones.
std::vector<query> by_id(const std::vector<document>& examples) {
  std::vector<query> out;
  std::map<std::string, std::vector<std::string>> ids;
  for (const auto& example : examples)
    ids[std::string(example.root().string("resourceType"))].emplace_back(example.root().string("id"));
  for (const auto& [type, all] : ids)
    for (std::size_t from = 0; from < all.size(); from += ids_in_one_search) {
      query q;
      q.type = type;
      q.ids.assign(all.begin() + static_cast<std::ptrdiff_t>(from),
                   all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), from + ids_in_one_search)));
      q.count = static_cast<unsigned>(ids_in_one_search);
      out.push_back(std::move(q));
    }
  return out;
}

std::vector<query> by_tag(const std::vector<document>& examples) {
  std::set<std::string> types;
  for (const auto& example : examples) types.emplace(example.root().string("resourceType"));
  std::vector<query> out;
  for (const auto& type : types) {
    query q;
    q.type = type;
    q.tags = {{{std::string(tag_system), std::string(tag_code)}}};
    q.count = 200;
    out.push_back(std::move(q));
  }
  return out;
}

int load(const flags& f) {
  const auto examples = read_examples(f.fixtures);
  server to(f.url, token_from(f.token_file));
  const auto there = to.find(by_id(examples));
  bundle changes;
  std::size_t patients = 0, written = 0;
  for (const auto& example : examples) {
    const node& resource = example.root();
    if (is_patient(resource)) ++patients;
    const auto at = there.resources.find(name_of(resource));
    if (at != there.resources.end() && !is_ours(*at->second))
      throw failure(exit_findings, "`" + at->first + "` is in `" + f.url +
                                       "` without our tag and source, so it is somebody else's; nothing was loaded");
    if (at != there.resources.end() && same_but_meta(*at->second, resource)) continue;
    changes.put(resource);
    ++written;
  }
  if (written != 0) to.transaction(std::move(changes).text());
  std::printf("loaded %zu resources of %zu patients into %s: %zu written, %zu there already\n", examples.size(),
              patients, f.url.c_str(), written, examples.size() - written);
  for (const auto& example : examples)
    if (is_patient(example.root())) std::printf("  %s\n", std::string(example.root().string("id")).c_str());
  const auto day = examples_day(f.fixtures);
  if (!day.empty())
    std::printf("they are told for %s: serve with `--now %s --permit %s`\n", day.c_str(), day.c_str(), f.url.c_str());
  return exit_good;
}

int clear(const flags& f) {
  server from(f.url, token_from(f.token_file));
  const auto there = from.find(by_tag(read_examples(f.fixtures)));
  bundle changes;
  std::size_t removed = 0;
  // Patients last, since servers refuse to delete what others refer to.
  for (const bool patients : {false, true})
    for (const auto& [name, resource] : there.resources) {
      // A server that does not know the parameter gives everything.
      if (is_patient(*resource) != patients || !is_ours(*resource)) continue;
      changes.remove(name);
      ++removed;
    }
  if (removed != 0) from.transaction(std::move(changes).text());
  std::printf("removed %zu resources from %s\n", removed, f.url.c_str());
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
    one->add_option("--fixtures", f->fixtures, "folder of NDJSON files, instead of the example patients")
        ->type_name("DIR");
    one->footer(std::string("example:\n  mainstay sandbox ") + name + " http://127.0.0.1:8081/fhir");
    one->callback([f, run, &exit] { exit = run(*f); });
  };
  add("load",
      "put the example patients there, tagged `urn:mainstay:sandbox|example`; what is there already is left as it is",
      load);
  add("clear", "take out what bears that tag, and nothing else", clear);
}

}  // namespace mainstay::cds::commands
