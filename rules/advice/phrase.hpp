// Facts, ages of data and reasons in a clinician's words. All results are Markdown, texts of the chart escaped.
// Pure functions of pack and assessment; used by the composers of cards.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/advice/advice.hpp"
#include "rules/advice/printed.hpp"
#include "rules/assess/assessment.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::rules {

/// What the composers of one answer share. Holds references: lives no longer than the pack and the assessment.
struct writing {
  const pack& rules;
  const printed& print;
  const assessment& about;
  const advice_limits& limit;

  std::string chart_words(std::string_view text) const { return escape_markdown(text, limit.chart_text); }
  const fact& definition(index f) const { return rules.facts[f]; }
  const fact_result& result(index f) const { return about.facts[f]; }
};

/// How long ago: days up to 60, then whole calendar months; "3 to 33 days ago" where the date is partial; empty where
/// nothing can be said (no earliest day).
std::string age_of_data(const fhir::day_range& date, fhir::day today);

/// "2026-02-20, 9 days ago".
std::string dated(const fhir::day_range& date, fhir::day today);

/// The value that a finding leaves: "CR", "negative (0.001 %)", "negative or positive (< 0.1 %)", "34 years", "day 67",
/// "1 on record, perhaps more", "not known".
std::string value_in_words(const writing& w, index fact, const finding& f);
/// The titles of a code fact's possible values: "CR or CRi"; for an unknown fact what the rows found say.
std::string codes_in_words(const writing& w, index fact, const finding& f);

/// What a reader should see of a fact: the face value where there is one, else what is strictly known.
const finding& shown_finding(const fact_result& f);

/// Why the fact is in doubt, in words without repetition: "doubtful: preliminary; ..."; empty where it is not.
std::string doubts_in_words(const writing& w, index fact);

/// Why the fact is not known, in words: "older than 60 days (ours)", "unit not understood: ...".
std::string reasons_in_words(const writing& w, index fact, const finding& f);

/// The same for what a row says: unreadable, a unit, a conflict; empty where the row could be read.
std::string unread_in_words(const writing& w, index fact, const finding& f);

/// Is that among the reasons why it is not known?
bool has_reason(const finding& f, reason_kind why);

/// A proportion in %, where it is recorded in another way: " = 0.4 %" for "40 10*-4" and for "4:1000"; else empty.
std::string in_percent(std::string_view shown);

/// Is a proportion exactly on a bound of the particular that the fact reads?
bool on_bound(const pack& p, const fact& f, std::string_view shown);

}  // namespace mainstay::rules
