// A FHIR R4 search or read as a value: printed as a relative URL or as a CDS Hooks prefetch template, parsed from a
// URL, matched against a resource. Used by the packs' data requirements, the client, the store and the demo server.
// Value types; thread-safe to copy.
#pragma once

#include <boost/system/result.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/json/document.hpp"
#include "fhir/types/date.hpp"
#include "fhir/types/quantity.hpp"

namespace mainstay::fhir::search {

/// `system|code`, `|code` (system must be absent), `code` (any system), `system|` (any code).
struct token {
  std::optional<std::string> system;
  std::string code;
  friend bool operator==(const token&, const token&) = default;
};

enum class date_prefix { eq, ne, lt, gt, le, ge };
struct date_bound {
  date_prefix prefix = date_prefix::eq;
  date_time value;
};

/// One parameter; the values of each are alternatives, several parameters must all hold (R4 3.1.1.3).
struct query {
  std::string type;                          ///< "Observation"
  std::optional<std::string> read_id;        ///< a read `Type/id`; then nothing else is set
  std::vector<std::string> ids;              ///< `_id`
  std::vector<std::string> patients;         ///< `patient`: logical ids without `Patient/`
  std::vector<std::string> subjects;         ///< `subject`: "Patient/1"; a bare id is any type
  std::vector<std::vector<token>> codes;     ///< `code`, once for each repetition
  std::vector<std::vector<token>> statuses;  ///< `status`, `clinical-status`, `verification-status` share no index: `status` only
  std::vector<date_bound> dates;             ///< `date` (Condition: `recorded-date`), all must hold
  std::optional<unsigned> count;             ///< `_count`
  std::vector<std::string> sort;             ///< `_sort`: "-date", "_id"
};

struct query_error {
  std::string message;  ///< names the parameter in backticks
};
[[noreturn]] void throw_exception_from_error(const query_error& e, const boost::source_location& where);

/// "Observation?patient=p1&code=http%3A%2F%2Floinc.org%7C1234-5,...&_sort=-date&_count=100", values percent-encoded.
std::string to_url(const query& q);
/// The same as a CDS Hooks 2.0 prefetch template with `{{context.patientId}}` for the patient (2.0.1, "Prefetch tokens").
std::string to_template(const query& q);
/// "Type/id" or "Type?parameters" (no leading slash); POST bodies have the same form. An unknown parameter or value is an
/// error: silence would be a wrong answer. `_format`, `_total`, `_summary=false` and `_pretty` are accepted, ignored.
boost::system::result<query, query_error> parse_url(std::string_view url);

/// Does the resource match all parameters but `_count` and `_sort`?
bool matches(const query& q, const json::node& resource);
/// Sorts by q.sort; ties by type and id so that an order is total. Undated rows come last.
void sort(const query& q, std::vector<const json::node*>& resources);

/// The logical id of the patient that the resource is about, by its compartment element (subject, patient): "p1" for a
/// reference that resolves to Patient/p1; see chart.hpp for what a reference may look like.
/// `base` is the server's base URL, or empty.
enum class patient_link { none, this_patient, other_patient, not_in_compartment };
patient_link link_to_patient(const json::node& resource, std::string_view patient_id, std::string_view base);

}  // namespace mainstay::fhir::search
