#include "cds/service/application.hpp"

#include <algorithm>
#include <boost/core/demangle.hpp>
#include <typeinfo>

#include "cds/service/recording.hpp"
#include "cds/service/zone.hpp"
#include "fhir/json/writer.hpp"

namespace mainstay::cds::service {

struct application::route {
  std::string_view method, path;  ///< `{id}` at the end stands for one segment
  boost::asio::awaitable<http::response> (application::*answer)(http::request, std::string, call_log&);
};
constexpr application::route application::routes[] = {
    {"GET", "/cds-services", &application::discovery},
    {"POST", "/cds-services/{id}", &application::call},
    {"GET", "/healthz", &application::health},
    {"GET", "/readyz", &application::ready},
};

namespace {
// The id in `path` where it has the form of `pattern` (empty where that has none); none where it has not.
std::optional<std::string> match(std::string_view pattern, std::string_view path) {
  constexpr std::string_view place = "{id}";
  if (!pattern.ends_with(place)) return pattern == path ? std::optional<std::string>("") : std::nullopt;
  pattern.remove_suffix(place.size());
  if (!path.starts_with(pattern)) return std::nullopt;
  path.remove_prefix(pattern.size());
  if (path.empty() || path.find('/') != std::string_view::npos) return std::nullopt;
  return std::string(path);
}
}  // namespace

application::application(std::shared_ptr<const snapshot> first, options o) : snapshot_(std::move(first)), options_(std::move(o)) {}

std::shared_ptr<const snapshot> application::current() const {
  const std::lock_guard lock(guard_);
  return snapshot_;
}

void application::replace(std::shared_ptr<const snapshot> next) {
  const std::lock_guard lock(guard_);
  snapshot_ = std::move(next);
}

std::string application::error_body(unsigned status, std::string_view code, std::string_view message) {
  return hooks::to_operation_outcome({status, std::string(code), std::string(message), ""});
}

boost::asio::awaitable<http::response> application::handle(http::request r) {
  const auto began = std::chrono::steady_clock::now();
  const bool is_call = r.method == "POST";
  call_log log;
  http::response response;
  std::string thrown;
  try {
    response = co_await dispatch(std::move(r), log);
  } catch (const std::exception& e) {
    // Its type alone: what() may hold a piece of a request.
    thrown = boost::core::demangle(typeid(e).name());
  }
  if (!thrown.empty()) {
    const std::string id = random_id();
    log_event("error", "exception", {{"id", id}, {"type", thrown}});
    log.status = 500;
    log.error = "internal_error";
    response = error_response({500, "internal_error", "internal error; the log has it under the id `" + id + "`", ""});
  }
  if (is_call) {
    log.total = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
    log.status = response.status;
    log_call(log);
  }
  co_return response;
}

boost::asio::awaitable<http::response> application::dispatch(http::request r, call_log& log) {
  std::string allow;
  // RFC 9110 section 9.3.2: HEAD is GET whose content the server keeps.
  const std::string_view method = r.method == "HEAD" ? "GET" : std::string_view(r.method);
  for (const auto& route : routes) {
    auto id = match(route.path, r.path);
    if (!id) continue;
    if (route.method == method) {
      auto found = route.answer;
      http::response response = co_await (this->*found)(std::move(r), std::move(*id), log);
      co_return response;
    }
    allow.append(allow.empty() ? "" : ", ").append(route.method).append(route.method == "GET" ? ", HEAD" : "");
  }
  if (allow.empty()) {
    log.error = "unknown_path";
    co_return error_response({404, "unknown_path", "nothing is served here; `GET /cds-services` lists the services", ""});
  }
  log.error = "wrong_method";
  auto response = error_response({405, "wrong_method", "this path answers " + allow + " alone", ""});
  response.headers.emplace_back("Allow", allow);
  co_return response;
}

boost::asio::awaitable<http::response> application::discovery(http::request, std::string, call_log&) {
  http::response response;
  response.body = current()->discovery;
  co_return response;
}

boost::asio::awaitable<http::response> application::health(http::request, std::string, call_log&) {
  http::response response;
  response.body = R"({"status":"ok"})";
  co_return response;
}

boost::asio::awaitable<http::response> application::ready(http::request, std::string, call_log&) {
  const auto s = current();
  http::response response;
  response.status = draining_ ? 503 : 200;
  fhir::json::writer out;
  out.begin_object().member("status", draining_ ? "draining" : "ready");
  out.key("pack").begin_object().member("id", s->pack->id).member("version", s->pack->version).member("hash", s->pack->hash);
  out.end_object().end_object();
  response.body = std::move(out).text();
  co_return response;
}

boost::asio::awaitable<http::response> application::call(http::request r, std::string id, call_log& log) {
  const auto s = current();
  const auto& services = s->pack->services;
  const auto service = std::find_if(services.begin(), services.end(), [&](const auto& x) { return x.id == id; });
  if (service == services.end()) {
    log.error = "unknown_service";
    co_return error_response({404, "unknown_service", "there is no service of this id; `GET /cds-services` lists them", ""});
  }
  const fhir::now at = options_.now();
  if (options_.record_directory.empty()) {
    auto response = co_await answer(*s, *service, std::move(r.body), options_.fetch, at, log);
    co_return response;
  }
  page_keeper keeper;
  std::string request, fhir_server;
  const std::function<void(const hooks::request&)> keep = [&](const hooks::request& parsed) {
    request = without_token(parsed.body->root());
    fhir_server = parsed.fhir_server;
  };
  const gather::fetcher kept = keeper.around(options_.fetch);
  auto response = co_await answer(*s, *service, std::move(r.body), kept, at, log, keep);
  if (!request.empty()) record(*s, service->id, at, std::move(request), fhir_server, keeper.take(), response);
  co_return response;
}

void application::record(const snapshot& s, const std::string& service, const fhir::now& at, std::string request,
                         const std::string& fhir_server, std::vector<recorded_query> fetched, const http::response& response) {
  recording made;
  made.service = service;
  made.now = to_text(at);
  made.pack_id = s.pack->id;
  made.pack_version = s.pack->version;
  made.pack_hash = s.pack->hash;
  if (const auto* permitted = gather::find_permitted(s.fetch.servers, fhir_server)) made.permitted.push_back(*permitted);
  made.request = std::move(request);
  made.fetched = std::move(fetched);
  made.status = response.status;
  made.response = response.body;
  const std::string path = options_.record_directory + "/" + service + "-" + random_id() + ".json";
  if (const auto why = write_private(path, to_json(made))) log_event("error", "recording failed", {{"path", path}, {"why", *why}});
}

}  // namespace mainstay::cds::service
