// mainstay call: be the EHR. Asks for the services, fills their prefetch templates or lends its FHIR server, sends the hook
// request, prints the cards as a clinician would read them.
#include <unistd.h>

#include <cstdio>
#include <random>

#include "cds/commands/ask.hpp"
#include "cds/commands/command.hpp"
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
  std::string service, patient, url = "http://127.0.0.1:8080", fhir, user = "Practitioner/example", show = "cards", token_file, record;
  bool prefetch = false, fetch = false;
};

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

// RFC 9562 section 5.4.
std::string uuid_v4() {
  std::random_device source;
  std::string out;
  for (int i = 0; i < 32; ++i) {
    unsigned digit = source() & 15u;
    if (i == 12) digit = 4;
    if (i == 16) digit = 8 | (digit & 3);
    if (i == 8 || i == 12 || i == 16 || i == 20) out += '-';
    out += "0123456789abcdef"[digit];
  }
  return out;
}

struct service_offered { std::string id, hook; std::vector<std::pair<std::string, std::string>> prefetch; };

document json_of(const fhir::client::client::plain_response& r, const std::string& url) {
  if (!r.error.empty()) throw failure(exit_findings, "cannot reach `" + url + "`: " + r.error);
  auto parsed = fhir::json::parse(r.body);
  if (!parsed) throw failure(exit_findings, "`" + url + "` answered status " + std::to_string(r.status) + " and no JSON");
  return std::move(parsed).value();
}

service_offered discover(fhir::client::client& client, const flags& f) {
  const std::string url = f.url + "/cds-services";
  const auto answer = client.send({"GET", url, {}, {}, {}});
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
std::optional<std::string> filled(std::string text, const flags& f) {
  const std::pair<std::string_view, const std::string&> tokens[] = {{"{{context.patientId}}", f.patient}, {"{{context.userId}}", f.user}};
  for (const auto& [token, value] : tokens)
    for (auto at = text.find(token); at != std::string::npos; at = text.find(token)) text.replace(at, token.size(), value);
  if (text.find("{{") != std::string::npos) return std::nullopt;
  return text;
}

// All pages of a search as one searchset, or the resource of a read, or null where there is none.
std::string prefetch_value(const fhir::client::query_result& got) {
  fhir::json::writer out;
  std::vector<const node*> pages;
  for (const auto& page : got.pages)
    if (page.status == 200) pages.push_back(&page.body.root());
  if (pages.empty()) {
    out.null();
  } else if (pages.size() == 1) {
    out.value(*pages[0]);
  } else {
    out.begin_object().member("resourceType", "Bundle").member("type", "searchset").key("entry").begin_array();
    for (const node* page : pages)
      if (const node* entries = page->find("entry"))
        for (const auto& entry : entries->items()) out.value(entry);
    out.end_array().end_object();
  }
  return std::move(out).text();
}

std::vector<std::pair<std::string, std::string>> fill_prefetch(fhir::client::client& client, const service_offered& service, const flags& f,
                                                               const fhir::client::secret& token) {
  fhir::client::request wanted;
  wanted.base = f.fhir;
  wanted.token = token;
  wanted.deadline = std::chrono::seconds(30);
  for (const auto& [key, text] : service.prefetch) {
    const auto url = filled(text, f);
    auto query = url ? fhir::search::parse_url(*url) : fhir::search::parse_url("");
    if (query) wanted.queries.emplace_back(key, std::move(query).value());
    else std::fprintf(stderr, "prefetch `%s` is left out: its template is not understood here\n", key.c_str());
  }
  const auto got = ask(client, std::move(wanted));
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& query : got.queries) {
    // CDS Hooks 2.0.1: a key that cannot be had is left out.
    if (query.how == fhir::completeness::complete) out.emplace_back(query.key, prefetch_value(query));
    else std::fprintf(stderr, "prefetch `%s` is left out: %s, %s\n", query.key.c_str(), std::string(fhir::to_text(query.how)).c_str(), query.reason.c_str());
  }
  return out;
}

std::string request_body(const service_offered& service, const flags& f, const fhir::client::secret& token,
                         const std::optional<std::vector<std::pair<std::string, std::string>>>& prefetch) {
  fhir::json::writer out;
  out.begin_object().member("hook", service.hook).member("hookInstance", uuid_v4());
  if (!f.fhir.empty() && !prefetch) {
    out.member("fhirServer", f.fhir);
    if (!token.empty()) {
      out.key("fhirAuthorization").begin_object().member("access_token", token.reveal()).member("token_type", "Bearer");
      out.key("expires_in").number(300).member("scope", "patient/*.read").member("subject", "mainstay").member("patient", f.patient).end_object();
    }
  }
  out.key("context").begin_object().member("userId", f.user).member("patientId", f.patient).end_object();
  if (prefetch) {
    out.key("prefetch").begin_object();
    for (const auto& [key, text] : *prefetch) {
      out.key(key);
      if (const auto value = fhir::json::parse(text)) out.value(value->root());
      else out.null();
    }
    out.end_object();
  }
  out.end_object();
  return std::move(out).text();
}

std::string header(const fhir::client::client::plain_response& r, std::string_view name) {
  for (const auto& [n, value] : r.headers)
    if (n == name) return value;
  return {};
}

void write_recording(const flags& f, const std::string& request, const fhir::client::client::plain_response& answer) {
  service::recording made;
  made.service = f.service;
  made.now = header(answer, "mainstay-now");
  made.pack_hash = header(answer, "mainstay-pack");
  if (made.now.empty()) throw failure(exit_findings, "nothing to record: the answer does not say what it came from");
  const auto parsed = fhir::json::parse(request);
  made.request = service::without_token(parsed.value().root());
  made.status = answer.status;
  made.response = answer.body;
  if (const auto why = service::write_private(f.record, service::to_json(made)))
    throw failure(exit_findings, "cannot write `" + f.record + "`: " + *why);
}

int call(flags f) {
  f.url = without_slash(f.url);
  f.fhir = without_slash(f.fhir);
  if (!f.record.empty() && !f.prefetch)
    throw failure(exit_usage, "`--record` needs `--prefetch`, so that the request holds all data; `mainstay serve --record` records what the service fetches");
  if (f.prefetch && f.fhir.empty()) throw failure(exit_usage, "`--prefetch` needs `--fhir`, the server to fill it from");
  const fhir::client::secret token{token_from(f.token_file)};
  fhir::client::client client;
  const auto service = discover(client, f);
  std::optional<std::vector<std::pair<std::string, std::string>>> prefetch;
  if (f.prefetch) prefetch = fill_prefetch(client, service, f, token);
  const auto body = request_body(service, f, token, prefetch);
  if (f.show == "request") {
    const auto shown = fhir::json::parse(body);
    const auto redacted = fhir::json::parse(service::without_token(shown.value().root()));
    std::printf("%s\n", fhir::json::to_text(redacted.value().root(), 2).c_str());
    return exit_good;
  }
  const std::string url = f.url + "/cds-services/" + service.id;
  const auto answer = client.send({"POST", url, body, "application/json", {}});
  const auto parsed = json_of(answer, url);
  if (f.show == "response") std::printf("%s\n", fhir::json::to_text(parsed.root(), 2).c_str());
  if (answer.status != 200) {
    std::string why;
    if (const node* issues = parsed.root().find("issue"))
      for (const auto& issue : issues->items()) why += ": " + std::string(issue.string("diagnostics"));
    throw failure(exit_findings, "the service answered status " + std::to_string(answer.status) + why);
  }
  if (!f.record.empty()) write_recording(f, body, answer);
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
  sub->add_option("--user", f->user, "who opens the chart")->capture_default_str()->type_name("Type/ID");
  sub->add_option("--show", f->show, "what to print")->capture_default_str()->check(CLI::IsMember({"cards", "request", "response"}));
  sub->add_option("--token-file", f->token_file, "file with the FHIR server's access token")->type_name("FILE");
  sub->add_option("--record", f->record, "write request and answer to a new file, for `mainstay replay`; holds the patient's data")->type_name("FILE");
  sub->footer("example:\n  mainstay call maintenance-options --patient example-to-confirm --url http://127.0.0.1:8080 --fhir http://127.0.0.1:8081/fhir");
  sub->callback([f, &exit] { exit = call(*f); });
}

}  // namespace mainstay::cds::commands
