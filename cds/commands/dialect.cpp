#include "cds/commands/dialect.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>

#include "fhir/json/document.hpp"
#include "fhir/json/writer.hpp"

namespace mainstay::cds::commands {

namespace {
using server = dialect::server;
using pages = dialect::pages;

constexpr std::string_view epic_scope =
    "EPIC.FHIR.R4.SERVICES.Patient.Read EPIC.FHIR.R4.SERVICES.Observation.Read EPIC.FHIR.R4.SERVICES.Procedure.Read "
    "EPIC.FHIR.R4.SERVICES.Condition.Read user/Patient.Read user/Observation.Read user/Procedure.Read user/Condition.Read";

constexpr std::array table{
    dialect{"plain", "application/json", "Practitioner/example", "", server::without_prefetch, false, pages::joined, false, 4, 300,
            "patient/*.read", std::nullopt},
    dialect{"epic", "application/json", "PractitionerRole/example", "example", server::always, false, pages::joined, false, 1, 3600, epic_scope,
            jwt_algorithm::rs384},
    dialect{"sandbox", "application/json", "Practitioner/COREPRACTITIONER1", "", server::always, true, pages::first, false, 4, 3600,
            "patient/*.read user/*.* openid profile", jwt_algorithm::es384},
    dialect{"medplum", "application/fhir+json, */*; q=0.1", "Practitioner/example", "", server::never, true, pages::first, true, 4, 0, "",
            std::nullopt},
};

void write_authorization(fhir::json::writer& out, const dialect& d, const hook_call& c) {
  out.key("fhirAuthorization").begin_object().member("access_token", c.token.reveal()).member("token_type", "Bearer");
  out.key("expires_in").number(d.token_seconds).member("scope", d.scope).member("subject", "mainstay");
  if (d.scope.starts_with("patient/")) out.member("patient", c.patient);  // required beside such scopes
  out.end_object();
}

void write_epic_extension(fhir::json::writer& out) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> members{{
      {"bpa-trigger-action", "60"}, {"criteria-id", "example"}, {"epic-version", "11.3"}, {"fhir-version", "R4"},
      {"cds-hooks-specification-version", "1.1"}, {"cds-hooks-implementation-version", "1.0"}}};
  out.key("extension").begin_object();
  for (const auto& [name, text] : members) out.member("com.epic.cdshooks.request." + std::string(name), text);
  out.end_object();
}

void write_prefetch(fhir::json::writer& out, const hook_call& c) {
  out.key("prefetch").begin_object();
  for (const auto& [key, text] : *c.prefetch) {
    out.key(key);
    if (const auto value = fhir::json::parse(text)) out.value(value->root());
    else out.null();
  }
  out.end_object();
}

std::string sandbox_header() {
  fhir::json::writer out;
  out.begin_object().member("alg", "ES384").member("typ", "JWT").member("kid", "44823f3d-0b01-4a6c-a80e-b9d3e8a7226f");
  out.member("jku", "https://sandbox.cds-hooks.org/.well-known/jwks.json").end_object();
  return std::move(out).text();
}

std::string epic_header() {
  fhir::json::writer out;
  out.begin_object().member("alg", "RS384").member("kid", "ZXhhbXBsZQ+example=").member("typ", "JWT").end_object();
  return std::move(out).text();
}

std::string claims(const dialect& d, const std::string& url, const std::string& fhir) {
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  const bool epic = d.name == "epic";
  fhir::json::writer out;
  out.begin_object().member("iss", !epic ? "https://sandbox.cds-hooks.org" : fhir.empty() ? "https://epic.example/api/FHIR/R4" : fhir);
  if (epic) out.member("sub", "mainstay");
  out.member("aud", url).key("iat").number(static_cast<long long>(now));
  if (epic) out.key("nbf").number(static_cast<long long>(now - 300));
  out.key("exp").number(static_cast<long long>(now + 300)).member("jti", random_uuid(4)).end_object();
  return std::move(out).text();
}
}  // namespace

std::span<const dialect> dialects() { return table; }

const dialect* find_dialect(std::string_view name) {
  const auto at = std::find_if(table.begin(), table.end(), [&](const dialect& d) { return d.name == name; });
  return at == table.end() ? nullptr : &*at;
}

std::string request_body(const dialect& d, const hook_call& c) {
  fhir::json::writer out;
  out.begin_object().member("hookInstance", random_uuid(d.uuid_version)).member("hook", c.hook);
  const bool names = d.names_server == server::always || (d.names_server == server::without_prefetch && !c.prefetch);
  if (names && !c.fhir.empty()) {
    out.member("fhirServer", c.fhir);
    if (!c.token.empty()) write_authorization(out, d, c);
  }
  out.key("context").begin_object().member("userId", c.user.empty() ? d.user : std::string_view(c.user)).member("patientId", c.patient);
  if (!d.encounter.empty()) out.member("encounterId", d.encounter);
  out.end_object();
  if (d.name == "epic") write_epic_extension(out);
  if (c.prefetch) write_prefetch(out, c);
  out.end_object();
  return std::move(out).text();
}

fhir::client::secret bearer_for(const dialect& d, const std::string& url, const std::string& fhir) {
  if (!d.signs) return {};
  const std::string header = *d.signs == jwt_algorithm::es384 ? sandbox_header() : epic_header();
  return fhir::client::secret{sign_jwt(*d.signs, header, claims(d, url, fhir))};
}

std::string random_uuid(unsigned version) {
  std::random_device source;
  std::string out;
  for (int i = 0; i < 32; ++i) {
    unsigned digit = source() & 15u;
    if (i == 12) digit = version;
    if (i == 16) digit = 8 | (digit & 3);
    if (i == 8 || i == 12 || i == 16 || i == 20) out += '-';
    out += "0123456789abcdef"[digit];
  }
  return out;
}

}  // namespace mainstay::cds::commands
