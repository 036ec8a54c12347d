// Transactions (R4 3.1.0.11): everything is read, checked and rewritten before the first change, and the changes that
// follow cannot fail; so all or nothing needs no undoing.
#include <algorithm>
#include <optional>

#include "fhir/json/writer.hpp"
#include "fhir/search/reference.hpp"
#include "fhir/store/state.hpp"

namespace mainstay::fhir::store {
namespace {

constexpr json::key type_key = "resourceType", bundle_type_key = "type", entry_key = "entry", request_key = "request",
                    method_key = "method", url_key = "url", resource_key = "resource", full_url_key = "fullUrl",
                    id_key = "id";

enum class verb { put, post, del };

struct step {
  verb what = verb::put;
  std::string type, id;
  const json::node* resource = nullptr;
  std::optional<json::document> made;  // the resource as it will be stored
  bool existed = false;
};

using names = std::map<std::string, std::string, std::less<>>;  // fullUrl -> "Type/id"

store_error wrong(std::size_t entry, std::string_view what, std::string_view code = "invalid", unsigned status = 400) {
  return {status, std::string(code), "`entry[" + std::to_string(entry) + "]` " + std::string(what)};
}

boost::system::result<step, store_error> read_step(const json::node& entry, std::size_t at) {
  const json::node* request = entry.find(request_key);
  if (request == nullptr) return wrong(at, "has no `request`");
  for (const json::key condition :
       {json::key("ifNoneExist"), json::key("ifMatch"), json::key("ifNoneMatch"), json::key("ifModifiedSince")})
    if (request->find(condition) != nullptr)
      return wrong(at, "has a condition (`" + std::string(condition.text) + "`); conditions are not supported",
                   "not-supported", 412);
  const std::string_view method = request->string(method_key), url = request->string(url_key);
  step out;
  out.resource = entry.find(resource_key);
  if (method == "POST") {
    out.what = verb::post;
    if (!is_type_name(url)) return wrong(at, "has a POST whose `url` is not a resource type");
    out.type = url;
  } else if (method == "PUT" || method == "DELETE") {
    out.what = method == "PUT" ? verb::put : verb::del;
    if (url.find('?') != std::string_view::npos)
      return wrong(at, "has a conditional `url`; conditions are not supported", "not-supported", 412);
    const auto target = parse_reference(url);
    if (!target || !target->base.empty() || url.find("/_history/") != std::string_view::npos)
      return wrong(at, "has a `url` that is not `Type/id`");
    out.type = target->type;
    out.id = target->id;
  } else {
    return wrong(at, "has a method that is not one of PUT, POST, DELETE", "not-supported", 422);
  }
  if (out.what == verb::del) return out;
  if (out.resource == nullptr || !out.resource->is_object()) return wrong(at, "has no `resource`");
  if (out.resource->string(type_key) != out.type)
    return wrong(at, "has a resource of another type than its `url` says");
  if (out.what == verb::put && out.resource->string(id_key) != out.id)
    return wrong(at, "has a PUT whose resource has another `id` than its `url`");
  return out;
}

// Copies a resource with the id it gets and its `urn:` references resolved. Only Reference.reference is rewritten: a
// urn elsewhere (an identifier's value) is a name that must stay.
class rewriter {
 public:
  rewriter(const names& known, std::string_view id) : known_(known), id_(id) {}
  std::optional<std::string> text(const json::node& resource) {
    out_.begin_object();
    bool has_id = false;
    for (const json::member& m : resource.members()) {
      out_.key(m.name());
      if (m.name() == "id") {
        out_.string(id_);
        has_id = true;
      } else {
        copy(m.value);
      }
    }
    if (!has_id) out_.member("id", id_);
    out_.end_object();
    if (dangling_) return std::nullopt;
    return std::move(out_).text();
  }

 private:
  void copy(const json::node& value) {
    if (value.is_array()) {
      out_.begin_array();
      for (const json::node& item : value.items()) copy(item);
      out_.end_array();
    } else if (value.is_object()) {
      out_.begin_object();
      for (const json::member& m : value.members()) {
        out_.key(m.name());
        if (m.name() == "reference" && m.value.is_string())
          out_.string(resolved(m.value.text()));
        else
          copy(m.value);
      }
      out_.end_object();
    } else {
      out_.value(value);
    }
  }
  std::string_view resolved(std::string_view text) {
    if (const auto at = known_.find(text); at != known_.end()) return at->second;
    if (text.starts_with("urn:uuid:") || text.starts_with("urn:oid:")) dangling_ = true;
    return text;
  }
  const names& known_;
  std::string_view id_;
  json::writer out_;
  bool dangling_ = false;
};

std::string response(const std::vector<step>& steps, std::string_view type) {
  json::writer out;
  out.begin_object().member("resourceType", "Bundle").member("type", std::string(type) + "-response");
  if (!steps.empty()) {
    out.key("entry").begin_array();
    for (const step& s : steps) {
      out.begin_object().key("response").begin_object();
      out.member("status", s.what == verb::del ? "204 No Content" : s.existed ? "200 OK" : "201 Created");
      if (s.what != verb::del) out.member("location", s.type + "/" + s.id);
      out.end_object().end_object();
    }
    out.end_array();
  }
  out.end_object();
  return std::move(out).text();
}

}  // namespace

boost::system::result<std::string, store_error> store::transaction(const json::node& bundle) {
  const std::string_view type = bundle.string(bundle_type_key);
  if (bundle.string(type_key) != "Bundle" || (type != "transaction" && type != "batch"))
    return store_error{400, "invalid", "the body is not a Bundle of `type` transaction or batch"};
  const json::node* entries = bundle.find(entry_key);
  // POSTs get their ids from a copy of the counter, so that a refused transaction uses none up.
  const std::size_t counter = state_->next_id;
  const auto refuse = [&](store_error e) {
    state_->next_id = counter;
    return e;
  };
  std::vector<step> steps;
  std::set<std::pair<std::string, std::string>> touched;
  for (const json::node& entry : entries == nullptr ? std::span<const json::node>() : entries->items()) {
    auto read = read_step(entry, steps.size());
    if (!read) return read.error();
    if (read->what != verb::post && !touched.emplace(read->type, read->id).second)
      return wrong(steps.size(), "names a resource that another entry names too");
    steps.push_back(std::move(*read));
  }
  names known;
  std::size_t added = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    step& s = steps[i];
    if (s.what == verb::post) {
      do s.id = state_->fresh_id(s.type);
      while (!touched.emplace(s.type, s.id).second);
    }
    s.existed = state_->find(s.type, s.id) != nullptr;
    if (s.what == verb::del) continue;
    if (!s.existed) ++added;
    const std::string_view full_url = entries->items()[i].string(full_url_key);
    if (!full_url.empty() && !known.emplace(full_url, s.type + "/" + s.id).second)
      return refuse(wrong(i, "has a `fullUrl` that another entry has too"));
  }
  if (state_->size + added > state_->limit.resources)
    return refuse({422, "too-costly",
                   "the store is full: it holds at most " + std::to_string(state_->limit.resources) + " resources"});
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].what == verb::del) continue;
    auto text = rewriter(known, steps[i].id).text(*steps[i].resource);
    if (!text) return refuse(wrong(i, "refers to a urn that no entry's `fullUrl` names"));
    auto made = json::parse(std::move(*text));
    if (!made) return refuse(wrong(i, "cannot be stored: " + made.error().message));
    if (auto who = check(made->root()); !who) return refuse(wrong(i, "cannot be stored: " + who.error().message));
    steps[i].made.emplace(std::move(*made));
  }

  for (step& s : steps) {
    if (s.what != verb::del)
      state_->insert(s.type, s.id, std::move(*s.made));
    else if (state_->erase(s.type, s.id))
      state_->shelves.find(s.type)->second.deleted.insert(s.id);
  }
  return response(steps, type);
}

}  // namespace mainstay::fhir::store
