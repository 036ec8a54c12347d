#include "rules/cases/compile.hpp"

#include <algorithm>

#include "fhir/json/writer.hpp"
#include "rules/cases/write_row.hpp"

namespace mainstay::rules::case_files {

namespace {

using fhir::json::writer;

std::vector<source> sources_of(const pack& p, index term) {
  std::vector<source> out;
  for (const auto& e : p.events) {
    for (const auto& s : e.sources)
      if (!s.from_event && s.term == term) out.push_back({&e, &s, false});
    if (e.counted && e.counted->term == term) out.push_back({&e, &*e.counted, true});
  }
  return out;
}

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
    const auto id = row_id(patient_id(c), number, p.terms[r.term].id);
    for (auto& text : write_row(p, r, *as, *from, patient_id(c), id)) out.push_back(std::move(text));
  }
  out.insert(out.end(), c.resources.begin(), c.resources.end());
  return out;
}

}  // namespace mainstay::rules::case_files
