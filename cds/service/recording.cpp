#include "cds/service/recording.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>

#include "fhir/json/document.hpp"
#include "fhir/json/writer.hpp"

namespace mainstay::cds::service {

namespace {
using fhir::completeness;
using fhir::json::node;

constexpr std::array all_completeness{completeness::complete, completeness::newest_page_only, completeness::partial,
                                      completeness::null,     completeness::failed,           completeness::not_asked};

// All pages of a request, which the client bounds, with room for the indent and for the levels around a body.
constexpr fhir::json::limits wide{.bytes = std::size_t{128} << 20, .depth = 80, .nodes = std::size_t{16} << 20};

completeness completeness_of(std::string_view text) {
  for (const auto c : all_completeness)
    if (fhir::to_text(c) == text) return c;
  return completeness::failed;
}

unsigned number_of(const node* n) {
  unsigned value = 0;
  if (n) std::from_chars(n->text().data(), n->text().data() + n->text().size(), value);
  return value;
}

std::span<const node> items_of(const node& from, const fhir::json::key& name) {
  const node* found = from.find(name);
  return found ? found->items() : std::span<const node>{};
}

// A text that is JSON, as a value.
void write_json(fhir::json::writer& out, const std::string& text) {
  const auto parsed = fhir::json::parse(text, wide);
  if (parsed) out.value(parsed->root());
  else out.null();
}
}  // namespace

std::string without_token(const node& request) {
  fhir::json::writer out;
  out.begin_object();
  for (const auto& member : request.members()) {
    out.key(member.name());
    if (member.name() != "fhirAuthorization" || !member.value.is_object()) {
      out.value(member.value);
      continue;
    }
    out.begin_object();
    for (const auto& inner : member.value.members()) {
      out.key(inner.name());
      if (inner.name() == "access_token" && inner.value.is_string()) out.string("removed");
      else out.value(inner.value);
    }
    out.end_object();
  }
  out.end_object();
  return std::move(out).text();
}

std::string to_json(const recording& r) {
  fhir::json::writer out(1);
  out.begin_object().key("mainstay_recording").number(1);
  out.member("notice", "holds a patient's data: keep it as you keep the chart, and delete it when it has served");
  out.member("service", r.service).member("now", r.now);
  out.key("pack").begin_object().member("id", r.pack_id).member("version", r.pack_version).member("hash", r.pack_hash).end_object();
  out.key("permitted").begin_array();
  for (const auto& server : r.permitted)
    out.begin_object().member("base", server.base).key("needs_token").boolean(server.needs_token).end_object();
  out.end_array().key("request");
  write_json(out, r.request);
  out.key("fetched").begin_array();
  for (const auto& query : r.fetched) {
    out.begin_object().member("key", query.key).member("completeness", fhir::to_text(query.how)).member("reason", query.reason);
    out.key("pages").begin_array();
    for (const auto& page : query.pages) {
      out.begin_object().member("url", page.url).key("status").number(page.status).key("body");
      write_json(out, page.body);
      out.end_object();
    }
    out.end_array().end_object();
  }
  out.end_array().key("response").begin_object().key("status").number(r.status).member("body", r.response).end_object();
  out.end_object();
  return std::move(out).text() + "\n";
}

void throw_exception_from_error(const recording_error& e, const boost::source_location&) { throw std::runtime_error(e.message); }

boost::system::result<recording, recording_error> read_recording(std::string text) {
  const auto parsed = fhir::json::parse(std::move(text), wide);
  if (!parsed) return recording_error{"it is not JSON: " + parsed.error().message};
  const node& root = parsed->root();
  const node* request = root.find("request");
  const node* pack = root.find("pack");
  if (number_of(root.find("mainstay_recording")) != 1 || !request || !request->is_object() || !pack)
    return recording_error{"it is not a recording of `mainstay serve --record` or `mainstay call --record`"};
  recording r;
  r.service = root.string("service");
  r.now = root.string("now");
  r.pack_id = pack->string("id");
  r.pack_version = pack->string("version");
  r.pack_hash = pack->string("hash");
  r.request = fhir::json::to_text(*request);
  for (const auto& server : items_of(root, "permitted")) {
    const node* needs = server.find("needs_token");
    r.permitted.push_back({std::string(server.string("base")), needs && needs->boolean()});
  }
  for (const auto& query : items_of(root, "fetched")) {
    recorded_query q{std::string(query.string("key")), completeness_of(query.string("completeness")), std::string(query.string("reason")), {}};
    for (const auto& page : items_of(query, "pages")) {
      const node* body = page.find("body");
      q.pages.push_back({std::string(page.string("url")), number_of(page.find("status")), body ? fhir::json::to_text(*body) : "null"});
    }
    r.fetched.push_back(std::move(q));
  }
  if (const node* response = root.find("response")) {
    r.status = number_of(response->find("status"));
    r.response = response->string("body");
  }
  return r;
}

std::optional<std::string> write_private(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return std::string(std::strerror(errno));
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      std::string why = std::strerror(errno);
      ::close(file);
      return why;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::close(file) != 0) return std::string(std::strerror(errno));
  return std::nullopt;
}

gather::fetcher page_keeper::around(gather::fetcher inner) {
  return [inner = std::move(inner), kept = kept_](fhir::client::request r, std::function<void(fhir::client::result)> done) {
    return inner(std::move(r), [kept, done = std::move(done)](fhir::client::result got) {
      {
        const std::lock_guard lock(kept->guard);
        for (const auto& query : got.queries) {
          recorded_query copy{query.key, query.how, query.reason, {}};
          for (const auto& page : query.pages) copy.pages.push_back({page.url, page.status, fhir::json::to_text(page.body.root())});
          kept->queries.push_back(std::move(copy));
        }
      }
      done(std::move(got));
    });
  };
}

std::vector<recorded_query> page_keeper::take() {
  const std::lock_guard lock(kept_->guard);
  return std::move(kept_->queries);
}

gather::fetcher fetcher_of(std::vector<recorded_query> queries) {
  auto shared = std::make_shared<const std::vector<recorded_query>>(std::move(queries));
  return [shared](fhir::client::request asked, std::function<void(fhir::client::result)> done) {
    fhir::client::result result;
    for (const auto& [key, query] : asked.queries) {
      fhir::client::query_result one;
      one.key = key;
      one.reason = "not in the recording";
      for (const auto& recorded : *shared) {
        if (recorded.key != key) continue;
        one.how = recorded.how;
        one.reason = recorded.reason;
        for (const auto& page : recorded.pages) {
          auto body = fhir::json::parse(page.body, wide);
          if (body) one.pages.push_back({page.url, page.status, std::move(body).value()});
        }
      }
      result.queries.push_back(std::move(one));
    }
    done(std::move(result));
    return fhir::client::ticket{};
  };
}

}  // namespace mainstay::cds::service
