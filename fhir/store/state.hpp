// The store's inside: resources by type and id, and by the patient they are about. Private to fhir/store.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "fhir/store/store.hpp"

namespace mainstay::fhir::store {

struct store::state {
  /// All of one type. Ordered maps: searches come out in the order of ids without sorting.
  struct shelf {
    std::map<std::string, json::document, std::less<>> resources;
    std::map<std::string, std::set<std::string, std::less<>>, std::less<>> by_patient;  ///< patient id -> ids
    std::set<std::string, std::less<>> deleted;
  };
  limits limit;
  std::map<std::string, shelf, std::less<>> shelves;
  std::size_t size = 0;
  std::size_t next_id = 1;  ///< for POST

  const json::document* find(std::string_view type, std::string_view id) const;
  bool is_deleted(std::string_view type, std::string_view id) const;
  /// Puts a resource that has been checked.
  void insert(std::string type, std::string id, json::document resource);
  /// Takes a resource out; false where there is none.
  bool erase(std::string_view type, std::string_view id);
  /// An id that no resource of the type has or had.
  std::string fresh_id(std::string_view type);
};

/// Type and id of a resource that may be stored.
struct identity {
  std::string type, id;
};
boost::system::result<identity, store_error> check(const json::node& resource);

}  // namespace mainstay::fhir::store
