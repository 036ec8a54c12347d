#include <algorithm>

#include "fhir/types/measurement.hpp"
#include "rules/advice/text.hpp"
#include "rules/explain/explain.hpp"
#include "rules/explain/plain.hpp"

namespace mainstay::rules {

namespace {

constexpr std::size_t columns = 120;

/// ASCII, one line, wrapped at blanks so that no line is longer than the columns; further lines are indented by four
/// more.
void line(std::string& out, std::size_t indent, std::string_view text) {
  std::string ascii;
  for (const char c : clean(text, 4000)) ascii += static_cast<unsigned char>(c) < 0x80 ? c : '?';
  for (bool first = true; first || !ascii.empty(); first = false) {
    const auto pad = indent + (first ? 0 : 4);
    auto size = std::min(ascii.size(), columns - pad);
    if (size < ascii.size()) {
      const auto blank = ascii.rfind(' ', size);
      if (blank != std::string::npos && blank > 0) size = blank;
    }
    out += std::string(pad, ' ') + ascii.substr(0, size) + "\n";
    ascii.erase(0, size);
    ascii.erase(0, std::min(ascii.find_first_not_of(' '), ascii.size()));
  }
}

std::string fact_text(const pack& p, const fact_result& r) {
  const auto& def = p.facts[r.fact];
  std::string out = def.id + " = " + plain_value(def, r.strict);
  const auto face = plain_value(def, r.face);
  if (face != plain_value(def, r.strict)) out += ", at face value " + face;
  std::string recorded = r.strict.shown;
  if (!r.strict.how_read.empty()) recorded.append(recorded.empty() ? "" : ", ").append(r.strict.how_read);
  if (!recorded.empty()) out += " (" + recorded + ")";
  if (r.strict.date) out += ", " + fhir::to_string(*r.strict.date);
  std::string sources;
  for (const auto s : r.strict.sources) sources.append(sources.empty() ? " [" : ", ").append(s);
  if (!sources.empty()) out += sources + "]";
  std::string reasons;
  for (const auto& why : r.strict.reasons) {
    reasons += (reasons.empty() ? "; because: " : ", ") + std::string(to_text(why.kind));
    if (!why.detail.empty()) reasons += " (" + why.detail + ")";
  }
  return out + reasons;
}

}  // namespace

std::string plain_value(const fact& def, const finding& f) {
  switch (f.type) {
    case fact_type::event:
      return f.yes == fhir::truth::yes ? "on record" : f.yes == fhir::truth::no ? "none" : "unknown";
    case fact_type::truth:
      return std::string(f.yes == fhir::truth::yes ? "true" : f.yes == fhir::truth::no ? "false" : "unknown");
    case fact_type::number: {
      const auto unit = def.unit.empty() ? std::string() : " " + def.unit;
      const auto& n = f.numbers;
      if (def.ucum) return f.is == finding::state::unknown ? "unknown" : fhir::to_string(n) + unit;
      if (n.low && n.high)
        return (*n.low == *n.high ? n.low->to_string() : n.low->to_string() + " to " + n.high->to_string()) + unit;
      if (n.low) return n.low->to_string() + " or more" + unit;
      if (n.high) return "at most " + n.high->to_string() + unit;
      return "unknown";
    }
    case fact_type::code:
      break;
  }
  if (f.is == finding::state::unknown || f.codes.empty()) return "unknown";
  std::string out;
  for (const auto& c : f.codes) out += (out.empty() ? "" : " or ") + c;
  return out;
}

std::string explain_protocol(const pack& p, const assessment& a, const protocol_result& r) {
  const auto& def = p.protocols[r.protocol];
  std::string out;
  line(out, 0, def.id + ": " + std::string(to_text(r.is)));
  if (r.search_failed) line(out, 2, "a search behind `applies` failed");
  if (!r.fault.empty()) line(out, 2, "a fault of ours: " + r.fault);
  for (const auto f : def.applies)
    line(out, 2, "applies: " + std::string(fhir::to_text(a.facts[f].on_record)) + " | " + fact_text(p, a.facts[f]));
  for (const auto& c : r.criteria) {
    const auto& criterion = def.criteria[c.criterion];
    auto head = std::string(criterion.type == criterion_class::require ? "require " : "confirm ") + criterion.id +
                ": " + std::string(fhir::to_text(c.strict));
    if (c.face != c.strict) head += ", at face value " + std::string(fhir::to_text(c.face));
    if (c.hint) head += ", hint";
    line(out, 2, head + " | " + criterion.text);
    if (!criterion.when)
      line(out, 6, "always asked");
    else
      line(out, 6, "when " + criterion.when->text);
    for (const auto f : c.facts) line(out, 6, fact_text(p, a.facts[f]));
  }
  for (std::size_t i = 0; i < r.risk.size(); ++i)
    line(out, 2,
         "risk " + def.risk[i].id + ": " + std::string(to_text(r.risk[i])) + " | when " + def.risk[i].when.text);
  std::string missing;
  for (const auto f : r.missing) missing += (missing.empty() ? "" : ", ") + p.facts[f].id;
  if (!missing.empty()) line(out, 2, "missing: " + missing);
  return out;
}

std::string explain_text(const pack& p, const assessment& a) {
  std::string out;
  line(out, 0, p.id + " " + p.version + ", " + fhir::to_string(a.at.local_date));
  if (!a.silent.empty()) line(out, 0, "no cards: the patient is " + a.silent);
  for (const auto& s : a.failed_searches) line(out, 0, "search without an answer: " + s);
  for (const auto& r : a.protocols) out += "\n" + explain_protocol(p, a, r);
  out += "\nfacts\n";
  for (const auto& f : a.facts) line(out, 2, fact_text(p, f));
  return out;
}

}  // namespace mainstay::rules
