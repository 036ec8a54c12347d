#include "rules/events/resource.hpp"

#include <algorithm>
#include <array>

namespace mainstay::rules {

using fhir::json::key;
using fhir::json::node;

namespace {

constexpr key resource_type_key = "resourceType", id_key = "id", status_key = "status", type_key = "type",
              coding_key = "coding", system_key = "system", code_key = "code", body_site_key = "bodySite",
              specimen_key = "specimen", contained_key = "contained", reference_key = "reference",
              verification_key = "verificationStatus", modifier_key = "modifierExtension", implicit_rules_key = "implicitRules",
              component_key = "component", start_key = "start",
              end_key = "end", recorded_key = "recordedDate", issued_key = "issued", value_string_key = "valueString";

/// The names that a choice of dateTime, Period and instant has.
struct date_names {
  key date_time, period, instant;
};
constexpr date_names performed{"performedDateTime", "performedPeriod", ""},
    effective{"effectiveDateTime", "effectivePeriod", "effectiveInstant"}, onset{"onsetDateTime", "onsetPeriod", ""},
    value_dates{"valueDateTime", "valuePeriod", ""};

struct status_row {
  std::string_view status;
  standing::kind is;
};

// R4 observation-status, event-status and condition-ver-status. What is not listed is doubtful: a status we do not know.
constexpr std::array<status_row, 7> observation_statuses{{{"final", standing::kind::taken},
                                                          {"amended", standing::kind::taken},
                                                          {"corrected", standing::kind::taken},
                                                          {"preliminary", standing::kind::doubtful},
                                                          {"registered", standing::kind::never},
                                                          {"cancelled", standing::kind::never},
                                                          {"entered-in-error", standing::kind::never}}};
constexpr std::array<status_row, 5> procedure_statuses{{{"completed", standing::kind::taken},
                                                        {"in-progress", standing::kind::doubtful},
                                                        {"preparation", standing::kind::never},
                                                        {"not-done", standing::kind::never},
                                                        {"entered-in-error", standing::kind::never}}};
constexpr std::array<status_row, 6> verification_statuses{{{"confirmed", standing::kind::taken},
                                                           {"unconfirmed", standing::kind::doubtful},
                                                           {"provisional", standing::kind::doubtful},
                                                           {"differential", standing::kind::doubtful},
                                                           {"refuted", standing::kind::never},
                                                           {"entered-in-error", standing::kind::never}}};

template <std::size_t N>
standing look_up(const std::array<status_row, N>& rows, std::string_view status, std::string_view name) {
  for (const auto& row : rows) {
    if (row.status != status) continue;
    return {row.is, row.is == standing::kind::doubtful ? std::string(name) + " " + std::string(status) : std::string()};
  }
  return {standing::kind::doubtful, std::string(name) + (status.empty() ? " missing" : " not known")};
}

/// The first code of a CodeableConcept whose codings are HL7's own.
std::string_view first_code(const node& concept_element) {
  const node* codings = concept_element.find(coding_key);
  if (codings == nullptr) return {};
  for (const auto& c : codings->items())
    if (const auto code = c.string(code_key); !code.empty()) return code;
  return {};
}

std::optional<fhir::day_range> days_of(std::string_view text, const fhir::now& at) {
  const auto parsed = fhir::date_time::parse(text);
  if (!parsed) return std::nullopt;
  return parsed->days(at.offset_minutes);
}

/// A dateTime, instant, or Period (its start, else some day until its end) under a choice type's names.
std::optional<fhir::day_range> choice_days(const node& resource, const date_names& names, const fhir::now& at) {
  if (const auto text = resource.string(names.date_time); !text.empty()) return days_of(text, at);
  if (!names.instant.text.empty())
    if (const auto text = resource.string(names.instant); !text.empty()) return days_of(text, at);
  if (const node* span = resource.find(names.period)) {
    if (const auto start = span->string(start_key); !start.empty()) return days_of(start, at);
    if (const auto end = span->string(end_key); !end.empty())
      if (const auto last = days_of(end, at)) return fhir::day_range{fhir::earliest_day, last->last};
  }
  return std::nullopt;
}

/// The latest day on which the resource can have been written down.
fhir::day recorded_by(const node& resource, resource_type type, const fhir::now& at) {
  const key& name = type == resource_type::condition ? recorded_key : issued_key;
  if (const auto days = days_of(resource.string(name), at)) return std::min(days->last, at.local_date);
  return at.local_date;
}

}  // namespace

standing read_standing(const node& resource, resource_type type) {
  standing result;
  switch (type) {
    case resource_type::observation: result = look_up(observation_statuses, resource.string(status_key), "status"); break;
    case resource_type::procedure: result = look_up(procedure_statuses, resource.string(status_key), "status"); break;
    case resource_type::condition:
      // A Condition without a verification status is sure (rule language, idea 3).
      if (const node* status = resource.find(verification_key))
        result = look_up(verification_statuses, first_code(*status), "verification status");
      break;
  }
  if (result.is == standing::kind::taken)
    if (auto why = modified(resource); !why.empty()) return {standing::kind::doubtful, std::move(why)};
  return result;
}

std::string modified(const node& element) {
  if (element.find(modifier_key) != nullptr) return "modifier extension not understood";
  if (element.find(implicit_rules_key) != nullptr) return "implicit rules not understood";
  return {};
}

found_day read_day(const node& resource, resource_type type, day_reader how, const fhir::now& at) {
  std::optional<fhir::day_range> when;
  if (how == day_reader::by_recorded && type == resource_type::procedure) {
    // "by performed": what went before the Procedure, some day until its own.
    const auto done = choice_days(resource, performed, at);
    if (done && done->first > at.local_date) return {*done, false, true};
    return {{fhir::earliest_day, done ? std::min(done->last, at.local_date) : at.local_date}, true, false};
  }
  switch (how) {
    case day_reader::performed: when = choice_days(resource, performed, at); break;
    case day_reader::effective: when = choice_days(resource, effective, at); break;
    case day_reader::recorded: when = days_of(resource.string(recorded_key), at); break;
    case day_reader::onset: when = choice_days(resource, onset, at); break;
    case day_reader::value:
      when = choice_days(resource, value_dates, at);
      // Transplant dates often come as text; nothing but a whole FHIR date is read from it.
      if (!when) when = days_of(resource.string(value_string_key), at);
      break;
    case day_reader::by_recorded: break;
  }
  if (!when) return {{fhir::earliest_day, recorded_by(resource, type, at)}, true, false};
  if (when->first > at.local_date) return {*when, false, true};
  when->last = std::min(when->last, at.local_date);
  return {*when, when->first == fhir::earliest_day, false};
}

coded_element::coded_element(const node* concept_element, const pack& p) {
  const node* codings = concept_element == nullptr ? nullptr : concept_element->find(coding_key);
  if (codings == nullptr) return;
  for (const auto& c : codings->items()) {
    const auto& terms = p.terms_of(c.string(system_key), c.string(code_key));
    if (!terms.empty()) codings_.push_back(&terms);
  }
}

code_match coded_element::match(index term) const {
  code_match best = code_match::none;
  for (const auto* terms : codings_) {
    for (const auto& m : *terms) {
      if (m.term != term) continue;
      if (m.how == code_match::none) return code_match::none;
      if (best != code_match::yes) best = m.how;
    }
  }
  return best;
}

fhir::truth match_specimen(const node& observation, const pack& p, index term) {
  using fhir::truth;
  const auto stated = [&](const node* element) {
    const node* codings = element == nullptr ? nullptr : element->find(coding_key);
    if (codings == nullptr || codings->items().empty()) return truth::unknown;
    switch (coded_element(element, p).match(term)) {
      case code_match::yes: return truth::yes;
      case code_match::may: return truth::unknown;
      case code_match::none: return truth::no;
    }
    return truth::unknown;
  };
  const auto site = stated(observation.find(body_site_key));
  if (site != truth::unknown) return site;
  const node* specimen = observation.find(specimen_key);
  const node* contained = observation.find(contained_key);
  if (specimen == nullptr || contained == nullptr) return truth::unknown;
  const auto reference = specimen->string(reference_key);
  if (!reference.starts_with('#')) return truth::unknown;
  for (const auto& c : contained->items())
    if (c.string(id_key) == reference.substr(1)) return modified(c).empty() ? stated(c.find(type_key)) : truth::unknown;
  return truth::unknown;
}

const node& value_holder(const node& resource, const pack& p, index term) {
  const node* components = resource.find(component_key);
  if (components == nullptr) return resource;
  for (const auto& m : resource.members())
    if (m.name().starts_with("value")) return resource;
  const node* found = nullptr;
  for (const auto& c : components->items()) {
    if (coded_element(c.find(code_key), p).match(term) != code_match::yes) continue;
    if (found != nullptr) return resource;  // which of them, is not said
    found = &c;
  }
  return found == nullptr ? resource : *found;
}

source_parts source_of(const node& resource) {
  return {resource.string(resource_type_key), resource.string(id_key)};
}

}  // namespace mainstay::rules
