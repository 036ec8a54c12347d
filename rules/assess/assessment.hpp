// What the chart of one patient says about every fact and protocol of a pack: data that outlives the chart, made by
// assess(), read by advice, explain and cases.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/types/date.hpp"
#include "fhir/types/quantity.hpp"
#include "fhir/types/truth.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::rules {

/// Why something is unknown or doubtful.
enum class reason_kind {
  not_recorded,    ///< nothing on record, and absence is no answer here
  not_fetched,     ///< a search behind it failed, was cut short, or was not asked
  stale,           ///< only older than max_age; `detail` ends in the newest one's day
  unreadable,      ///< a value in a form that is not understood
  unit,            ///< a unit that is not understood: `detail` is its text; none: empty, or in quotes the whole value's text
  conflict,        ///< sources together leave nothing
  doubtful,        ///< rests on a row that may not be there or may not mean it; `detail` says why
  imprecise_date,  ///< a partial date leaves it open
  several,         ///< several values are possible
  anchor,          ///< the event that it hangs on is unknown; `detail` is that fact's id
  too_complex,     ///< more combinations than the limit
};
std::string_view to_text(reason_kind k);  // "not_recorded"...

struct reason {
  reason_kind kind;
  std::string detail;  ///< a preliminary status, a unit's text (cut to 40 characters, escaped by who prints), a fact's id
  std::string source;  ///< "Observation/1" or empty
  friend bool operator==(const reason&, const reason&) = default;
};

/// What the chart leaves possible for one fact, under one reading of doubtful rows.
struct finding {
  /// known: exactly one value; possible: several, all listed; unknown: anything (or nothing on record).
  enum class state { known, possible, unknown } is = state::unknown;
  fact_type type = fact_type::truth;
  std::vector<std::string> codes;              ///< code facts: possible values, in the pack's order; unknown: what the rows found say, others are possible too
  fhir::interval numbers;                      ///< number facts: the hull of what is possible (whole numbers)
  fhir::truth yes = fhir::truth::unknown;      ///< truth facts; for event facts: is there one?
  std::optional<fhir::day_range> date;         ///< of the row it rests on (event facts: the event's first day)
  std::string shown;                           ///< the value as recorded: "0.001 %"; empty where nothing better than the code
  std::string how_read;                        ///< where `shown` is not how it stands there: `from the text "1:10 000"`, `unit "percent" read as %`
  std::vector<std::string_view> sources;       ///< "Observation/1", sorted; of assessment::texts
  std::vector<reason> reasons;                 ///< empty when known and undoubted
};

struct fact_result {
  index fact;
  finding strict;       ///< doubtful rows may be there or not
  finding face;         ///< doubtful rows are there
  fhir::truth on_record = fhir::truth::unknown;  ///< is there a sign: yes, no (searches whole), unknown (a search failed)
};

struct criterion_result {
  index criterion;      ///< in its protocol
  fhir::truth strict = fhir::truth::unknown, face = fhir::truth::unknown;
  std::vector<index> facts;  ///< facts it asks, with their anchors left out
  bool hint = false;         ///< a row that, at face value, speaks against it, or leaves it open
};

enum class verdict { not_applicable, not_eligible, eligible, to_confirm, cannot_assess };
std::string_view to_text(verdict v);  // "to confirm"...

enum class risk_state { present, absent, not_known };
std::string_view to_text(risk_state r);  // "not known"...

struct protocol_result {
  index protocol;
  verdict is = verdict::not_applicable;
  std::vector<criterion_result> criteria;
  std::vector<risk_state> risk;             ///< as the protocol's risk factors
  std::vector<std::string> arms;            ///< not ruled out
  std::vector<index> missing;               ///< cannot assess: root facts, each once
  bool search_failed = false;               ///< a failed search behind `applies`
  std::string fault;                        ///< cannot assess through a fault of ours: the exception's type; empty: none
};

struct assessment {
  fhir::now at;
  std::string patient_id;
  std::string silent;                       ///< "deceased", "merged", "inactive": no cards; empty: none
  std::vector<fact_result> facts;           ///< as the pack's facts
  std::vector<protocol_result> protocols;   ///< as the pack's protocols
  std::vector<std::string> failed_searches; ///< requirement keys with their reason: "observation: timeout"
  std::shared_ptr<const void> texts;        ///< what the names of sources are views of; copies share it
};

}  // namespace mainstay::rules
