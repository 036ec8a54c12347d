// mainstay call: be the EHR. Asks for the services, fills their prefetch templates or lends its FHIR server, sends the hook
// request, prints the cards as a clinician would read them.
#include <cstdio>

#include "cds/commands/ask.hpp"
#include "cds/commands/call_recording.hpp"
#include "cds/commands/command.hpp"
#include "cds/commands/dialect.hpp"
#include "cds/commands/show_card.hpp"
#include "cds/service/recording.hpp"
#include "fhir/client/client.hpp"
#include "fhir/json/writer.hpp"
#include "fhir/search/query.hpp"

namespace mainstay::cds::commands {

namespace {
using fhir::json::document;
using fhir::json::node;

struct flags {
  std::string service, patient, url = "http://127.0.0.1:8080", fhir, user, show = "cards", token_file, record, pack, dialect = "plain";
  bool prefetch = false, fetch = false;
};

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

struct service_offered { std::string id, hook; std::vector<std::pair<std::string, std::string>> prefetch; };

document json_of(const fhir::client::client::plain_response& r, const std::string& url) {
  if (!r.error.empty()) throw failure(exit_findings, "cannot reach `" + url + "`: " + r.error);
  auto parsed = fhir::json::parse(r.body);
  if (!parsed) throw failure(exit_findings, "`" + url + "` answered status " + std::to_string(r.status) + " and no JSON");
  return std::move(parsed).value();
}

// To the service, with the headers of the dialect.
fhir::client::client::plain_response send(fhir::client::client& client, const flags& f, const dialect& d, const std::string& method, const std::string& url,
                                          std::string body) {
  fhir::client::client::plain_request r;
  r.method = method;
  r.url = url;
  r.content_type = body.empty() ? "" : "application/json";
  r.body = std::move(body);
  r.token = bearer_for(d, url, f.fhir);
  r.accept = d.accept;
  return client.send(std::move(r));
}

service_offered discover(fhir::client::client& client, const flags& f, const dialect& d) {
  const std::string url = f.url + "/cds-services";
  const auto answer = send(client, f, d, "GET", url, {});
  const auto found = json_of(answer, url);
  if (answer.status != 200) throw failure(exit_findings, "`" + url + "` answered status " + std::to_string(answer.status));
  std::string offered;
  const node* services = found.root().find("services");
  for (const auto& s : services ? services->items() : std::span<const node>{}) {
    if (s.string("id") != f.service) {
      offered += (offered.empty() ? "`" : ", `") + std::string(s.string("id")) + "`";
      continue;
    }
    service_offered out{std::string(s.string("id")), std::string(s.string("hook")), {}};
    if (const node* prefetch = s.find("prefetch"))
      for (const auto& m : prefetch->members()) out.prefetch.emplace_back(m.name(), m.value.text());
    return out;
  }
  throw failure(exit_findings, "there is no service `" + f.service + "` at `" + f.url + "`; it has " + (offered.empty() ? "none" : offered));
}

// A template with its tokens replaced (CDS Hooks 2.0.1 "Prefetch tokens"); none where it has one that is not known here.
std::optional<std::string> filled(std::string text, const flags& f, const dialect& d) {
  const std::pair<std::string_view, std::string_view> tokens[] = {{"{{context.patientId}}", f.patient},
                                                                  {"{{context.userId}}", f.user.empty() ? d.user : std::string_view(f.user)}};
  for (const auto& [token, value] : tokens)
    for (auto at = text.find(token); at != std::string::npos; at = text.find(token)) text.replace(at, token.size(), value);
  if (text.find("{{") != std::string::npos) return std::nullopt;
  return text;
}

// All pages of a search as one searchset, or the first as it came; the resource of a read; null where there is none. Nothing where
// this client has no value for the key.
std::optional<std::string> prefetch_value(const fhir::client::query_result& got, dialect::pages sends) {
  std::vector<const node*> pages;
  for (const auto& page : got.pages)
    if (page.status == 200) pages.push_back(&page.body.root());
  if (sends == dialect::pages::first) {
    if (pages.empty()) return std::nullopt;
    return fhir::json::to_text(*pages[0]);
  }
  if (got.how != fhir::completeness::complete) return std::nullopt;
  if (pages.empty()) return "null";
  if (pages.size() == 1) return fhir::json::to_text(*pages[0]);
  fhir::json::writer out;
  out.begin_object().member("resourceType", "Bundle").member("type", "searchset").key("entry").begin_array();
  for (const node* page : pages)
    if (const node* entries = page->find("entry"))
      for (const auto& entry : entries->items()) out.value(entry);
  out.end_array().end_object();
  return std::move(out).text();
}

using prefetched = std::vector<std::pair<std::string, std::string>>;

prefetched fill_prefetch(fhir::client::client& client, const service_offered& service, const flags& f, const dialect& d,
                         const fhir::client::secret& token) {
  fhir::client::request wanted;
  wanted.base = f.fhir;
  wanted.token = token;
  wanted.deadline = std::chrono::seconds(30);
  prefetched out;
  // CDS Hooks 2.0.1: a key that cannot be had is left out; not all clients do.
  const auto nothing = [&](const std::string& key, const std::string& why) {
    std::fprintf(stderr, "prefetch `%s` is %s: %s\n", key.c_str(), d.null_for_nothing ? "null" : "left out", why.c_str());
    if (d.null_for_nothing) out.emplace_back(key, "null");
  };
  for (const auto& [key, text] : service.prefetch) {
    const auto url = filled(text, f, d);
    auto query = url ? fhir::search::parse_url(*url) : fhir::search::parse_url("");
    if (query) wanted.queries.emplace_back(key, std::move(query).value());
    else nothing(key, "its template is not understood here");
  }
  const auto got = ask(client, std::move(wanted));
  for (const auto& query : got.queries) {
    auto value = prefetch_value(query, d.sends);
    const std::string why = std::string(fhir::to_text(query.how)) + ", " + query.reason;
    if (value) out.emplace_back(query.key, std::move(*value));
    else if (d.null_for_nothing) throw failure(exit_findings, "`" + std::string(d.name) + "` calls nobody where a read fails; prefetch `" + query.key + "`: " + why);
    else nothing(query.key, why);
  }
  return out;
}

// Flags that do not go together; says whether the data go along.
bool decide_prefetch(const flags& f, const dialect& d) {
  const std::string name(d.name);
  if (f.fetch && d.names_server == dialect::server::never)
    throw failure(exit_usage, "`--dialect " + name + "` sends no `fhirServer`, so `--fetch` cannot be; leave it out");
  const bool prefetch = f.prefetch || (d.always_prefetches && !f.fetch);
  if (prefetch && f.fhir.empty())
    throw failure(exit_usage, (f.prefetch ? "`--prefetch`" : "`--dialect " + name + "`") + " needs `--fhir`, the server to fill it from");
  return prefetch;
}

const dialect& dialect_of(const flags& f) { return *find_dialect(f.dialect); }

std::vector<std::string> dialect_names() {
  std::vector<std::string> names;
  for (const auto& d : dialects()) names.emplace_back(d.name);
  return names;
}

int call(flags f) {
  f.url = without_slash(f.url);
  f.fhir = without_slash(f.fhir);
  const dialect& d = dialect_of(f);
  const bool with_prefetch = decide_prefetch(f, d);
  const fhir::client::secret token{token_from(f.token_file)};
  fhir::client::client client;
  const auto service = discover(client, f, d);
  hook_call made{service.hook, f.patient, f.user, f.fhir, token, std::nullopt};
  if (with_prefetch) made.prefetch = fill_prefetch(client, service, f, d, token);
  const auto body = request_body(d, made);
  if (f.show == "request") {
    const auto shown = fhir::json::parse(body);
    const auto redacted = fhir::json::parse(service::without_token(shown.value().root()));
    std::printf("%s\n", fhir::json::to_text(redacted.value().root(), 2).c_str());
    return exit_good;
  }
  const std::string url = f.url + "/cds-services/" + service.id;
  const auto answer = send(client, f, d, "POST", url, body);
  const auto parsed = json_of(answer, url);
  if (f.show == "response") std::printf("%s\n", fhir::json::to_text(parsed.root(), 2).c_str());
  if (answer.status != 200) {
    std::string why;
    if (const node* issues = parsed.root().find("issue"))
      for (const auto& issue : issues->items()) why += ": " + std::string(issue.string("diagnostics"));
    throw failure(exit_findings, "the service answered status " + std::to_string(answer.status) + why);
  }
  const bool names_server = fhir::json::parse(body).value().root().find("fhirServer") != nullptr;
  if (!f.record.empty()) record_call(f.record, f.pack, {service.id, names_server ? f.fhir : "", body, answer}, client);
  if (f.show == "cards") std::fputs(show_response(parsed.root(), standard_output()).c_str(), stdout);
  return exit_good;
}
}  // namespace

void add_call(CLI::App& app, int& exit) {
  auto f = std::make_shared<flags>();
  auto* sub = app.add_subcommand("call", "be the EHR: call a service for a patient and print its cards");
  sub->add_option("SERVICE", f->service, "id of the service")->required();
  sub->add_option("--patient", f->patient, "id of the patient")->required()->type_name("ID");
  sub->add_option("--url", f->url, "the service's base URL")->capture_default_str()->type_name("URL");
  sub->add_option("--fhir", f->fhir, "base URL of the FHIR server")->type_name("URL");
  auto* prefetch = sub->add_flag("--prefetch", f->prefetch, "send the data along, as the templates ask");
  sub->add_flag("--fetch", f->fetch, "send the FHIR server's URL and let the service ask (default)")->excludes(prefetch);
  sub->add_option("--dialect", f->dialect, "call as this client does: plain, epic, sandbox (the CDS Hooks sandbox) or medplum; see docs/dialects.md")
      ->capture_default_str()->type_name("NAME")->check(CLI::IsMember(dialect_names()));
  sub->add_option("--user", f->user, "who opens the chart; the dialect's own where it is left out")->type_name("Type/ID");
  sub->add_option("--show", f->show, "what to print")->capture_default_str()->check(CLI::IsMember({"cards", "request", "response"}));
  sub->add_option("--token-file", f->token_file, "file with the FHIR server's access token")->type_name("FILE");
  sub->add_option("--record", f->record, "write the call with all it came from to a new file, for `mainstay replay`; holds the patient's data, mode 0600")
      ->type_name("FILE");
  sub->add_option("--pack", f->pack, "folder of the service's pack, for `--record`, instead of the one in this binary")->type_name("DIR");
  sub->footer("example:\n  mainstay call maintenance-options --patient example-to-confirm --url http://127.0.0.1:8080 --fhir http://127.0.0.1:8081/fhir\n"
      "  mainstay call maintenance-options --patient example-to-confirm --fhir http://127.0.0.1:8081/fhir --dialect epic --show request");
  sub->callback([f, &exit] { exit = call(*f); });
}

}  // namespace mainstay::cds::commands
