#include "fhir/json/document.hpp"

#include <boost/throw_exception.hpp>
#include <cassert>
#include <stdexcept>
#include <utility>

#include "fhir/json/state.hpp"

namespace mainstay::fhir::json {

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
