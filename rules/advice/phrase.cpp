#include "rules/advice/phrase.hpp"

#include <algorithm>
#include <chrono>

#include "fhir/types/measurement.hpp"
#include "rules/advice/text.hpp"

namespace mainstay::rules {

namespace {

/// Whole calendar months from a to b.
int months_between(fhir::day a, fhir::day b) {
  namespace c = std::chrono;
  const c::year_month_day from{c::sys_days{c::days{a.number}}}, to{c::sys_days{c::days{b.number}}};
  const int months = (static_cast<int>(to.year()) - static_cast<int>(from.year())) * 12 +
                     static_cast<int>(static_cast<unsigned>(to.month())) -
                     static_cast<int>(static_cast<unsigned>(from.month()));
  return to.day() < from.day() ? months - 1 : months;
}

constexpr int days_told = 60;  // ages of data are in days up to here

struct age {
  int number;
  bool in_days;
};
age age_at(fhir::day at, fhir::day today) {
  const int days = today - at;
  // A result of 61 days may lie within two calendar months; it is never "1 month".
  if (days > days_told) return {std::max(2, months_between(at, today)), false};
  return {days, true};
}

std::string join(const std::vector<std::string>& parts, std::string_view between, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out += i + 1 == parts.size() ? last : between;
    out += parts[i];
  }
  return out;
}

/// The title of a code that a fact can have, as the event's particulars say.
std::string code_title(const pack& p, const fact& f, const std::string& code) {
  const auto search = [&](const std::vector<particular>& in) -> const std::string* {
    for (const auto& one : in) {
      if (one.name != f.particular) continue;
      if (const auto at = one.value_titles.find(code); at != one.value_titles.end()) return &at->second;
    }
    return nullptr;
  };
  std::vector<index> events = f.events;
  if (f.anchor) events.insert(events.end(), p.facts[*f.anchor].events.begin(), p.facts[*f.anchor].events.end());
  for (std::size_t i = 0; i < events.size() && i < 100; ++i) {
    const auto& e = p.events[events[i]];
    if (const auto* title = search(e.has)) return *title;
    for (const auto& s : e.sources) {
      if (const auto* title = search(s.own)) return *title;
      if (s.from_event) events.push_back(*s.from_event);
    }
  }
  std::string plain = code;
  std::replace(plain.begin(), plain.end(), '_', ' ');
  return plain;
}

std::string number_text(const fact& f, const std::string& digits, bool one) {
  if (f.unit.empty()) return digits;
  if (f.unit == "days" || f.unit == "years" || f.unit == "months")
    return digits + " " + (one ? f.unit.substr(0, f.unit.size() - 1) : f.unit);
  return digits + " " + f.unit;
}

std::string number_in_words(const fact& f, const fhir::interval& n) {
  const bool is_day = f.how == verb::days_since;
  const auto digits = [](const fhir::decimal& d) { return d.to_string(); };
  const auto with_unit = [&](const std::string& text, bool one) {
    return is_day ? "day " + text : number_text(f, text, one);
  };
  if (n.low && n.high && *n.low == *n.high) return with_unit(digits(*n.low), digits(*n.low) == "1");
  if (n.low && n.high) return with_unit(digits(*n.low) + " to " + digits(*n.high), false);
  if (f.how == verb::count && n.low && !n.high)
    return n.low->is_zero() ? "none on record, perhaps some" : digits(*n.low) + " on record, perhaps more";
  if (n.low) return with_unit(digits(*n.low), digits(*n.low) == "1") + (is_day ? " or later" : " or more");
  if (n.high) return "at most " + with_unit(digits(*n.high), digits(*n.high) == "1");
  return "not known";
}

/// "0.8 10*9/L (800 /uL)": in the fact's unit, and as recorded where that is another.
std::string quantity_in_words(const writing& w, const fact& def, const finding& f) {
  const auto number = fhir::to_string(f.numbers);
  if (number.empty()) return "not known";
  auto out = w.chart_words(number + ' ' + def.unit);
  std::string recorded = f.shown == number + ' ' + def.unit ? std::string() : f.shown;
  if (!f.how_read.empty()) recorded.append(recorded.empty() ? "" : ", ").append(f.how_read);
  return recorded.empty() ? out : out + " (" + w.chart_words(recorded) + ")";
}

std::string event_in_words(const writing& w, const finding& f) {
  if (f.yes == fhir::truth::no) return "none on record";
  if (f.yes == fhir::truth::unknown) return f.date ? "possibly" : "not known";
  if (!f.date || f.date->first == fhir::earliest_day) return "on record";
  const int low = w.about.at.local_date - f.date->last, high = w.about.at.local_date - f.date->first;
  constexpr int a_year = 365;  // after it nobody counts days
  if (low < 0 || high > a_year) return "on record";
  return low == high ? "day " + std::to_string(low) : "day " + std::to_string(low) + " to " + std::to_string(high);
}

void push_once(std::vector<std::string>& to, std::string text) {
  if (!text.empty() && std::find(to.begin(), to.end(), text) == to.end()) to.push_back(std::move(text));
}

/// ", 81 days ago" for a detail that ends in a date.
std::string age_after(const writing& w, std::string_view detail) {
  constexpr std::size_t date_size = 10;
  const auto at = detail.size() < date_size ? std::nullopt : fhir::parse_day(detail.substr(detail.size() - date_size));
  return at ? ", " + age_of_data({*at, *at}, w.about.at.local_date) : std::string();
}

std::string reason_text(const writing& w, index fact, const reason& r) {
  const auto& def = w.definition(fact);
  const auto detail = w.chart_words(r.detail);
  const auto with = [&](std::string_view text, std::string_view between) {
    return detail.empty() ? std::string(text) : std::string(text).append(between).append(detail);
  };
  switch (r.kind) {
    case reason_kind::not_recorded:
      return with("not on record", ": ");
    case reason_kind::not_fetched:
      return with("could not be fetched", ": ");
    case reason_kind::stale: {
      const auto limit =
          def.max_age ? words(def.max_age->text) + (def.max_age->from ? " (ours)" : "") : std::string("it may be");
      return with("older than " + limit, ", ") + (r.detail.empty() ? "" : age_after(w, r.detail));
    }
    case reason_kind::unreadable:
      return with("recorded in a form that is not understood", ": ");
    case reason_kind::unit:
      if (detail.empty() || r.detail.starts_with('"')) return with("recorded without a unit", ": ");
      return "unit not understood: \"" + detail + "\"";
    case reason_kind::conflict:
      return with("sources disagree", ": ");
    case reason_kind::doubtful:
      return with("doubtful", ": ");
    case reason_kind::imprecise_date:
      return with("date too imprecise", ": ");
    case reason_kind::several:
      return with("leaves more than one answer", ": ");
    case reason_kind::anchor:
      return "hangs on what is not known";
    case reason_kind::too_complex:
      return "the record leaves too many possibilities";
  }
  return {};
}

/// Is the fact's particular read as a proportion?
bool reads_proportion(const pack& p, const fact& f) {
  const auto read = [&](const particular& one) {
    return one.name == f.particular && std::any_of(one.readers.begin(), one.readers.end(),
                                                   [](const reader& r) { return r.how == reader::kind::proportion; });
  };
  return std::any_of(f.events.begin(), f.events.end(),
                     [&](index e) { return std::any_of(p.events[e].has.begin(), p.events[e].has.end(), read); });
}

}  // namespace

std::string age_of_data(const fhir::day_range& date, fhir::day today) {
  if (date.first == fhir::earliest_day || date.last > today) {
    if (date.last >= today || date.first != fhir::earliest_day) return {};
    const auto a = age_at(date.last, today);
    return "at least " + counted(a.number, a.in_days ? "day" : "month") + " ago";
  }
  if (date.single() && date.first == today) return "today";
  const auto newest = age_at(date.last, today), oldest = age_at(date.first, today);
  const auto noun = [](const age& a) { return a.in_days ? "day" : "month"; };
  if (newest.number == oldest.number && newest.in_days == oldest.in_days)
    return counted(oldest.number, noun(oldest)) + " ago";
  if (newest.in_days == oldest.in_days)
    return std::to_string(newest.number) + " to " + counted(oldest.number, noun(oldest)) + " ago";
  return counted(newest.number, noun(newest)) + " to " + counted(oldest.number, noun(oldest)) + " ago";
}

std::string dated(const fhir::day_range& date, fhir::day today) {
  const auto age = age_of_data(date, today);
  const auto when = date.first == fhir::earliest_day ? "by " + fhir::to_string(date.last) : fhir::to_string(date);
  return when + (age.empty() ? "" : ", " + age);
}

bool on_bound(const pack& p, const fact& f, std::string_view shown) {
  const auto value = fhir::parse_proportion(shown);
  if (!value || !value->values.low || value->values.low != value->values.high) return false;
  for (const auto e : f.events)
    for (const auto& one : p.events[e].has)
      for (const auto& r : one.readers)
        for (const auto& row : r.proportion)
          if (one.name == f.particular && row.bound == *value->values.low) return true;
  return false;
}

std::string in_percent(std::string_view shown) {
  std::optional<fhir::decimal> value;
  if (const auto colon = shown.find(':'); colon != std::string_view::npos) {
    const auto up = fhir::decimal::parse(shown.substr(0, colon)), down = fhir::decimal::parse(shown.substr(colon + 1));
    if (up && down) value = up->divide(*down);
    if (value && value->multiply(*down) != up) value.reset();  // 1:3 has no end
  } else if (const auto read = fhir::parse_proportion(shown);
             read && !shown.ends_with('%') && read->values.low == read->values.high) {
    value = read->values.low;
  }
  const auto percent = value ? value->shifted(2) : std::nullopt;
  return percent ? " = " + percent->normalized().to_string() + " %" : std::string();
}

std::string codes_in_words(const writing& w, index fact, const finding& f) {
  std::vector<std::string> titles;
  for (const auto& code : f.codes) push_once(titles, words(code_title(w.rules, w.definition(fact), code)));
  return join(titles, ", ", " or ");
}

std::string value_in_words(const writing& w, index fact, const finding& f) {
  const auto& def = w.definition(fact);
  switch (def.type) {
    case fact_type::event:
      return event_in_words(w, f);
    case fact_type::truth:
      if (f.yes == fhir::truth::unknown) return "not known";
      if (def.how == verb::any) return f.yes == fhir::truth::yes ? "on record" : "none on record";
      return std::string(fhir::to_text(f.yes));
    case fact_type::number:
      if (def.ucum) return f.is == finding::state::unknown ? "not known" : quantity_in_words(w, def, f);
      return f.is == finding::state::unknown && !f.numbers.low && !f.numbers.high ? "not known"
                                                                                  : number_in_words(def, f.numbers);
    case fact_type::code:
      break;
  }
  if (f.is == finding::state::unknown) return "not known";
  auto out = codes_in_words(w, fact, f);
  if (f.shown.empty() && f.how_read.empty()) return out.empty() ? "not known" : out;
  out += " (" + w.chart_words(f.shown);
  if (reads_proportion(w.rules, def)) out += in_percent(f.shown);
  if (on_bound(w.rules, def, f.shown)) out += ", on the bound";
  if (!f.how_read.empty()) out.append(f.shown.empty() ? "" : ", ").append(w.chart_words(f.how_read));
  return out + ")";
}

const finding& shown_finding(const fact_result& f) {
  const bool strict_is_better = f.face.is == finding::state::unknown && f.strict.is != finding::state::unknown;
  return strict_is_better ? f.strict : f.face;
}

std::string doubts_in_words(const writing& w, index fact) {
  std::vector<std::string> details;
  const auto& r = w.result(fact);
  const auto look = [&](const finding& f) {
    for (const auto& reason : f.reasons)
      if (reason.kind == reason_kind::doubtful)
        push_once(details, reason.detail.empty() ? "not sure" : w.chart_words(reason.detail));
  };
  look(r.strict);
  look(r.face);
  return details.empty() ? std::string() : "doubtful: " + join(details, ", ", ", ");
}

std::string reasons_in_words(const writing& w, index fact, const finding& f) {
  std::vector<std::string> texts;
  std::vector<std::string> sides;
  for (const auto& r : f.reasons) {
    if (r.kind == reason_kind::anchor) continue;  // the root is told instead
    // Without an answer nobody knows what is on record.
    if (r.kind == reason_kind::not_recorded && has_reason(f, reason_kind::not_fetched)) continue;
    push_once(texts, reason_text(w, fact, r));
  }
  if (has_reason(f, reason_kind::conflict)) {
    constexpr std::size_t most = 4;
    for (const auto& s : f.sources)
      if (sides.size() < most) push_once(sides, w.chart_words(s));
    if (!sides.empty()) push_once(texts, "see " + join(sides, ", ", " and "));
  }
  return join(texts, "; ", "; ");
}

bool has_reason(const finding& f, reason_kind why) {
  return std::any_of(f.reasons.begin(), f.reasons.end(), [&](const reason& r) { return r.kind == why; });
}

std::string unread_in_words(const writing& w, index fact, const finding& f) {
  const auto told = [](const reason& r) {
    return r.kind == reason_kind::unreadable || r.kind == reason_kind::unit || r.kind == reason_kind::conflict;
  };
  if (std::none_of(f.reasons.begin(), f.reasons.end(), told)) return {};
  finding read = f;
  std::erase_if(read.reasons, [&](const reason& r) { return !told(r); });
  return reasons_in_words(w, fact, read);
}

}  // namespace mainstay::rules
