#include "rules/events/resource.hpp"

#include <algorithm>
#include <array>

namespace mainstay::rules {

using fhir::json::node;

namespace {

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
  const node* codings = concept_element.find("coding");
  if (codings == nullptr) return {};
  for (const auto& c : codings->items())
    if (const auto code = c.string("code"); !code.empty()) return code;
  return {};
}

std::optional<fhir::day_range> days_of(std::string_view text, const fhir::now& at) {
  const auto parsed = fhir::date_time::parse(text);
  if (!parsed) return std::nullopt;
  return parsed->days(at.offset_minutes);
}

/// A dateTime, instant, or Period (its start, else some day until its end) under a choice type's names.
std::optional<fhir::day_range> choice_days(const node& resource, std::string_view date_time, std::string_view period,
                                           std::string_view instant, const fhir::now& at) {
  if (const auto text = resource.string(date_time); !text.empty()) return days_of(text, at);
  if (!instant.empty())
    if (const auto text = resource.string(instant); !text.empty()) return days_of(text, at);
  if (const node* span = resource.find(period)) {
    if (const auto start = span->string("start"); !start.empty()) return days_of(start, at);
    if (const auto end = span->string("end"); !end.empty())
      if (const auto last = days_of(end, at)) return fhir::day_range{fhir::earliest_day, last->last};
  }
  return std::nullopt;
}

/// The latest day on which the resource can have been written down.
fhir::day recorded_by(const node& resource, resource_type type, const fhir::now& at) {
  const std::string_view name = type == resource_type::condition ? "recordedDate" : "issued";
  if (const auto days = days_of(resource.string(name), at)) return std::min(days->last, at.local_date);
  return at.local_date;
}

}  // namespace

standing read_standing(const node& resource, resource_type type) {
  standing result;
  switch (type) {
    case resource_type::observation: result = look_up(observation_statuses, resource.string("status"), "status"); break;
    case resource_type::procedure: result = look_up(procedure_statuses, resource.string("status"), "status"); break;
    case resource_type::condition:
      // A Condition without a verification status is sure (rule language, idea 3).
      if (const node* status = resource.find("verificationStatus"))
        result = look_up(verification_statuses, first_code(*status), "verification status");
      break;
  }
  // A modifier extension that is not understood may negate the whole resource (R4 2.4.2).
  if (result.is == standing::kind::taken && resource.find("modifierExtension") != nullptr)
    return {standing::kind::doubtful, "modifier extension not understood"};
  return result;
}

found_day read_day(const node& resource, resource_type type, day_reader how, const fhir::now& at) {
  std::optional<fhir::day_range> when;
  switch (how) {
    case day_reader::performed: when = choice_days(resource, "performedDateTime", "performedPeriod", {}, at); break;
    case day_reader::effective:
      when = choice_days(resource, "effectiveDateTime", "effectivePeriod", "effectiveInstant", at);
      break;
    case day_reader::recorded: when = days_of(resource.string("recordedDate"), at); break;
    case day_reader::onset: when = choice_days(resource, "onsetDateTime", "onsetPeriod", {}, at); break;
    case day_reader::value:
      when = choice_days(resource, "valueDateTime", "valuePeriod", {}, at);
      // Transplant dates often come as text; nothing but a whole FHIR date is read from it.
      if (!when) when = days_of(resource.string("valueString"), at);
      break;
    case day_reader::by_recorded: break;
  }
  if (!when) return {{fhir::earliest_day, recorded_by(resource, type, at)}, true, false};
  if (when->first > at.local_date) return {*when, false, true};
  when->last = std::min(when->last, at.local_date);
  return {*when, when->first == fhir::earliest_day, false};
}

code_match match_concept(const node* concept_element, const pack& p, index term) {
  if (concept_element == nullptr) return code_match::none;
  const node* codings = concept_element->find("coding");
  if (codings == nullptr) return code_match::none;
  code_match best = code_match::none;
  for (const auto& c : codings->items()) {
    for (const auto& m : p.terms_of(c.string("system"), c.string("code"))) {
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
    const node* codings = element == nullptr ? nullptr : element->find("coding");
    if (codings == nullptr || codings->items().empty()) return truth::unknown;
    switch (match_concept(element, p, term)) {
      case code_match::yes: return truth::yes;
      case code_match::may: return truth::unknown;
      case code_match::none: return truth::no;
    }
    return truth::unknown;
  };
  const auto site = stated(observation.find("bodySite"));
  if (site != truth::unknown) return site;
  const node* specimen = observation.find("specimen");
  const node* contained = observation.find("contained");
  if (specimen == nullptr || contained == nullptr) return truth::unknown;
  const auto reference = specimen->string("reference");
  if (!reference.starts_with('#')) return truth::unknown;
  for (const auto& c : contained->items())
    if (c.string("id") == reference.substr(1)) return stated(c.find("type"));
  return truth::unknown;
}

const node& value_holder(const node& resource, const pack& p, index term) {
  const node* components = resource.find("component");
  if (components == nullptr) return resource;
  for (const auto& m : resource.members())
    if (m.name().starts_with("value")) return resource;
  const node* found = nullptr;
  for (const auto& c : components->items()) {
    if (match_concept(c.find("code"), p, term) != code_match::yes) continue;
    if (found != nullptr) return resource;  // which of them, is not said
    found = &c;
  }
  return found == nullptr ? resource : *found;
}

std::string source_of(const node& resource) {
  std::string text(resource.string("resourceType"));
  return text.append("/").append(resource.string("id"));
}

}  // namespace mainstay::rules
