#include "cds/demo/demo.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <utility>

#include "cds/demo/capability.hpp"
#include "fhir/json/writer.hpp"
#include "fhir/search/query.hpp"

namespace mainstay::cds::demo {
namespace {

namespace json = fhir::json;
using fhir::store::store_error;
using http::request;
using http::response;

constexpr std::string_view fhir_json = "application/fhir+json";
constexpr std::string_view form = "application/x-www-form-urlencoded";

/// The store of one server, its lock and its address.
struct service {
  std::shared_ptr<fhir::store::store> store;
  std::function<std::string()> base;
  std::shared_mutex mutex;
};

/// `Type` and `id` of a path; which of them are there depends on the route.
struct place {
  std::string_view type, id;
};

response answer(unsigned status, std::string body) {
  response out;
  out.status = status;
  out.body = std::move(body);
  out.content_type = fhir_json;
  return out;
}

response refuse(unsigned status, std::string_view code, std::string_view message) {
  return answer(status, operation_outcome(status, code, message));
}
response refuse(const store_error& e) {
  return refuse(e.status, e.code, e.message);
}

/// The body as JSON, or the answer that refuses it.
std::optional<response> read_json(request& r, std::optional<json::document>& out) {
  if (r.content_type.empty()) return refuse(400, "structure", "the body is empty; send a resource");
  if (r.content_type == form) return refuse(415, "not-supported", "a resource must come as `application/fhir+json`");
  auto parsed = json::parse(std::move(r.body));
  if (!parsed)
    return refuse(400, "structure",
                  parsed.error().message + " (line " + std::to_string(parsed.error().line) + ", column " +
                      std::to_string(parsed.error().column) + ")");
  out.emplace(std::move(*parsed));
  return std::nullopt;
}

response metadata(service& s, const place&, request&) {
  std::shared_lock lock(s.mutex);
  return answer(200, capability_statement(*s.store, s.base()));
}

response run_search(service& s, std::string_view type, std::string_view parameters) {
  auto q = fhir::search::parse_url(std::string(type) + "?" + std::string(parameters));
  if (!q) return refuse(400, "invalid", q.error().message);
  std::shared_lock lock(s.mutex);
  auto page = s.store->search(*q);
  if (!page) return refuse(page.error());
  return answer(200, fhir::store::to_bundle(*page, *q, s.base()));
}

response search(service& s, const place& at, request& r) {
  return run_search(s, at.type, r.query);
}

// R4 3.1.1.1.1: parameters of the URL and of the body hold together.
response search_by_post(service& s, const place& at, request& r) {
  // A body that is not a form would be searched without its parameters: every patient's rows.
  if (!r.body.empty() && r.content_type != form)
    return refuse(415, "not-supported", "the parameters must come as `application/x-www-form-urlencoded`");
  return run_search(s, at.type, r.query.empty() ? r.body : r.query + "&" + r.body);
}

response read(service& s, const place& at, request& r) {
  if (auto q = fhir::search::parse_url(std::string(at.type) + "/" + std::string(at.id) + "?" + r.query); !q)
    return refuse(400, "invalid", q.error().message);
  std::shared_lock lock(s.mutex);
  auto found = s.store->read(at.type, at.id);
  if (!found) return refuse(found.error());
  return answer(200, json::to_text(**found));
}

response update(service& s, const place& at, request& r) {
  std::optional<json::document> body;
  if (auto refused = read_json(r, body)) return *refused;
  const json::node& resource = body->root();
  if (resource.string("resourceType") != at.type || resource.string("id") != at.id)
    return refuse(400, "invalid", "`resourceType` and `id` of the resource must be those of the URL");
  std::unique_lock lock(s.mutex);
  bool existed = s.store->read(at.type, at.id).has_value();
  std::string text = json::to_text(resource);
  auto stored = s.store->put(std::move(*body));
  if (!stored) return refuse(stored.error());
  response out = answer(existed ? 200 : 201, std::move(text));
  if (!existed) out.headers.emplace_back("Location", s.base() + "/" + *stored);
  return out;
}

response remove(service& s, const place& at, request&) {
  std::unique_lock lock(s.mutex);
  auto done = s.store->remove(at.type, at.id);
  if (!done) return refuse(done.error());
  return answer(204, {});
}

// The store makes ids in transactions, so that one request is a transaction of one entry.
response create(service& s, const place& at, request& r) {
  std::optional<json::document> body;
  if (auto refused = read_json(r, body)) return *refused;
  if (body->root().string("resourceType") != at.type)
    return refuse(400, "invalid", "`resourceType` of the resource must be that of the URL");
  json::writer bundle;
  bundle.begin_object().member("resourceType", "Bundle").member("type", "transaction").key("entry").begin_array();
  bundle.begin_object().key("resource").value(body->root()).key("request").begin_object();
  bundle.member("method", "POST").member("url", at.type).end_object().end_object().end_array().end_object();
  auto parsed = json::parse(std::move(bundle).text());
  if (!parsed) return refuse(400, "structure", parsed.error().message);
  std::unique_lock lock(s.mutex);
  auto done = s.store->transaction(parsed->root());
  if (!done) return refuse(done.error());
  auto outcome = json::parse(std::move(*done)).value();
  std::string location(outcome.root().find("entry")->items()[0].find("response")->string("location"));
  auto made = s.store->read(at.type, std::string_view(location).substr(at.type.size() + 1)).value();
  response out = answer(201, json::to_text(*made));
  out.headers.emplace_back("Location", s.base() + "/" + location);
  return out;
}

response transaction(service& s, const place&, request& r) {
  std::optional<json::document> body;
  if (auto refused = read_json(r, body)) return *refused;
  std::unique_lock lock(s.mutex);
  auto done = s.store->transaction(body->root());
  if (!done) return refuse(done.error());
  return answer(200, std::move(*done));
}

enum class shape { metadata, system, type, type_search, instance };
using action = response (*)(service&, const place&, request&);
struct route {
  shape at;
  std::string_view method;
  action act;
};
constexpr std::array routes{
    route{shape::metadata, "GET", metadata},
    route{shape::system, "POST", transaction},
    route{shape::type, "GET", search},
    route{shape::type, "POST", create},
    route{shape::type_search, "POST", search_by_post},
    route{shape::instance, "GET", read},
    route{shape::instance, "PUT", update},
    route{shape::instance, "DELETE", remove},
};

/// Which shape a path has, or nothing where there is no such thing here.
std::optional<shape> shape_of(std::string_view path, place& out) {
  constexpr std::string_view root = "/fhir";
  if (!path.starts_with(root)) return std::nullopt;
  path.remove_prefix(root.size());
  if (path.empty() || path == "/") return shape::system;
  if (path.front() != '/') return std::nullopt;
  path.remove_prefix(1);
  if (path == "metadata") return shape::metadata;
  std::size_t slash = path.find('/');
  out.type = path.substr(0, slash);
  if (!is_r4_type(out.type)) return std::nullopt;
  if (slash == std::string_view::npos) return shape::type;
  out.id = path.substr(slash + 1);
  if (out.id == "_search") return shape::type_search;
  return fhir::is_id(out.id) ? std::optional(shape::instance) : std::nullopt;
}

response dispatch(service& s, request& r) {
  place at;
  std::string path = r.path;  // `at` points into it, while the request's body is moved from
  std::optional<shape> what = shape_of(path, at);
  if (!what)
    return refuse(404, "not-found",
                  "there is nothing at this address; `/fhir/metadata` lists the types that there are");
  std::string_view method = r.method == "HEAD" ? "GET" : std::string_view(r.method);
  std::string allowed;
  for (const route& row : routes) {
    if (row.at != *what) continue;
    if (row.method == method) return row.act(s, at, r);
    for (std::string_view name : {row.method, std::string_view(row.method == "GET" ? "HEAD" : "")})
      if (!name.empty()) allowed += (allowed.empty() ? "" : ", ") + std::string(name);
  }
  response out = refuse(405, "not-supported", "this address does not take the method; it takes " + allowed);
  out.headers.emplace_back("Allow", allowed);
  return out;
}

}  // namespace

http::handler make_handler(std::shared_ptr<fhir::store::store> store, std::function<std::string()> base) {
  auto s = std::make_shared<service>();
  s->store = std::move(store);
  s->base = std::move(base);
  return [s](request r) -> boost::asio::awaitable<response> { co_return dispatch(*s, r); };
}

http::options make_options() {
  http::options out;
  out.media_types = {"application/fhir+json", "application/json", "application/x-www-form-urlencoded"};
  out.error_content_type = fhir_json;
  return out;
}

}  // namespace mainstay::cds::demo
