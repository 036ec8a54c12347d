// The case files of a pack as data: what the author wrote, with positions, before any of it is made FHIR.
// Private to rules/cases.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fhir/types/date.hpp"
#include "rules/pack/load.hpp"
#include "rules/pack/yaml.hpp"

namespace mainstay::rules::case_files {

/// `{mrd_by_flow: 0.001 %, day: 58, as: preliminary}`
struct row {
  index term = 0;
  std::string value;
  std::string date;                      ///< a FHIR date, partial or whole; empty: none
  std::vector<std::string> as;           ///< status, type, number of the source, "may", "text only", "no status"...
  std::optional<fhir::coding> code;      ///< instead of the term's first
  std::optional<fhir::coding> specimen;  ///< instead of what the source asks for
  position at;
};

struct patient {
  std::string born, gender, deceased;  ///< deceased: a date, "true" or empty
  bool active = true, replaced = false;
};

/// What one protocol should make of the chart; what is absent is not checked.
struct expectation {
  index protocol = 0;
  std::optional<std::string> verdict;
  std::optional<std::vector<std::string>> confirm, missing, arms;
  std::map<std::string, std::string> risk, facts;
  std::vector<std::string> says;
  position at;
};
struct expectations {
  std::vector<expectation> protocols;
  std::map<std::string, std::string> facts;  ///< of the chart, whatever the protocol
  std::optional<std::string> silent;         ///< "deceased"; then there are no cards
  position at;
};

/// One chart with what is right for it: a case, or a case with a variation applied.
struct chart_case {
  std::string file, name, example;
  fhir::day day_0{}, today{};
  patient who;
  std::vector<row> rows;
  std::vector<std::string> resources;         ///< of `bundle:`, JSON texts
  std::string bundle_patient;                 ///< id of the Patient in `bundle:`; empty: none there
  std::map<index, std::string> sensitivity;   ///< `site: {mrd_by_flow: {sensitivity: 0.01 %}}`
  std::map<std::string, std::string> failed;  ///< searches without an answer: `failed: {observation: timeout}`
  expectations expect;
  position at;
};

/// Every case and variation of the files, in order; mistakes are appended to `problems` and leave their case out.
std::vector<chart_case> read(const pack& p, const std::vector<pack_file>& files, std::vector<diagnostic>& problems);

/// A YAML tree as JSON text: plain numbers, true, false and null as such, all else strings.
std::string to_json(const yaml_node& n);

/// The id of a case's patient: the bundle's, the example's, or "p1".
std::string patient_id(const chart_case& c);

}  // namespace mainstay::rules::case_files
