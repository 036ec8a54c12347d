#include "rules/cases/compile.hpp"

#include <algorithm>
#include <array>

#include "fhir/json/writer.hpp"
#include "rules/pack/suggest.hpp"

namespace mainstay::rules::case_files {

namespace {

using fhir::json::writer;

constexpr std::array<std::string_view, 8> observation_statuses{
    "registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"};
constexpr std::array<std::string_view, 8> procedure_statuses{
    "preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown"};
constexpr std::array<std::string_view, 6> verification_statuses{"unconfirmed", "provisional", "differential",
                                                                "confirmed",   "refuted",     "entered-in-error"};
constexpr std::array<std::string_view, 6> clinical_statuses{"active",   "recurrence", "relapse",
                                                            "inactive", "remission",  "resolved"};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// A source of the pack that reads rows of one term.
struct source {
  const event* of;
  const event_source* is;
  bool counted;
};

std::vector<source> sources_of(const pack& p, index term) {
  std::vector<source> out;
  for (const auto& e : p.events) {
    for (const auto& s : e.sources)
      if (!s.from_event && s.term == term) out.push_back({&e, &s, false});
    if (e.counted && e.counted->term == term) out.push_back({&e, &*e.counted, true});
  }
  return out;
}

/// What `as` asks for.
struct shape {
  std::string status;
  bool no_status = false, may = false, text_only = false, no_specimen = false;
  std::optional<resource_type> type;
  std::optional<std::size_t> number;
};

std::optional<shape> read_shape(const row& r, std::vector<diagnostic>& problems) {
  shape out;
  for (const auto& word : r.as) {
    if (word == "no status")
      out.no_status = true;
    else if (word == "may")
      out.may = true;
    else if (word == "text only")
      out.text_only = true;
    else if (word == "no specimen")
      out.no_specimen = true;
    else if (word == "Observation")
      out.type = resource_type::observation;
    else if (word == "Procedure")
      out.type = resource_type::procedure;
    else if (word == "Condition")
      out.type = resource_type::condition;
    else if (!word.empty() && word.size() < 3 && word.find_first_not_of("0123456789") == std::string::npos)
      out.number = static_cast<std::size_t>(std::stoul(word));
    else if (among(observation_statuses, word) || among(procedure_statuses, word) || among(verification_statuses, word))
      out.status = word;
    else {
      const std::vector<std::string> known{"no status",   "may",       "text only",   "no specimen", "Observation",
                                           "Procedure",   "Condition", "preliminary", "amended",     "entered-in-error",
                                           "unconfirmed", "refuted"};
      problems.push_back({"unknown-shape", severity::error, "`" + word + "` is no way to write a row",
                          did_you_mean(word, known,
                                       "a status, `may`, `text only`, `no status`, `no specimen`, a resource type, or "
                                       "the number of the source"),
                          r.at, 1});
      return std::nullopt;
    }
  }
  return out;
}

void coding(writer& out, const fhir::coding& c) {
  out.begin_object().member("system", c.system).member("code", c.code).end_object();
}

void concept_of(writer& out, std::string_view name, const fhir::coding& c, std::string_view text = {}) {
  out.key(name).begin_object().key("coding").begin_array();
  coding(out, c);
  out.end_array();
  if (!text.empty()) out.member("text", text);
  out.end_object();
}

void hl7_status(writer& out, std::string_view name, std::string_view system, std::string_view code) {
  concept_of(out, name, {"http://terminology.hl7.org/CodeSystem/" + std::string(system), std::string(code)});
}

/// `0.001 %`, `< 0.1 %`, `12 ng/mL`, `5`: comparator, number, unit.
struct measured {
  std::string comparator, number, unit;
};
std::optional<measured> read_measured(std::string_view text) {
  measured out;
  for (const std::string_view c : {"<=", ">=", "<", ">"}) {
    if (!text.starts_with(c)) continue;
    out.comparator = c;
    text.remove_prefix(c.size());
    break;
  }
  while (text.starts_with(' ')) text.remove_prefix(1);
  const auto end = std::min(text.find_first_not_of("0123456789.-"), text.size());
  out.number = text.substr(0, end);
  if (!fhir::decimal::parse(out.number)) return std::nullopt;
  text.remove_prefix(end);
  if (!text.empty() && !text.starts_with(' ')) return std::nullopt;  // "5e3" and "1:10000" are not this
  while (text.starts_with(' ')) text.remove_prefix(1);
  out.unit = text;
  return out;
}

void quantity(writer& out, const measured& m) {
  out.key("valueQuantity").begin_object();
  if (!m.comparator.empty()) out.member("comparator", m.comparator);
  out.key("value").raw_number(m.number);
  if (!m.unit.empty()) out.member("unit", m.unit).member("system", "http://unitsofmeasure.org").member("code", m.unit);
  out.end_object();
}

/// One row as a resource.
class row_writer {
 public:
  row_writer(const pack& p, const row& r, const shape& as, const source& from, std::string patient, std::string id)
      : pack_(p), row_(r), as_(as), from_(from), patient_(std::move(patient)), id_(std::move(id)) {}

  std::string text() {
    const auto type = from_.is->find;
    out_.begin_object().member("resourceType", to_text(type)).member("id", id_);
    if (type == resource_type::observation)
      observation();
    else if (type == resource_type::procedure)
      procedure();
    else
      condition();
    out_.key("subject").begin_object().member("reference", "Patient/" + patient_).end_object();
    out_.end_object();
    return std::move(out_).text();
  }

 private:
  void code() {
    const auto& t = pack_.terms[row_.term];
    if (as_.text_only) {
      out_.key("code").begin_object().member("text", t.title).end_object();
      return;
    }
    const auto& codes = as_.may || t.codes.empty() ? t.may : t.codes;
    if (row_.code)
      concept_of(out_, "code", *row_.code, t.title);
    else if (!codes.empty())
      concept_of(out_, "code", codes.front(), t.title);
  }

  void date(std::string_view name) {
    if (!row_.date.empty()) out_.member(name, row_.date);
  }

  std::string status(std::string_view usual) const { return as_.status.empty() ? std::string(usual) : as_.status; }

  void observation() {
    const bool specimen = from_.is->specimen && !as_.no_specimen;
    if (specimen) {
      const auto& codes = pack_.terms[*from_.is->specimen].codes;
      out_.key("contained").begin_array().begin_object().member("resourceType", "Specimen").member("id", "specimen");
      concept_of(out_, "type", row_.specimen ? *row_.specimen : codes.empty() ? fhir::coding{} : codes.front());
      out_.end_object().end_array();
    }
    if (!as_.no_status) out_.member("status", status("final"));
    code();
    if (from_.is->when == day_reader::value) {
      date("valueDateTime");
    } else {
      date("effectiveDateTime");
      value();
    }
    if (specimen) out_.key("specimen").begin_object().member("reference", "#specimen").end_object();
  }

  void procedure() {
    if (!as_.no_status) out_.member("status", status("completed"));
    code();
    date("performedDateTime");
    if (const auto* t = coded_value()) {
      out_.key("usedCode").begin_array().begin_object().key("coding").begin_array();
      coding(out_, t->codes.front());
      out_.end_array().member("text", t->title).end_object().end_array();
    }
  }

  void condition() {
    const auto verification = status("confirmed");
    // R4 con-5: no clinical status where entered in error.
    if (!as_.no_status && verification != "entered-in-error")
      hl7_status(out_, "clinicalStatus", "condition-clinical",
                 among(clinical_statuses, row_.value) ? row_.value : "active");
    hl7_status(out_, "verificationStatus", "condition-ver-status", verification);
    code();
    date(from_.is->when == day_reader::onset ? "onsetDateTime" : "recordedDate");
  }

  /// The term whose code says the row's value, by the value's name or the term's.
  const term* coded_value() const {
    std::string word = row_.value;
    std::replace(word.begin(), word.end(), ' ', '_');
    const auto look = [&](const std::vector<particular>& in) -> const term* {
      for (const auto& one : in)
        for (const auto& r : one.readers)
          for (const auto& c : r.coded)
            if ((c.value == word || pack_.terms[c.term].id == word) && !pack_.terms[c.term].codes.empty())
              return &pack_.terms[c.term];
      return nullptr;
    };
    if (const auto* t = look(from_.of->has)) return t;
    return look(from_.is->own);
  }

  void value() {
    if (row_.value.empty()) return;
    if (const auto* t = from_.counted ? nullptr : coded_value()) {
      concept_of(out_, "valueCodeableConcept", t->codes.front(), t->title);
      return;
    }
    if (const auto colon = row_.value.find(':'); colon != std::string::npos) {
      const auto up = row_.value.substr(0, colon), down = row_.value.substr(colon + 1);
      if (fhir::decimal::parse(up) && fhir::decimal::parse(down)) {
        out_.key("valueRatio").begin_object();
        out_.key("numerator").begin_object().key("value").raw_number(up).end_object();
        out_.key("denominator").begin_object().key("value").raw_number(down).end_object();
        out_.end_object();
        return;
      }
    }
    if (const auto m = read_measured(row_.value)) {
      const bool whole = m->number.find('.') == std::string::npos;
      if (from_.counted && whole && m->comparator.empty() && m->unit.empty())
        out_.key("valueInteger").raw_number(m->number);
      else
        quantity(out_, *m);
      return;
    }
    out_.member("valueString", row_.value);
  }

  const pack& pack_;
  const row& row_;
  const shape& as_;
  const source& from_;
  std::string patient_, id_;
  writer out_;
};

std::string patient_resource(const chart_case& c) {
  writer out;
  out.begin_object().member("resourceType", "Patient").member("id", patient_id(c));
  out.key("active").boolean(c.who.active);
  if (!c.who.born.empty()) out.member("birthDate", c.who.born);
  if (!c.who.gender.empty()) out.member("gender", c.who.gender);
  if (c.who.deceased == "true")
    out.key("deceasedBoolean").boolean(true);
  else if (!c.who.deceased.empty())
    out.member("deceasedDateTime", c.who.deceased);
  if (c.who.replaced)
    out.key("link")
        .begin_array()
        .begin_object()
        .key("other")
        .begin_object()
        .member("reference", "Patient/" + patient_id(c) + "-kept")
        .end_object()
        .member("type", "replaced-by")
        .end_object()
        .end_array();
  out.end_object();
  return std::move(out).text();
}

/// The source that a row goes into: the first of the pack, or the one that `as` names by type or number.
const source* choose(const std::vector<source>& all, const shape& as) {
  if (as.number) return *as.number >= 1 && *as.number <= all.size() ? &all[*as.number - 1] : nullptr;
  for (const auto& s : all)
    if (!as.type || s.is->find == *as.type) return &s;
  return nullptr;
}

/// "p1-3-mrd-by-flow", cut to what FHIR allows an id (64 characters).
std::string row_id(const std::string& patient, std::size_t number, const std::string& term) {
  auto id = patient + "-" + std::to_string(number) + "-" + term;
  std::replace(id.begin(), id.end(), '_', '-');
  constexpr std::size_t longest = 64;
  return id.substr(0, longest);
}

}  // namespace

std::vector<std::string> compile(const pack& p, const chart_case& c, std::vector<diagnostic>& problems) {
  std::vector<std::string> out;
  if (c.bundle_patient.empty()) out.push_back(patient_resource(c));
  std::size_t number = 0;
  for (const auto& r : c.rows) {
    ++number;
    const auto as = read_shape(r, problems);
    if (!as) continue;
    const auto all = sources_of(p, r.term);
    const auto* from = choose(all, *as);
    if (from == nullptr) {
      problems.push_back({"no-source", severity::error,
                          "no source of an event reads `" + p.terms[r.term].id + "`" + (all.empty() ? "" : " as asked"),
                          "events/ names the terms that rows can have", r.at, 1});
      continue;
    }
    out.push_back(
        row_writer(p, r, *as, *from, patient_id(c), row_id(patient_id(c), number, p.terms[r.term].id)).text());
  }
  out.insert(out.end(), c.resources.begin(), c.resources.end());
  return out;
}

}  // namespace mainstay::rules::case_files
