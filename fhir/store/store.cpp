#include "fhir/store/store.hpp"

#include <algorithm>
#include <boost/throw_exception.hpp>
#include <stdexcept>

#include "fhir/search/reference.hpp"
#include "fhir/store/state.hpp"

namespace mainstay::fhir::store {
namespace {

constexpr json::key type_key = "resourceType", id_key = "id";

std::set<std::string> patients_of(const json::node& resource) {
  std::set<std::string> out;
  for (const reference& r : search::subject_references(resource))
    if (r.type == "Patient") out.insert(r.id);
  return out;
}

store_error unknown(std::string_view type, std::string_view id) {
  return {404, "not-found", "there is no `" + std::string(type) + "/" + std::string(id) + "`"};
}

store_error too_many(const limits& limit) {
  return {422, "too-costly", "the store is full: it holds at most " + std::to_string(limit.resources) + " resources"};
}

}  // namespace

const json::document* store::state::find(std::string_view type, std::string_view id) const {
  const auto shelf = shelves.find(type);
  if (shelf == shelves.end()) return nullptr;
  const auto at = shelf->second.resources.find(id);
  return at == shelf->second.resources.end() ? nullptr : &at->second;
}

bool store::state::is_deleted(std::string_view type, std::string_view id) const {
  const auto shelf = shelves.find(type);
  return shelf != shelves.end() && shelf->second.deleted.contains(id);
}

bool store::state::erase(std::string_view type, std::string_view id) {
  const auto found = shelves.find(type);
  if (found == shelves.end()) return false;
  shelf& s = found->second;
  const auto at = s.resources.find(id);
  if (at == s.resources.end()) return false;
  for (const std::string& patient : patients_of(at->second.root())) {
    const auto index = s.by_patient.find(patient);
    index->second.erase(at->first);
    if (index->second.empty()) s.by_patient.erase(index);
  }
  s.resources.erase(at);
  --size;
  return true;
}

void store::state::insert(std::string type, std::string id, json::document resource) {
  erase(type, id);
  shelf& s = shelves[std::move(type)];
  for (const std::string& patient : patients_of(resource.root())) s.by_patient[patient].insert(id);
  s.deleted.erase(id);
  s.resources.emplace(std::move(id), std::move(resource));
  ++size;
}

std::string store::state::fresh_id(std::string_view type) {
  for (;;) {
    std::string id = std::to_string(next_id++);
    if (find(type, id) == nullptr && !is_deleted(type, id)) return id;
  }
}

boost::system::result<identity, store_error> check(const json::node& resource) {
  if (!resource.is_object()) return store_error{400, "invalid", "a resource is a JSON object"};
  const std::string_view type = resource.string(type_key), id = resource.string(id_key);
  if (!is_type_name(type)) return store_error{400, "invalid", "`resourceType` is missing or not a type's name"};
  if (!is_id(id)) return store_error{400, "invalid", "`id` is missing or not a logical id"};
  return identity{std::string(type), std::string(id)};
}

store::store(limits limit) : state_(std::make_unique<state>()) {
  state_->limit = limit;
}
store::~store() = default;
store::store(store&&) noexcept = default;
store& store::operator=(store&&) noexcept = default;

boost::system::result<std::string, store_error> store::put(json::document resource) {
  auto who = check(resource.root());
  if (!who) return who.error();
  if (state_->size >= state_->limit.resources && state_->find(who->type, who->id) == nullptr)
    return too_many(state_->limit);
  std::string name = who->type + "/" + who->id;
  state_->insert(std::move(who->type), std::move(who->id), std::move(resource));
  return name;
}

boost::system::result<std::size_t, store_error> store::load_ndjson(std::string_view text) {
  std::vector<std::pair<identity, json::document>> rows;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const auto end = text.find('\n');
    std::string_view row = text.substr(0, end);
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    if (row.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto at = [&](const std::string& message) {
      return store_error{400, "invalid", "line " + std::to_string(line) + ": " + message};
    };
    auto parsed = json::parse(std::string(row));
    if (!parsed) return at(parsed.error().message + " (column " + std::to_string(parsed.error().column) + ")");
    auto who = check(parsed->root());
    if (!who) return at(who.error().message);
    rows.emplace_back(std::move(*who), std::move(*parsed));
    if (state_->size + rows.size() > state_->limit.resources) return too_many(state_->limit);
  }
  for (auto& [who, resource] : rows) state_->insert(std::move(who.type), std::move(who.id), std::move(resource));
  return {boost::system::in_place_value, rows.size()};  // a number could be read as the error's status too
}

boost::system::result<const json::node*, store_error> store::read(std::string_view type, std::string_view id) const {
  if (const json::document* found = state_->find(type, id)) return &found->root();
  if (state_->is_deleted(type, id))
    return store_error{410, "deleted", "`" + std::string(type) + "/" + std::string(id) + "` was deleted"};
  return unknown(type, id);
}

boost::system::result<void, store_error> store::remove(std::string_view type, std::string_view id) {
  if (state_->erase(type, id)) {
    state_->shelves.find(type)->second.deleted.emplace(id);
    return {};
  }
  if (state_->is_deleted(type, id)) return {};  // deleting twice is no mistake (R4 3.1.0.7)
  return unknown(type, id);
}

boost::system::result<page, store_error> store::search(const search::query& q, std::size_t offset) const {
  page out;
  out.offset = q.offset + offset;
  out.count = std::min(q.count.value_or(state_->limit.default_count), state_->limit.max_count);
  const auto found = state_->shelves.find(q.type);
  std::vector<const json::node*> rows;
  const auto consider = [&](const json::document& resource) {
    if (search::matches(q, resource.root())) rows.push_back(&resource.root());
  };
  if (found != state_->shelves.end()) {
    const state::shelf& shelf = found->second;
    const auto consider_ids = [&](const auto& ids) {
      for (const std::string& id : ids)
        if (const auto at = shelf.resources.find(id); at != shelf.resources.end()) consider(at->second);
    };
    if (q.read_id) {
      consider_ids(std::set<std::string>{*q.read_id});
    } else if (!q.ids.empty()) {
      consider_ids(std::set<std::string>(q.ids.begin(), q.ids.end()));
    } else if (!q.patients.empty()) {
      std::set<std::string> ids;
      for (const std::string& patient : q.patients)
        if (const auto at = shelf.by_patient.find(patient); at != shelf.by_patient.end())
          ids.insert(at->second.begin(), at->second.end());
      consider_ids(ids);
    } else {
      for (const auto& [id, resource] : shelf.resources) consider(resource);
    }
  }
  out.total = rows.size();
  search::sort(q, rows);
  const std::size_t from = std::min(out.offset, rows.size());
  const std::size_t to = from + std::min<std::size_t>(out.count, rows.size() - from);
  out.resources.assign(rows.begin() + static_cast<std::ptrdiff_t>(from),
                       rows.begin() + static_cast<std::ptrdiff_t>(to));
  return out;
}

std::size_t store::size() const {
  return state_->size;
}

std::map<std::string, std::size_t> store::counts() const {
  std::map<std::string, std::size_t> out;
  for (const auto& [type, shelf] : state_->shelves)
    if (!shelf.resources.empty()) out[type] = shelf.resources.size();
  return out;
}

[[noreturn]] void throw_exception_from_error(const store_error& e, const boost::source_location& where) {
  boost::throw_exception(std::logic_error("value() of a failed store call: " + e.message), where);
}

}  // namespace mainstay::fhir::store
