// One patient's documents, indexed, with each query's completeness and the patient-identity check.
// Made by cds/gather from prefetch and the client, by the case runner from the store, and by `explain` from a Bundle;
// read by rules/assess. Lifetime: owns its documents. Threads: built by one, then immutable.
#pragma once

#include <boost/system/result.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/json/document.hpp"
#include "fhir/search/query.hpp"
#include "fhir/types/date.hpp"

namespace mainstay::fhir {

/// How whole the answer to one query is (architecture: "Completeness of a query").
enum class completeness {
  complete,          ///< all pages, nothing left out
  newest_page_only,  ///< sorted by -date, later pages not followed: enough for `last`, not for `any` and `count`
  partial,           ///< something is missing anywhere: SUBSETTED, a broken page, unusable entries
  null,              ///< prefetch `null`: empty, but no ground for `complete:`
  failed,            ///< asked, and no usable answer
  not_asked,
};
std::string_view to_text(completeness c);

/// The answer to one query of the pack.
struct answer {
  std::string key;  ///< the requirement's prefetch key
  completeness how = completeness::not_asked;
  std::string reason;          ///< for partial and failed: "timeout", "status 401"; never text from outside
  std::optional<day> down_to;  ///< newest_page_only: rows dated to this day and later are all there
  std::size_t unusable = 0;    ///< rows without subject, of a wrong type, or not a resource
};

/// Another patient's resource was found.
struct foreign_patient {
  std::string key;
  std::string type;
};

class chart {
 public:
  /// `patient_id` is context.patientId; `base` the FHIR server's base URL or empty (absolute references resolve by it).
  explicit chart(std::string patient_id, std::string base = {});
  ~chart();
  chart(chart&&) noexcept;
  chart& operator=(chart&&) noexcept;

  const std::string& patient_id() const;
  /// The Patient resource, or nullptr where it is not known.
  const json::node* patient() const;
  /// Usable resources of a type about this patient, without duplicates (same type and id: the newest
  /// meta.lastUpdated, then versionId), ordered by id so that the order they came in changes nothing.
  std::span<const json::node* const> resources(std::string_view type) const;
  /// The answer for a requirement's key; not_asked where none was added. Valid until the next add.
  const answer& answer_for(std::string_view key) const;
  std::span<const answer> answers() const;

  /// What to do with another patient's resource: prefetch refuses the whole call, a fetched page drops it and its
  /// query counts as failed.
  enum class origin { prefetch, fetched };
  /// Adds the documents that answer `q` under `key` (a resource, or the pages of a searchset in order). Every resource
  /// is matched again locally against `q`; what does not match is left out, and what is of another type or names no
  /// patient is counted as unusable. Lower than `how` goes the answer: to failed where no document is a resource or all
  /// are an OperationOutcome, where rows came and none is of the type asked for, or a fetched one holds another
  /// patient's resource; to partial for an entry that is not a resource, a row of the type that names no patient, an
  /// error in an entry of search.mode `outcome`, a SUBSETTED tag, fewer rows than Bundle.total, a document that is no
  /// searchset; and for a `next` link that was not followed to newest_page_only, where `q` sorts by -date and the rows
  /// are in that order, else to partial. Two answers under one key add up and are as whole as the better of them. An
  /// error leaves the chart as it was.
  boost::system::result<void, foreign_patient> add(std::string key, const search::query& q,
                                                   std::vector<json::document> documents, completeness how,
                                                   std::string reason, origin from);
  /// The same for values within a document that `owner` keeps alive, without a copy: a request's prefetch.
  boost::system::result<void, foreign_patient> add(std::string key, const search::query& q,
                                                   std::span<const json::node* const> documents,
                                                   std::shared_ptr<const void> owner, completeness how,
                                                   std::string reason, origin from);
  /// Adds every resource of a Bundle (collection, transaction, searchset), or one resource, as the answer to every key
  /// in `keys`: complete, unless the Bundle itself says that something is missing. Where the chart has no patient id
  /// yet, the Bundle's one Patient decides, or the one whom its resources are about; several are the error.
  boost::system::result<void, foreign_patient> add_bundle(json::document bundle, std::span<const std::string> keys);
  /// Marks a query that has no documents.
  void add_answer(answer a);

 private:
  struct state;
  std::unique_ptr<state> state_;
};
[[noreturn]] void throw_exception_from_error(const foreign_patient& e, const boost::source_location& where);

}  // namespace mainstay::fhir
