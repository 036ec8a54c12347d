#include "fhir/lab_text/lab_text.hpp"

#include "fhir/lab_text/numbers.hpp"
#include "fhir/lab_text/words.hpp"
#include "fhir/types/quotient.hpp"
#include "fhir/ucum/unit.hpp"

namespace mainstay::fhir::lab_text {
namespace {

enum class sign { none, less, less_or_equal, greater, greater_or_equal };

sign take_comparator(cursor& at) {
  struct spelling {
    std::string_view text;
    sign meaning;
  };
  static constexpr spelling signs[] = {
      {"<=", sign::less_or_equal},    {"=<", sign::less_or_equal}, {">=", sign::greater_or_equal},
      {"=>", sign::greater_or_equal}, {"<", sign::less},           {">", sign::greater}};
  static constexpr spelling words[] = {{"less than or equal to", sign::less_or_equal},
                                       {"less than", sign::less},
                                       {"below", sign::less},
                                       {"under", sign::less},
                                       {"at most", sign::less_or_equal},
                                       {"greater than or equal to", sign::greater_or_equal},
                                       {"greater than", sign::greater},
                                       {"more than", sign::greater},
                                       {"above", sign::greater},
                                       {"over", sign::greater},
                                       {"at least", sign::greater_or_equal}};
  for (const auto& s : signs)
    if (at.rest().starts_with(s.text)) {
      at.skip(s.text.size());
      at.blanks();
      return s.meaning;
    }
  for (const auto& w : words)
    if (at.word(w.text)) return w.meaning;
  return sign::none;
}

interval bounded(sign how, const interval& exact) {
  if (how == sign::none) return exact;
  const bool up = how == sign::greater || how == sign::greater_or_equal;
  interval result;
  if (up) {
    result.low = exact.low;
    result.low_open = exact.low_open || how == sign::greater;
  } else {
    result.high = exact.high;
    result.high_open = exact.high_open || how == sign::less;
  }
  return result;
}

/// A number with its unit, or a ratio.
struct measured {
  interval values;
  std::string unit;
  const ucum::alias* spelling = nullptr;
  bool proportion = false;  ///< says its own scale: a ratio, a percentage, or a power of ten
};

/// The unit that the text is, up to its end or the sign of a range: a UCUM code or a laboratory's spelling.
bool take_unit(cursor& at, const options& o, measured& m) {
  std::string_view text = at.rest();
  for (const std::string_view end : {" - ", " to ", " and "}) text = text.substr(0, text.find(end));
  // "2024/05" is no number per five.
  if (text.find_first_not_of("0123456789./*^()+-") == std::string_view::npos) return false;
  if (const auto* found = o.lab_spellings ? ucum::find_alias(text) : nullptr) {
    m.spelling = found;
    m.unit = found->code;
  } else if (ucum::parse(text)) {
    m.unit = text;
  } else {
    return false;
  }
  at.skip(text.size());
  return true;
}

bool take_percent(cursor& at) {
  const std::size_t begin = at.place();
  at.blanks();
  // `%[slope]` and the like are units of their own.
  if (at.peek() == '%' && at.peek(1) != '[') {
    at.skip(1);
    return true;
  }
  at.back_to(begin);
  return false;
}

/// Behind a number: "in 10,000 cells"; no value, and the cursor where it was, where no ratio follows.
std::optional<interval> take_ratio(cursor& at, const decimal& numerator) {
  const std::size_t begin = at.place();
  at.blanks();
  if (at.take(':') || at.take('/') || at.word("in") || at.word("per")) {
    at.blanks();
    const auto denominator = take_count(at);
    at.blanks();
    at.any_of(counted());
    if (denominator && !denominator->is_zero() && !numerator.is_negative())
      if (const auto values = quotient(numerator, *denominator)) return values;
  }
  at.back_to(begin);
  return std::nullopt;
}

std::optional<measured> finish_measured(cursor& at, const written_number& n, const options& o) {
  measured m;
  m.values = {.low = n.value, .high = n.value};
  m.proportion = n.power;
  if (auto ratio = take_ratio(at, n.value)) {
    m.values = *ratio;
    m.unit = "1";
    m.proportion = true;
    return m;
  }
  if (take_percent(at)) {
    m.unit = "%";
    m.proportion = true;
    at.blanks();
    at.any_of(of_what());
    return m;
  }
  at.blanks();
  if (at.done() || at.peek() == ')' || at.peek() == '-' || at.peek() == ',') return m;
  const std::size_t begin = at.place();
  if (at.word("to") || at.word("and")) {
    at.back_to(begin);
    return m;
  }
  if (!take_unit(at, o, m)) return std::nullopt;
  m.proportion = m.unit == "%" || m.unit == "[ppth]" || m.unit == "[ppm]";
  return m;
}

std::optional<measured> take_measured(cursor& at, const options& o) {
  const auto n = take_number(at);
  return n ? finish_measured(at, *n, o) : std::nullopt;
}

struct amount {
  measured what;
  bool range = false;
};

/// "12-15 %", behind its first number.
std::optional<amount> take_upper_end(cursor& at, const measured& low, const options& o) {
  const auto high = take_measured(at, o);
  if (!high || !low.values.low || !high->values.high || low.unit == "1" || high->unit == "1") return std::nullopt;
  if (!low.unit.empty() && low.unit != high->unit) return std::nullopt;
  if (*low.values.low >= *high->values.high) return std::nullopt;
  amount a{*high, true};
  a.what.values = {.low = low.values.low, .high = high->values.high};
  return a;
}

std::optional<amount> take_amount(cursor& at, const options& o) {
  if (at.word("between")) {
    const auto low = take_measured(at, o);
    at.blanks();
    if (!low || !at.word("and")) return std::nullopt;
    return take_upper_end(at, *low, o);
  }
  const sign how = take_comparator(at);
  auto first = take_measured(at, o);
  if (!first) return std::nullopt;
  at.blanks();
  if (how == sign::none && (at.take('-') || at.word("to"))) {
    at.blanks();
    return take_upper_end(at, *first, o);
  }
  first->values = bounded(how, first->values);
  return amount{*first, !(first->values.low && first->values.high && *first->values.low == *first->values.high)};
}

/// A proportion between nothing and everything; the sensitivity of an assay is one that is above nothing.
std::optional<decimal> take_sensitivity(cursor& at) {
  const auto m = take_measured(at, {});
  if (!m || !m->proportion || m->values.low != m->values.high) return std::nullopt;
  const int power = m->unit == "%" ? -2 : m->unit == "[ppth]" ? -3 : m->unit == "[ppm]" ? -6 : 0;
  const auto value = m->values.low->shifted(power);
  if (!value || *value <= decimal(0) || *value >= decimal(1)) return std::nullopt;
  return value;
}

/// The tail, up to the end of the text; `below` allows "negative (< 0.01 %)", which names the assay's sensitivity.
bool take_tail(cursor& at, bool below, std::optional<decimal>& sensitivity) {
  at.blanks();
  if (at.done()) return true;
  const bool bracket = at.take('(');
  if (!bracket && !at.take(',')) at.take(';');
  at.blanks();
  if (at.any_of(sensitivity_words())) {
    at.word("of");
    if (!at.take(':')) at.take('=');
    at.blanks();
    if (at.take('<')) at.take('=');
  } else {
    const bool preposition = below && at.word("at");
    const sign how = take_comparator(at);
    if (!below || (how != sign::less && how != sign::less_or_equal && !(preposition && how == sign::none)))
      return false;
  }
  at.blanks();
  sensitivity = take_sensitivity(at);
  at.blanks();
  if (bracket && !at.take(')')) return false;
  return sensitivity.has_value() && at.done();
}

/// Where the tail begins: the units before it are free text, so it is found first.
std::size_t tail_of(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    cursor at(text);
    at.back_to(i);
    if (i != 0 && text[i - 1] != ' ' && text[i - 1] != '(' && text[i - 1] != ',' && text[i - 1] != ';') continue;
    if (!at.any_of(sensitivity_words())) continue;
    while (i > 0 && (text[i - 1] == ' ' || text[i - 1] == '(')) --i;
    if (i > 0 && (text[i - 1] == ',' || text[i - 1] == ';')) --i;
    return i;
  }
  return text.size();
}

/// An amount that stands at the end of the text, in brackets or not: "positive (0.05 %)".
std::optional<amount> whole_amount(std::string_view text, const options& o) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.starts_with('(') && text.ends_with(')')) text = text.substr(1, text.size() - 2);
  if (text.starts_with(',') || text.starts_with(':')) text.remove_prefix(1);
  cursor at(text);
  at.blanks();
  auto a = take_amount(at, o);
  at.blanks();
  return a && at.done() ? a : std::nullopt;
}

result unreadable() {
  return {};
}

result read_amount(std::string_view text, const options& o, bool above_zero) {
  auto a = whole_amount(text, o);
  if (!a) return unreadable();
  interval& v = a->what.values;
  if (above_zero) {
    // What was found is there: its amount is more than nothing.
    if (v.high && *v.high <= decimal(0)) return unreadable();
    if (!v.low || *v.low <= decimal(0)) {
      v.low = decimal(0);
      v.low_open = true;
    }
  }
  result r;
  r.kind = a->range ? kind::range : kind::value;
  r.values = v;
  r.unit = a->what.unit;
  r.spelling = a->what.spelling;
  return r;
}

}  // namespace

std::string_view to_text(kind k) {
  switch (k) {
    case kind::unreadable:
      return "unreadable";
    case kind::value:
      return "value";
    case kind::range:
      return "range";
    case kind::detected:
      return "detected";
    case kind::not_detected:
      return "not detected";
  }
  return {};
}

result read(std::string_view original, const options& o) {
  if (original.size() > o.length) return unreadable();
  const auto text = plain(original);
  if (!text) return unreadable();
  std::string_view body = *text;
  if (body.ends_with('.') && !body.ends_with("neg.") && !body.ends_with("pos.")) body.remove_suffix(1);
  cursor at(body);
  if (at.any_of(labels())) {
    if (at.peek() == '-') at.back_to(0);  // "MRD-negative" is one word
    if (!at.take(':')) at.take('=');
    at.blanks();
  }
  if (at.any_of(negative_words())) {
    result r;
    r.kind = kind::not_detected;
    return take_tail(at, true, r.sensitivity) ? r : unreadable();
  }
  const bool positive = at.any_of(positive_words());
  const std::string_view rest = at.rest();
  const std::size_t split = tail_of(rest);
  result r;
  if (positive && rest.substr(0, split).empty()) {
    r.kind = kind::detected;
  } else {
    r = read_amount(rest.substr(0, split), o, positive);
  }
  cursor tail(rest.substr(split));
  return r.kind != kind::unreadable && take_tail(tail, false, r.sensitivity) ? r : unreadable();
}

}  // namespace mainstay::fhir::lab_text
