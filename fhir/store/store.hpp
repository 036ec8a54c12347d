// Resources in memory, indexed: behind the demo server, the case runner and, later, screening.
// Threads: reads may run in parallel; put() and apply() need exclusive access. Pages hold views into the store's
// documents: they live until the next put() or apply().
#pragma once

#include <boost/system/result.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/json/document.hpp"
#include "fhir/search/query.hpp"

namespace mainstay::fhir::store {

struct limits {
  unsigned default_count = 50;  ///< what common servers give when `_count` is absent
  unsigned max_count = 500;     ///< HAPI's maximum
  std::size_t resources = 1000000;
};

/// Status and code of FHIR's OperationOutcome for an answer that is not what was asked.
struct store_error {
  unsigned status;      ///< HTTP: 400, 404, 410, 422
  std::string code;     ///< issue-type: "not-found", "invalid", "not-supported", "deleted", "too-costly"
  std::string message;  ///< lower-case, names the thing in backticks
};
[[noreturn]] void throw_exception_from_error(const store_error& e, const boost::source_location& where);

/// One page of a search.
struct page {
  std::vector<const json::node*> resources;
  std::size_t total = 0;
  std::size_t offset = 0;
  unsigned count = 0;  ///< page size used
  bool has_next() const { return count > 0 && offset + resources.size() < total; }
};

class store {
 public:
  explicit store(limits limit = {});
  ~store();
  store(store&&) noexcept;
  store& operator=(store&&) noexcept;

  /// Adds or replaces one resource; it must be an object with resourceType and id. Returns "Type/id".
  boost::system::result<std::string, store_error> put(json::document resource);
  /// Each line one resource.
  boost::system::result<std::size_t, store_error> load_ndjson(std::string_view text);
  /// A transaction or batch Bundle of PUT and POST (ids are then made from a counter, urn:uuid references rewritten)
  /// and DELETE, all or nothing. Returns the response Bundle as JSON text.
  boost::system::result<std::string, store_error> transaction(const json::node& bundle);
  boost::system::result<const json::node*, store_error> read(std::string_view type, std::string_view id) const;
  boost::system::result<void, store_error> remove(std::string_view type, std::string_view id);
  /// Matching resources from `offset`, sorted, at most q.count (or the default) of them.
  boost::system::result<page, store_error> search(const search::query& q, std::size_t offset = 0) const;
  std::size_t size() const;
  /// How many resources of each type there are.
  std::map<std::string, std::size_t> counts() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// A searchset Bundle as JSON text; `base` is the server's URL, links are absolute; `next` has `_offset`.
std::string to_bundle(const page& p, const search::query& q, std::string_view base);

}  // namespace mainstay::fhir::store
