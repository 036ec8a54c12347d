// Texts to units, and what to say of a text that is none.
#include <algorithm>
#include <array>
#include <functional>
#include <stdexcept>

#include "fhir/ucum/atoms.hpp"
#include "fhir/ucum/canonical.hpp"

namespace mainstay::fhir::ucum {
namespace {

struct table_units {
  const unit& of(std::uint16_t row) const { return atom(row); }
};

struct described {
  std::string_view name, sentence;
};
/// In the order of unit_errc; `%` stands for the place's own text.
constexpr std::array sentences{
    described{"empty", "an empty text is no unit; `1` is unity"},
    described{"too_long", "the unit is too long"},
    described{"too_deep", "too many brackets are open at once"},
    described{"character", "this character cannot stand here in a unit"},
    described{"no_operand", "`%` is not followed by a unit"},
    described{"no_operator", "between two units stands `.` or `/`"},
    described{"unknown_symbol", "`%` is no unit of UCUM"},
    described{"not_metric", "`%` is no unit of UCUM: the unit in it takes no prefix"},
    described{"bare_exponent", "`%` is not followed by the digits of an exponent"},
    described{"open_bracket", "the square bracket is not closed"},
    described{"open_annotation", "the brace is not closed"},
    described{"open_parenthesis", "a parenthesis is not closed"},
    described{"closing_parenthesis", "no parenthesis is open here"},
    described{"annotation_in_front", "the annotation `%` stands before its unit; it belongs behind it"},
    described{"zero", "a unit cannot have the factor zero"},
};
static_assert(sentences.size() == static_cast<std::size_t>(unit_errc::zero) + 1);

const described& sentence_of(unit_errc code) {
  return sentences[static_cast<std::size_t>(code)];
}

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
bool same_but_for_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

/// A symbol that was perhaps meant: the same in other letters' case or in square brackets.
std::string suggestion(std::string_view symbol) {
  if (std::string bracketed = '[' + std::string(symbol) + ']'; find_row(bracketed) != no_row) return bracketed;
  for (const row& r : rows) {
    if (same_but_for_case(r.symbol, symbol)) return std::string(r.symbol);
    if (r.symbol.starts_with('[') && same_but_for_case(r.symbol.substr(1, r.symbol.size() - 2), symbol))
      return std::string(r.symbol);
  }
  for (const row& r : rows) {
    if (!takes_prefix(r) || symbol.size() <= r.symbol.size()) continue;
    if (!same_but_for_case(symbol.substr(symbol.size() - r.symbol.size()), r.symbol)) continue;
    const std::string_view front = symbol.substr(0, symbol.size() - r.symbol.size());
    for (const bool exact : {true, false})
      for (const prefix_row& p : prefixes)
        if (exact ? p.symbol == front : same_but_for_case(p.symbol, front))
          return std::string(p.symbol) + std::string(r.symbol);
  }
  return {};
}

/// The units that this thread met last: a chart has some dozen, each of them often. A place a text, the newer one stays.
class met_before {
 public:
  static constexpr std::size_t longest = 31;  ///< nearly every real unit
  /// nullptr: not met, or another one has come since.
  static const unit* find(std::string_view text) {
    const entry& e = place(text);
    return e.size == text.size() && std::equal(text.begin(), text.end(), e.text.begin()) ? &e.is : nullptr;
  }
  static void keep(std::string_view text, const unit& u) {
    entry& e = place(text);
    std::copy(text.begin(), text.end(), e.text.begin());
    e.size = static_cast<std::uint8_t>(text.size());
    e.is = u;
  }

 private:
  struct entry {
    std::array<char, longest> text{};
    std::uint8_t size = 0;  ///< no text: nothing is kept here
    unit is;
  };
  static constexpr std::size_t places = 64;
  static entry& place(std::string_view text) {
    thread_local std::array<entry, places> all;
    return all[std::hash<std::string_view>{}(text) % places];
  }
};

}  // namespace

boost::system::result<unit, unit_error> parse(std::string_view text, const limits& limit) {
  // No text that is kept has more brackets than characters.
  const bool may_be_kept = !text.empty() && text.size() <= std::min(met_before::longest, limit.length) &&
                           limit.depth >= static_cast<int>(met_before::longest);
  if (may_be_kept)
    if (const unit* met = met_before::find(text)) return *met;
  constexpr table_units units;
  canonical_sink<const table_units> sink(units);
  const limits bounded{limit.length, std::min(limit.depth, most_depth)};
  if (const auto wrong = read_unit(text, bounded, sink)) return *wrong;
  const unit result = sink.result();
  if (may_be_kept) met_before::keep(text, result);
  return result;
}

std::string_view unit_error::name() const {
  return sentence_of(code).name;
}

std::string unit_error::message(std::string_view text) const {
  constexpr std::size_t most_shown = 40;
  const std::string_view own = at < text.size() ? text.substr(at, length) : std::string_view();
  const std::string_view form = sentence_of(code).sentence;
  const std::size_t hole = form.find('%');
  if (hole == std::string_view::npos) return std::string(form);
  std::string out(form.substr(0, hole));
  out += own.substr(0, most_shown);
  if (own.size() > most_shown) out += "...";
  out += form.substr(hole + 1);
  if (code == unit_errc::unknown_symbol && own.size() <= most_shown)
    if (const std::string meant = suggestion(own); !meant.empty()) out += "; `" + meant + "` is";
  return out;
}

void throw_exception_from_error(const unit_error& e, const boost::source_location&) {
  throw std::invalid_argument(std::string("no unit: ") + std::string(e.name()));
}

}  // namespace mainstay::fhir::ucum
