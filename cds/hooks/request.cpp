#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "cds/hooks/hooks.hpp"

namespace mainstay::cds::hooks {

namespace {
using fhir::json::kind;
using fhir::json::node;

std::string_view article_and_name(kind k) {
  switch (k) {
    case kind::null: return "null";
    case kind::boolean: return "a boolean";
    case kind::number: return "a number";
    case kind::string: return "a string";
    case kind::array: return "an array";
    case kind::object: return "an object";
  }
  return "null";
}

error missing(std::string_view name, std::string pointer) {
  return {400, "missing_field", "`" + std::string(name) + "` is missing; CDS Hooks 2.0.1 demands it", std::move(pointer)};
}
error wrong_type(std::string_view name, std::string pointer, kind want) {
  return {400, "wrong_type", "`" + std::string(name) + "` is not " + std::string(article_and_name(want)), std::move(pointer)};
}
error invalid(std::string_view name, std::string pointer, std::string_view why) {
  return {400, "invalid_value", "`" + std::string(name) + "` " + std::string(why), std::move(pointer)};
}

enum class need { required, optional };

// A member of a request as a row of a table: where it stands, what it must be, where it goes.
struct text_field {
  std::string_view name, pointer;
  fhir::json::key key;
  need is;
  std::string request::*to;
};

boost::system::result<void, error> read(const node& from, const text_field& field, request& into) {
  const node* value = from.find(field.key);
  if (!value || value->is_null()) {
    if (field.is == need::required) return missing(field.name, std::string(field.pointer));
    return {};
  }
  if (!value->is_string()) return wrong_type(field.name, std::string(field.pointer), kind::string);
  if (value->text().empty() && field.is == need::required)
    return invalid(field.name, std::string(field.pointer), "is empty");
  into.*field.to = value->text();
  return {};
}

constexpr std::array head_fields{
    text_field{"hook", "/hook", "hook", need::required, &request::hook},
    text_field{"hookInstance", "/hookInstance", "hookInstance", need::required, &request::hook_instance},
    text_field{"fhirServer", "/fhirServer", "fhirServer", need::optional, &request::fhir_server},
};
// Rows 45: the members that a permitted fetch does not use are checked by form only.
constexpr std::array context_fields{
    text_field{"context.patientId", "/context/patientId", "patientId", need::required, &request::patient_id},
    text_field{"context.userId", "/context/userId", "userId", need::optional, &request::user_id},
    text_field{"context.encounterId", "/context/encounterId", "encounterId", need::optional, &request::encounter_id},
};

// FHIR R4 data type id: [A-Za-z0-9\-\.]{1,64}.
bool is_fhir_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

// What may stand in a header after "Bearer " (RFC 9110 section 5.5): a line break here would be a header of its own.
bool is_header_safe(std::string_view token) {
  return std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

// Seconds as JSON's number text; below zero is over, and beyond a day is as good as a day.
std::chrono::milliseconds lifetime(std::string_view text) {
  constexpr double longest = 24 * 60 * 60;
  double seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec == std::errc::result_out_of_range) seconds = text.find("e-") == text.npos && text.find("E-") == text.npos ? longest : 0;
  if (text.starts_with('-')) seconds = 0;
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::clamp(seconds, 0.0, longest) * 1000));
}

// CDS Hooks 2.0.1 "Passing the Access Token to the CDS Service". Unused members are held to their type alone.
boost::system::result<void, error> read_authorization(const node& root, request& into) {
  const node* authorization = root.find("fhirAuthorization");
  if (!authorization || authorization->is_null()) return {};
  if (!authorization->is_object()) return wrong_type("fhirAuthorization", "/fhirAuthorization", kind::object);
  if (into.fhir_server.empty())
    return error{400, "missing_field", "`fhirServer` is missing; it must be there beside `fhirAuthorization`", "/fhirServer"};
  const node* token = authorization->find("access_token");
  if (!token || token->is_null()) return missing("fhirAuthorization.access_token", "/fhirAuthorization/access_token");
  if (!token->is_string()) return wrong_type("fhirAuthorization.access_token", "/fhirAuthorization/access_token", kind::string);
  if (token->text().empty() || !is_header_safe(token->text()))
    return invalid("fhirAuthorization.access_token", "/fhirAuthorization/access_token", "is not a bearer token");
  const auto type = read(*authorization, {"fhirAuthorization.token_type", "/fhirAuthorization/token_type", "token_type", need::required,
                                          &request::token_type}, into);
  if (!type) return type.error();
  if (!equal_ignoring_case(into.token_type, "Bearer"))
    return invalid("fhirAuthorization.token_type", "/fhirAuthorization/token_type", "is not `Bearer`");
  const node* expires = authorization->find("expires_in");
  if (expires && !expires->is_null() && !expires->is_number())
    return wrong_type("fhirAuthorization.expires_in", "/fhirAuthorization/expires_in", kind::number);
  if (expires && expires->is_number()) into.token_lifetime = lifetime(expires->text());
  into.access_token = fhir::client::secret{std::string(token->text())};
  return {};
}

boost::system::result<void, error> fill(request& into, const rules::service& service) {
  const node& root = into.body->root();
  if (!root.is_object()) return error{400, "wrong_type", "the body is not an object", ""};
  for (const auto& field : head_fields) {
    const auto done = read(root, field, into);
    if (!done) return done.error();
  }
  if (into.hook != service.hook)
    return error{400, "wrong_hook", "this service answers the hook `" + service.hook + "`", "/hook"};
  const node* context = root.find("context");
  if (!context || context->is_null()) return missing("context", "/context");
  if (!context->is_object()) return wrong_type("context", "/context", kind::object);
  for (const auto& field : context_fields) {
    const auto done = read(*context, field, into);
    if (!done) return done.error();
  }
  if (!is_fhir_id(into.patient_id))
    return invalid("context.patientId", "/context/patientId",
                   "is not a FHIR id: 1 to 64 letters, digits, `-` and `.`, without `Patient/`");
  const auto authorized = read_authorization(root, into);
  if (!authorized) return authorized.error();
  const node* prefetch = root.find("prefetch");
  if (prefetch && !prefetch->is_null()) {
    if (!prefetch->is_object()) return wrong_type("prefetch", "/prefetch", kind::object);
    into.prefetch = prefetch;
  }
  return {};
}
}  // namespace

boost::system::result<request, error> parse(std::string body, const rules::service& service) {
  auto document = fhir::json::parse(std::move(body));
  if (!document) {
    const auto& e = document.error();
    return error{400, "invalid_json",
                 "the body is not JSON: " + e.message + " at line " + std::to_string(e.line) + ", column " + std::to_string(e.column),
                 e.pointer};
  }
  request result{std::move(document).value()};
  const auto done = fill(result, service);
  if (!done) return done.error();
  return result;
}

}  // namespace mainstay::cds::hooks
