// A pack, read and checked: what the YAML of docs/rule-language.md means. Made by load(), read by assess, advice,
// explain, cases. Plain immutable data; indices instead of pointers; threads may share it.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fhir/search/query.hpp"
#include "fhir/types/date.hpp"
#include "fhir/types/decimal.hpp"
#include "fhir/types/quantity.hpp"
#include "fhir/ucum/unit.hpp"
#include "rules/pack/diagnostic.hpp"

namespace mainstay::rules {

using index = std::size_t;  // into the pack's vector of that kind

/// A number that is ours: `mrd_max_age: {value: 60 days, because: "...", adjustable: [7 days, 120 days]}`.
struct setting {
  std::string id, title, because, text;  ///< text: "60 days"
  fhir::decimal value;
  std::string unit;  ///< "days", "months", "years"
  position at;
};
/// A span of days in a limit: a literal ("60 days") or a setting.
struct span_of_days {
  int days = 0;
  std::string text;               ///< "60 days"
  std::optional<index> from;      ///< the setting
};

/// A named set of codes. Patterns are expanded at load.
struct term {
  std::string id, title;
  std::vector<fhir::coding> codes, may, none;             ///< sorted
  std::optional<fhir::proportion> sensitivity;            ///< of the assay, for `not detected` without its own
  std::optional<std::string> values_shown;                ///< reserved
  position at;
};
enum class code_match { none, may, yes };

// --- criteria's expressions ---------------------------------------------------------------------------------------

struct expression;
/// One literal of a comparison: a code ('cr'), a number with unit (70 years) or a plain number.
struct literal {
  enum class kind { code, number } type = kind::code;
  std::string code;
  fhir::decimal number;
  std::string unit;  ///< "years", "days" or empty; against a quantity its fact's unit, to which the number is converted
};
/// Closed subset of FHIRPath over facts (in a criterion or `is`) or particulars (in `where`).
struct expression {
  enum class kind { name, compare, in, and_, or_, not_ } type = kind::name;
  std::string name;              ///< name, compare, in: the fact's or particular's id
  std::optional<index> fact;     ///< resolved, for facts
  fhir::comparison op = fhir::comparison::equal;
  std::vector<literal> literals;     ///< one for compare, some for in
  std::vector<expression> children;  ///< for and_, or_, not_
  std::string text;                  ///< as written
};

// --- events -------------------------------------------------------------------------------------------------------

enum class resource_type { observation, procedure, condition };
std::string_view to_text(resource_type t);  // "Observation"...

enum class day_reader { performed, effective, recorded, onset, value, by_recorded };

/// Reads one particular (a value, a state) from a row.
struct reader {
  enum class kind { coded, proportion, quantity, condition_state, constant, count } how = kind::coded;
  struct coded_row { std::string value; index term; };
  struct proportion_row { std::string value; fhir::comparison op; fhir::decimal bound; std::string text; };  ///< bound: 0.0001
  std::vector<coded_row> coded;
  std::vector<proportion_row> proportion;
  fhir::spellings spelling = fhir::spellings::ucum;  ///< of units without a UCUM code; proportion and quantity
  fhir::ucum::unit in;                          ///< quantity: what it is read in, the particular's `unit`
  std::vector<std::string> constant;            ///< what the source leaves possible
  std::vector<std::string> active, resolved;    ///< condition_state; empty: not said by that state
};
struct particular {
  std::string name, title;
  std::vector<reader> readers;          ///< all that can read it; two that disagree are a conflict
  std::vector<std::string> values;      ///< every code it can have, in the order written
  std::map<std::string, std::string> value_titles;  ///< "cr" -> "CR"; a value without title prints as it is
  std::string unit = {};                ///< of a number (`quantity`): its UCUM code; empty for codes
};
struct event_source {
  std::optional<index> from_event;      ///< rows of another event, instead of a search
  resource_type find = resource_type::observation;
  index term = 0;
  day_reader when = day_reader::effective;
  std::string doubt;                    ///< reason; empty: none
  std::optional<index> specimen;        ///< the term that Observation.specimen or bodySite must match
  std::vector<particular> own;          ///< particulars read by this source alone (`state: ...`)
  position at;
};
/// A particular of an event's rows with every code it can have, over all sources.
struct particular_space { std::string name; std::vector<std::string> values; std::string unit = {}; };

struct event {
  std::string id, title;
  std::vector<event_source> sources;
  bool prefer = false;                  ///< take the first source that speaks, else all count
  std::optional<span_of_days> one;      ///< rows this close are one
  struct parting { index event; expression where; };
  std::optional<parting> parted_by;
  std::optional<event_source> counted;  ///< "n until then", valueInteger or valueQuantity
  std::vector<particular> has;          ///< particulars of every source's rows
  std::vector<particular_space> space;  ///< made by pack::prepare()
  position at;
};

// --- facts --------------------------------------------------------------------------------------------------------

enum class verb { first, last, any, count, age, days_since, value, is };
enum class fact_type { event, truth, number, code };

struct fact {
  std::string id, title;
  verb how = verb::any;
  fact_type type = fact_type::truth;
  std::vector<index> events;               ///< first, last, any, count
  std::optional<index> anchor;             ///< age, days_since, value: the fact that names an event
  std::string particular;                  ///< value (own verb, or beside first and last)
  std::optional<index> after, before, since, until;   ///< anchors (facts)
  std::optional<span_of_days> within;      ///< of the anchor in `after` or `since`
  std::optional<span_of_days> max_age;     ///< back from today
  std::optional<expression> where;         ///< over particulars
  std::optional<expression> is;            ///< over facts
  std::string complete;                    ///< why absence is a no; empty: it is not
  std::optional<index> obtain;             ///< the term of the order that would settle it
  std::string how_to_get;                  ///< sentence for "how to get it"; may be empty
  std::vector<std::string> values;         ///< for code facts
  std::map<std::string, std::string> value_titles;  ///< "cr" -> "CR", from the event; a value without title prints as it is
  std::string unit;                        ///< number facts: "years" (age), "days" (days_since), "" (count), a UCUM code
  bool ucum = false;                       ///< `unit` is a UCUM code: the fact is a quantity
  std::vector<index> needs;                ///< data requirements it rests on, its own events' and its anchors'
  position at;
};

// --- evidence -----------------------------------------------------------------------------------------------------

struct statement { std::string id, place, quote; position at; };
struct group { std::string id, title; std::optional<unsigned> n; std::optional<expression> like; };
/// One number or set of numbers of a paper.
struct figure {
  std::string id, what, place, quote, unit;
  std::string when;  ///< "2 years"; empty: not said
  std::optional<index> group;
  std::vector<std::pair<std::string, std::string>> values;  ///< "hazard_ratio" -> "4.706", "p" -> "0.004", "median" -> "67", "value"
  std::optional<std::pair<std::string, std::string>> interval, range;
  position at;
};
struct table {
  struct column { std::string id, what, at; };
  struct row { index group; std::vector<std::string> values; std::string quote; };
  std::string id, title, place, unit;
  std::vector<column> columns;
  std::vector<row> rows;
  position at;
};
struct paper {
  std::string id;           ///< "p3"
  std::string citation, label, url, file;  ///< label: short source label; url: absolute (DOI page); file: text's file name
  std::string design;
  std::string certainty_as_stated, certainty_assessed, certainty_by;
  std::vector<statement> statements;
  std::vector<group> groups;
  std::vector<figure> figures;
  std::vector<table> tables;
  std::vector<std::pair<std::string, std::string>> contradictions;  ///< text and place
  position at;
};

// --- protocols ----------------------------------------------------------------------------------------------------

enum class criterion_class { require, confirm };
struct criterion {
  std::string id, text;
  criterion_class type = criterion_class::require;
  /// Set: `when` as written, or `unless` wrapped in not_. Empty: always asked.
  std::optional<expression> when;
  bool written_as_unless = false;
  std::string from_paper, from_statement;  ///< "p3", "inclusion_1"; empty where ours
  std::string ours;                        ///< why it is ours
  std::optional<index> ask;                ///< term under which a clinician's statement is filed
  position at;
};
struct risk_factor {
  std::string id, text;
  expression when;
  std::vector<std::pair<index, index>> figures;  ///< paper, figure
  position at;
};
enum class protocol_status { draft, shadow, research, production, retired };

/// A text with its placeholders cut out at load: `{day}`, `{p3.outcomes.lfs_2y.mrd_neg}`.
struct text_part {
  enum class kind { text, fact, figure, cell } type = kind::text;
  std::string text;
  index paper = 0, figure = 0, table = 0, column = 0, row = 0, fact = 0;
};
using rich_text = std::vector<text_part>;

struct protocol {
  std::string id, title;
  index evidence = 0;  ///< paper
  protocol_status status = protocol_status::draft;
  std::vector<index> applies;  ///< facts that must be on record
  std::vector<criterion> criteria;  ///< require first, then confirm, each in the order written
  std::vector<risk_factor> risk;
  std::optional<index> timing_since;                    ///< fact
  std::optional<std::pair<index, index>> timing_study;  ///< paper, figure with range
  std::vector<index> facts_shown;  ///< facts of the "this patient" table, in the order of `show:`
  struct arm { std::string id, text; std::optional<expression> when; std::string from_paper, from_statement; };
  std::vector<arm> arms;
  rich_text summary;
  rich_text text;        ///< paragraphs after the table
  std::vector<std::string> not_assessed;  ///< "choice of donor", ...
  struct shown_table { index paper, table; std::vector<index> columns; std::vector<index> rows; };
  std::vector<shown_table> tables;
  position at;
};

struct service {
  std::string id, hook, title, description;
  std::vector<index> protocols;  ///< in the order of the cards
};

/// One search or read that the pack needs: the prefetch template and the direct fetch are this query printed twice.
struct requirement {
  std::string key;             ///< prefetch key: "patient", "observation"...
  fhir::search::query query;   ///< `patients` is empty here: filled with context.patientId
  std::vector<index> facts;    ///< that need it
};

struct pack {
  std::string id, version, title, owner, intended_use, reviewed, license;
  std::string hash;  ///< SHA-256 over the files, sorted by path, as 64 hexadecimal digits
  std::vector<std::string> silent;       ///< deceased, merged, inactive
  std::vector<std::string> names;        ///< allowed names with digits: CD19
  std::vector<setting> settings;
  std::vector<term> terms;
  std::vector<event> events;
  std::vector<fact> facts;               ///< each after those it refers to
  std::vector<paper> papers;
  std::vector<protocol> protocols;
  std::vector<service> services;
  std::vector<requirement> requirements;

  std::optional<index> find_fact(std::string_view name) const;
  std::optional<index> find_term(std::string_view name) const;
  std::optional<index> find_event(std::string_view name) const;
  std::optional<index> find_protocol(std::string_view name) const;
  struct term_match { index term; code_match how; };
  /// The terms that a coding speaks of; `none` entries are exclusions. Valid as long as the pack.
  const std::vector<term_match>& terms_of(std::string_view system, std::string_view code) const;
  /// Makes what assessments look up: the index of codes, sorted terms, each event's particulars. The loader's last step;
  /// a pack made by hand must call it too.
  void prepare();
  /// How a coding matches a term; `none` wins over `codes`, `codes` over `may`. System and code, never display.
  code_match match(index term, std::string_view system, std::string_view code) const;

 private:
  // Looked up for every coding of a chart: by views, so that nothing is copied for it.
  struct coding_view { std::string_view system, code; };
  struct coding_hash {
    using is_transparent = void;
    std::size_t operator()(const coding_view& c) const;
    std::size_t operator()(const fhir::coding& c) const { return (*this)(coding_view{c.system, c.code}); }
  };
  struct coding_equal {
    using is_transparent = void;
    bool operator()(const auto& a, const auto& b) const { return a.code == b.code && a.system == b.system; }
  };
  std::unordered_map<fhir::coding, std::vector<term_match>, coding_hash, coding_equal> by_code_;
};

}  // namespace mainstay::rules
