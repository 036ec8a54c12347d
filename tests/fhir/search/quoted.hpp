// Test data as JSON with single quotes, so that tables stay readable.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>

#include "fhir/json/document.hpp"

namespace mainstay::fhir {

inline std::string quoted(std::string text) {
  std::replace(text.begin(), text.end(), '\'', '"');
  return text;
}

inline json::document document_of(std::string text) {
  auto parsed = json::parse(quoted(std::move(text)));
  if (!parsed) throw std::runtime_error("the test's JSON is wrong: " + parsed.error().message);
  return std::move(*parsed);
}

}  // namespace mainstay::fhir
