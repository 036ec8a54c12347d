#include <algorithm>

#include "fhir/json/writer.hpp"
#include "rules/explain/explain.hpp"

namespace mainstay::rules {

namespace {

using fhir::json::writer;

void strings(writer& out, std::string_view name, const auto& list) {
  out.key(name).begin_array();
  for (const auto& s : list) out.string(s);
  out.end_array();
}

bool single(const fhir::interval& n) {
  return n.low && n.high && *n.low == *n.high;
}

/// The one value of a known fact: true or false, a number with its digits, or a code.
void known_value(writer& out, const finding& f) {
  switch (f.type) {
    case fact_type::event:
    case fact_type::truth:
      out.key("value").boolean(f.yes == fhir::truth::yes);
      break;
    case fact_type::number:
      if (single(f.numbers)) out.key("value").raw_number(f.numbers.low->to_string());
      break;
    case fact_type::code:
      if (!f.codes.empty()) out.key("value").string(f.codes.front());
      break;
  }
}

/// What is possible: codes, or the hull of numbers with an open end left out.
void possible_values(writer& out, const finding& f) {
  out.key("possible").begin_array();
  if (f.type == fact_type::code) {
    for (const auto& c : f.codes) out.string(c);
  } else if (f.type == fact_type::number) {
    out.begin_object();
    if (f.numbers.low) out.key("low").raw_number(f.numbers.low->to_string());
    if (f.numbers.high) out.key("high").raw_number(f.numbers.high->to_string());
    if (f.numbers.low && f.numbers.low_open) out.key("low_open").boolean(true);
    if (f.numbers.high && f.numbers.high_open) out.key("high_open").boolean(true);
    out.end_object();
  } else {
    out.boolean(true).boolean(false);
  }
  out.end_array();
}

std::string_view state_text(finding::state s) {
  switch (s) {
    case finding::state::known:
      return "known";
    case finding::state::possible:
      return "possible";
    case finding::state::unknown:
      return "unknown";
  }
  return "unknown";
}

void fact_member(writer& out, const fact& def, const finding& f) {
  out.key(def.id).begin_object();
  out.member("state", state_text(f.is));
  if (f.is == finding::state::known) known_value(out, f);
  if (!def.unit.empty()) out.member("unit", def.unit);
  if (f.is == finding::state::possible) possible_values(out, f);
  if (!f.shown.empty()) out.member("recorded", f.shown);
  if (!f.how_read.empty()) out.member("how_read", f.how_read);
  if (f.date) out.member("date", fhir::to_string(*f.date));
  strings(out, "sources", f.sources);
  std::vector<std::string> kinds;
  for (const auto& r : f.reasons)
    if (std::string kind(to_text(r.kind)); std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
      kinds.push_back(std::move(kind));
  strings(out, "reasons", kinds);
  const bool more = std::any_of(f.reasons.begin(), f.reasons.end(),
                                [](const reason& r) { return !r.detail.empty() || !r.source.empty(); });
  if (more) {
    out.key("why").begin_array();
    for (const auto& r : f.reasons) {
      out.begin_object().member("reason", to_text(r.kind));
      if (!r.detail.empty()) out.member("detail", r.detail);
      if (!r.source.empty()) out.member("source", r.source);
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
}

void verdict_member(writer& out, const pack& p, const protocol_result& r) {
  const auto& def = p.protocols[r.protocol];
  out.key(def.id).begin_object().member("verdict", to_text(r.is));
  if (!r.fault.empty()) out.member("fault", r.fault);
  out.key("criteria").begin_array();
  for (const auto& c : r.criteria) {
    const auto& criterion = def.criteria[c.criterion];
    out.begin_object().member("id", criterion.id);
    out.member("class", criterion.type == criterion_class::require ? "require" : "confirm");
    out.member("strict", fhir::to_text(c.strict)).member("face", fhir::to_text(c.face));
    out.key("facts").begin_array();
    for (const auto f : c.facts) out.string(p.facts[f].id);
    out.end_array().end_object();
  }
  out.end_array();
  out.key("risk").begin_object();
  for (std::size_t i = 0; i < r.risk.size(); ++i) out.member(def.risk[i].id, to_text(r.risk[i]));
  out.end_object();
  if (!r.missing.empty()) {
    out.key("missing").begin_array();
    for (const auto f : r.missing) out.string(p.facts[f].id);
    out.end_array();
  }
  if (!r.arms.empty()) strings(out, "arms", r.arms);
  out.end_object();
}

void card(writer& out, const card_content& c) {
  out.begin_object()
      .member("topic", c.topic)
      .member("summary", c.summary)
      .member("detail", c.detail)
      .member("indicator", c.indicator);
  out.key("source").begin_object().member("label", c.source_label);
  if (!c.source_url.empty()) out.member("url", c.source_url);
  out.end_object();
  strings(out, "protocols", c.protocols);
  out.end_object();
}

}  // namespace

std::string explain_json(const pack& p, const assessment& a, const std::vector<card_content>& cards,
                         std::string_view now_text) {
  writer out(2);
  out.begin_object().member("now", now_text);
  out.key("pack").begin_object().member("id", p.id).member("version", p.version).member("hash", p.hash).end_object();
  if (!a.silent.empty()) out.member("silent", a.silent);
  if (!a.failed_searches.empty()) strings(out, "failed", a.failed_searches);
  out.key("facts").begin_object();
  for (const auto& f : a.facts) fact_member(out, p.facts[f.fact], f.strict);
  out.end_object();
  out.key("verdicts").begin_object();
  for (const auto& r : a.protocols) verdict_member(out, p, r);
  out.end_object();
  out.key("cards").begin_array();
  for (const auto& c : cards) card(out, c);
  out.end_array().end_object();
  return std::move(out).text();
}

}  // namespace mainstay::rules
