// Reads of one R4 resource that rows need: its status, its day, its coded elements. Private to rules/events.
#pragma once

#include <boost/container/small_vector.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "fhir/json/document.hpp"
#include "fhir/types/date.hpp"
#include "fhir/types/truth.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::rules {

/// Whether a resource's status lets it count (rule language: "Doubtful", "Never taken").
struct standing {
  enum class kind { taken, doubtful, never } is = kind::taken;
  std::string why;  ///< "status preliminary"
};
standing read_standing(const fhir::json::node& resource, resource_type type);

/// Why an element may not mean what it says: a modifier extension, or implicit rules, none of which is known here, may
/// negate all of it (R4 2.4.2, 2.26.3.1). Empty where it has none.
std::string modified(const fhir::json::node& element);

/// The day that a reader finds; `undated` where there is none and only an upper bound is known.
struct found_day {
  fhir::day_range when;
  bool undated = false;
  bool future = false;
};
found_day read_day(const fhir::json::node& resource, resource_type type, day_reader how, const fhir::now& at);

/// What a CodeableConcept's codings speak of, looked up once for all terms. Valid as long as the pack.
class coded_element {
 public:
  coded_element(const fhir::json::node* concept_element, const pack& p);
  /// How it matches a term: one `not` among its codings excludes it, a sure code beats a possible one.
  code_match match(index term) const;

 private:
  boost::container::small_vector<const std::vector<pack::term_match>*, 4> codings_;
};

/// Where a specimen is stated: yes, no (another one), unknown (not stated or not readable).
fhir::truth match_specimen(const fhir::json::node& observation, const pack& p, index term);

/// Where an Observation says its value: itself, or, without a value of its own, its one component of that term.
const fhir::json::node& value_holder(const fhir::json::node& resource, const pack& p, index term);

/// The parts of a resource's name: "Observation", "1".
struct source_parts {
  std::string_view type, id;
};
source_parts source_of(const fhir::json::node& resource);

}  // namespace mainstay::rules
