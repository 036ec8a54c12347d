#include "fhir/json/document.hpp"

#include <boost/throw_exception.hpp>
#include <cassert>
#include <stdexcept>
#include <utility>

#include "fhir/json/state.hpp"

namespace mainstay::fhir::json {

std::string_view node::text() const {
  if (kind_ != kind::string && kind_ != kind::number) return {};
  return {static_cast<const char*>(data_), size_};
}

std::span<const node> node::items() const {
  if (kind_ != kind::array) return {};
  return {static_cast<const node*>(data_), size_};
}

std::span<const member> node::members() const {
  if (kind_ != kind::object) return {};
  return {static_cast<const member*>(data_), size_};
}

const node* node::find(const key& name) const {
  for (const member& m : members())
    if (m.tag == name.tag && m.name() == name.text) return &m.value;
  return nullptr;
}

std::string_view node::string(const key& name) const {
  const node* value = find(name);
  return value != nullptr && value->is_string() ? value->text() : std::string_view{};
}

void throw_exception_from_error(const parse_error& e, const boost::source_location& where) {
  boost::throw_exception(std::runtime_error(e.message), where);
}

document::document(std::unique_ptr<state> s) : state_(std::move(s)) {}
document::document(document&&) noexcept = default;
document& document::operator=(document&&) noexcept = default;
document::~document() = default;

const node& document::root() const {
  assert(state_ != nullptr);
  return state_->root;
}

std::size_t document::text_size() const {
  assert(state_ != nullptr);
  return state_->text_size;
}

}  // namespace mainstay::fhir::json
