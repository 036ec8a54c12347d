// A FHIR R4 search or read as a value: printed as a relative URL or as a CDS Hooks prefetch template, parsed from a
// URL, matched against a resource. Used by the packs' data requirements, the client, the store and the demo server.
// Value types; thread-safe to copy.
#pragma once

#include <boost/system/result.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/json/document.hpp"
#include "fhir/search/reference.hpp"
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
  friend bool operator==(const date_bound& a, const date_bound& b);
};

/// A search or a read; the values of each parameter are alternatives, several parameters must all hold (R4 3.1.1.3).
struct query {
  std::string type;                          ///< "Observation"
  std::optional<std::string> read_id;        ///< a read `Type/id`; then nothing else is set
  std::vector<std::string> ids;              ///< `_id`
  std::vector<std::string> patients;         ///< `patient`: logical ids without `Patient/`
  std::vector<std::string> subjects;         ///< `subject`: "Patient/1"; a bare id is any type
  std::vector<std::vector<token>> codes;     ///< `code`, once for each repetition
  std::vector<std::vector<token>> statuses;  ///< `status` only: `clinical-status` and others are not asked
  std::vector<std::vector<token>> tags;      ///< `_tag`, once for each repetition: `meta.tag`
  std::vector<date_bound> dates;             ///< the type's date parameter (Condition: `recorded-date`), all must hold
  std::optional<unsigned> count;             ///< `_count`
  std::vector<std::string> sort;  ///< `_sort`: "date" (whatever the type calls it), "_id", "_lastUpdated", with "-"
  std::size_t offset = 0;         ///< `_offset`: in our own store's `next` links only
  friend bool operator==(const query&, const query&) = default;
};

struct query_error {
  std::string message;  ///< names the parameter in backticks
};
[[noreturn]] void throw_exception_from_error(const query_error& e, const boost::source_location& where);

/// "Observation?patient=p1&code=http%3A%2F%2Floinc.org%7C1234-5,...&_sort=-date&_count=100", values percent-encoded
/// (RFC 3986), with FHIR's escapes (`\,` `\|` `\$` `\\`) inside a value.
std::string to_url(const query& q);
/// The same as a CDS Hooks 2.0 prefetch template with `{{context.patientId}}` for the patient (2.0.1, "Prefetch
/// tokens"): "Patient/{{context.patientId}}" for a Patient, a `patient` parameter for a type of the patient
/// compartment, whatever `patients` holds. Dates are left out: they are for fetches, a template is read once and used
/// for months. `|`, `:` and `/` stay raw.
std::string to_template(const query& q);
/// "Type/id" or "Type?parameters" (no leading slash); POST bodies have the same form. An unknown parameter or value is
/// an error: silence would be a wrong answer. `_format`, `_total`, `_summary=false` and `_pretty` are accepted,
/// ignored. `code`, `status`, `_tag` and the date may be repeated (all must hold); the others are given once.
boost::system::result<query, query_error> parse_url(std::string_view url);

/// How the edges of days count: `exact` reads a time without offset in the zone of the other side, else in UTC (what a
/// server does); `any_zone` lets pass what would match in some zone, for a second look at what a server chose by its
/// own.
enum class date_edges { exact, any_zone };
/// Does the resource match all parameters but `_count` and `_sort`? Tokens match with code systems' aliases; dates by
/// the ranges of R4 3.1.1.4.1; a reference to a patient matches by type and id, versioned or absolute on any base.
bool matches(const query& q, const json::node& resource, date_edges edges = date_edges::exact);
/// The same for a resource whose patient has been judged already: what names the patient is not asked again (`patient`,
/// `subject`, and the id of a Patient).
bool matches_of_patient(const query& q, const json::node& resource, date_edges edges = date_edges::exact);
/// Sorts by q.sort; ties by type and id so that an order is total. Periods and partial dates sort by their first
/// instant, undated rows come last in both directions (as HAPI does).
void sort(const query& q, std::vector<const json::node*>& resources);
/// The first instant by which sort() orders a resource's date, in nanoseconds since 1970 UTC, and the latest day that
/// the start of that date leaves possible in its own zone; no value for an undated row.
struct date_key {
  __int128 instant;
  day latest;
};
std::optional<date_key> date_of(const json::node& resource);

/// Whose record a resource is, by its compartment element (subject, patient). this_patient: "Patient/p1", versioned,
/// absolute under `base` (any base where `base` is empty), `urn:` that `within` resolves, `#contained` with the
/// patient's own id, and the Patient itself. other_patient: a literal reference to another Patient, or to one on
/// another base. none: no element, a logical identifier only, not a Patient. Types outside the compartment are not
/// judged.
enum class patient_link { none, this_patient, other_patient, not_in_compartment };
/// Resolves a `urn:` to a resource of the same Bundle.
using resolver = std::function<std::optional<reference>(std::string_view urn)>;
patient_link link_to_patient(const json::node& resource, std::string_view patient_id, std::string_view base,
                             const resolver& within = {});

}  // namespace mainstay::fhir::search
