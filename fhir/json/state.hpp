// What a document owns; shared by the document and its reader.
#pragma once

#include "fhir/json/arena.hpp"
#include "fhir/json/document.hpp"

namespace mainstay::fhir::json {

struct document::state {
  explicit state(std::size_t first_block) : memory(first_block) {}
  arena memory;
  node root;
  std::size_t text_size = 0;
};

}  // namespace mainstay::fhir::json
