#include "rules/cases/write_row.hpp"

#include <algorithm>

#include "fhir/json/writer.hpp"

namespace mainstay::rules::case_files {

namespace {

using fhir::json::writer;

/// A hospital's own code system; `urn:example` names nobody (RFC 6963).
constexpr std::string_view local_system = "urn:example:hospital";

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

void reference(writer& out, std::string_view name, const std::string& to) {
  out.key(name).begin_object().member("reference", to).end_object();
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

/// A whole day.
bool is_day(const std::string& date) {
  return fhir::parse_day(date).has_value();
}

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
    return finished();
  }

  /// The panel that the row's Observation is a member of.
  std::string panel(const std::string& id) {
    out_ = writer();
    out_.begin_object().member("resourceType", "Observation").member("id", id).member("status", "final");
    concept_of(out_, "code", {std::string(local_system), "FLOW-PANEL"}, "flow cytometry panel");
    date("effective");
    out_.key("hasMember").begin_array().begin_object().member("reference", "Observation/" + id_).end_object();
    out_.end_array();
    return finished();
  }

 private:
  std::string finished() {
    reference(out_, "subject", "Patient/" + patient_);
    out_.end_object();
    return std::move(out_).text();
  }

  void code() {
    const auto& t = pack_.terms[row_.term];
    out_.key("code").begin_object();
    const auto standard = standard_code();
    if (!as_.text_only && (as_.local_code || standard)) {
      out_.key("coding").begin_array();
      if (as_.local_code) coding(out_, {std::string(local_system), local_code()});
      if (standard) coding(out_, *standard);
      out_.end_array();
    }
    out_.member("text", t.title).end_object();
  }

  std::optional<fhir::coding> standard_code() const {
    if (row_.code) return row_.code;
    const auto& t = pack_.terms[row_.term];
    const auto& codes = as_.may || t.codes.empty() ? t.may : t.codes;
    return codes.empty() ? std::nullopt : std::optional(codes.front());
  }

  /// `mrd_by_flow` as "MRD-BY-FLOW".
  std::string local_code() const {
    auto out = pack_.terms[row_.term].id;
    for (char& c : out) c = c == '_' ? '-' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
  }

  /// The row's day under a choice type's name: `performed` as performedDateTime, performedPeriod or performedString.
  void date(std::string_view name) {
    if (row_.date.empty()) return;
    const std::string stem(name);
    const auto when = as_.instant && is_day(row_.date) ? row_.date + "T09:30:00+00:00" : row_.date;
    if (as_.day_in_words) {
      if (name != "effective") out_.member(stem + "String", "about " + row_.date);  // R4 has no effectiveString
    } else if (as_.period) {
      out_.key(stem + "Period").begin_object().member("start", when).end_object();
    } else {
      out_.member(stem + "DateTime", when);
    }
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
    if (as_.local_code) {
      out_.key("category").begin_array().begin_object().key("coding").begin_array();
      coding(out_, {"http://terminology.hl7.org/CodeSystem/observation-category", "laboratory"});
      out_.end_array().end_object().end_array();
    }
    code();
    if (from_.is->when == day_reader::value)
      day_as_value();
    else {
      date("effective");
      placed_value();
    }
    if (specimen) reference(out_, "specimen", "#specimen");
  }

  /// The day is what the Observation says.
  void day_as_value() {
    if (row_.date.empty()) return;
    if (as_.day_in_words)
      out_.member("valueString", row_.date);
    else
      out_.member("valueDateTime", row_.date);
  }

  void procedure() {
    if (!as_.no_status) out_.member("status", status("completed"));
    code();
    date("performed");
    if (const auto* t = coded_value()) {
      out_.key("usedCode").begin_array().begin_object().key("coding").begin_array();
      coding(out_, t->codes.front());
      out_.end_array().member("text", t->title).end_object().end_array();
    }
  }

  void condition() {
    const auto verification = status("confirmed");
    // R4 con-5: no clinical status where entered in error.
    if (!as_.no_status && !as_.no_clinical_status && verification != "entered-in-error")
      hl7_status(out_, "clinicalStatus", "condition-clinical", is_clinical_status(row_.value) ? row_.value : "active");
    hl7_status(out_, "verificationStatus", "condition-ver-status", verification);
    code();
    if (from_.is->when == day_reader::onset || as_.day_in_words)
      date("onset");
    else if (!row_.date.empty())
      out_.member("recordedDate", row_.date);
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

  void placed_value() {
    if (!as_.component) return value();
    out_.key("component").begin_array().begin_object();
    code();
    value();
    out_.end_object().end_array();
  }

  void value() {
    if (as_.value_absent) return hl7_status(out_, "dataAbsentReason", "data-absent-reason", "not-performed");
    if (row_.value.empty()) return;
    if (as_.value_in_words || !structured_value()) out_.member("valueString", row_.value);
  }

  bool structured_value() {
    if (const auto* t = from_.counted ? nullptr : coded_value()) {
      concept_of(out_, "valueCodeableConcept", t->codes.front(), t->title);
      return true;
    }
    return ratio() || number();
  }

  bool ratio() {
    const auto colon = row_.value.find(':');
    if (colon == std::string::npos) return false;
    const auto up = row_.value.substr(0, colon), down = row_.value.substr(colon + 1);
    if (!fhir::decimal::parse(up) || !fhir::decimal::parse(down)) return false;
    out_.key("valueRatio").begin_object();
    out_.key("numerator").begin_object().key("value").raw_number(up).end_object();
    out_.key("denominator").begin_object().key("value").raw_number(down).end_object();
    out_.end_object();
    return true;
  }

  bool number() {
    const auto m = read_measured(row_.value);
    if (!m) return false;
    const bool whole = m->number.find('.') == std::string::npos;
    if (from_.counted && whole && m->comparator.empty() && m->unit.empty())
      out_.key("valueInteger").raw_number(m->number);
    else
      quantity(*m);
    return true;
  }

  void quantity(const measured& m) {
    out_.key("valueQuantity").begin_object();
    if (!m.comparator.empty()) out_.member("comparator", m.comparator);
    out_.key("value").raw_number(m.number);
    if (!m.unit.empty()) {
      out_.member("unit", m.unit);
      if (!as_.unit_in_words) out_.member("system", "http://unitsofmeasure.org").member("code", m.unit);
    }
    out_.end_object();
  }

  const pack& pack_;
  const row& row_;
  const shape& as_;
  const source& from_;
  std::string patient_, id_;
  writer out_;
};

}  // namespace

std::vector<std::string> write_row(const pack& p, const row& r, const shape& as, const source& from,
                                   const std::string& patient, const std::string& id) {
  row_writer w(p, r, as, from, patient, id);
  std::vector<std::string> out{w.text()};
  constexpr std::size_t longest_stem = 58;  // FHIR R4 id: 64 characters
  if (as.panel && from.is->find == resource_type::observation)
    out.push_back(w.panel(id.substr(0, longest_stem) + "-panel"));
  return out;
}

}  // namespace mainstay::rules::case_files
