// Charts of patients with random gaps and doubts: a chart that fits, changed a few times at random, in the short forms
// of cases and made FHIR by the case compiler.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "../seeds.hpp"
#include "rules/cases/compile.hpp"

namespace mainstay::rules::test {

using mainstay::test::below;
using mainstay::test::one_in;
using mainstay::test::random_source;

class chart_generator {
 public:
  chart_generator(const pack& p, std::uint64_t seed) : pack_(p), random_(seed) {}

  /// A patient with rows.
  case_files::chart_case next() {
    case_files::chart_case c;
    c.today = today;
    c.day_0 = today - (20 + below(random_, 120));
    c.who.born = pick<std::string>({"1991-05-02", "1991-05-02", "1991-05-02", "1985-12-24", "1956-01-15", "1955", ""});
    if (one_in(random_, 40)) c.who.deceased = fhir::to_string(today - 3);
    c.rows = fitting(c.day_0);
    for (int changes = below(random_, 8); changes > 0; --changes) change(c);
    return c;
  }
  /// May the row not be there, by its status?
  static bool is_doubtful(const case_files::row& r) {
    return std::any_of(r.as.begin(), r.as.end(), [](const std::string& w) {
      return w == "preliminary" || w == "no status" || w == "unknown" || w == "unconfirmed" || w == "in-progress";
    });
  }
  random_source& random() { return random_; }

  inline static const fhir::day today{20513};  // 2026-03-01

 private:
  template <typename T>
  T pick(std::initializer_list<T> from) {
    return *(from.begin() + below(random_, static_cast<int>(from.size())));
  }

  case_files::row row(std::string_view term, std::string value, fhir::day at) const {
    case_files::row r;
    r.term = *pack_.find_term(term);
    r.value = std::move(value);
    r.date = fhir::to_string(at);
    return r;
  }

  /// Every criterion strictly yes, but those that no chart answers.
  std::vector<case_files::row> fitting(fhir::day infused) {
    const auto looked = today - below(random_, 12);
    auto not_pregnant = row("not_pregnant", "", today - 1);
    not_pregnant.as = {"Observation"};
    return {row("b_all", "", infused - 500),
            row("relapse", "", infused - 60),
            row("cd19_car_t", "", infused),
            row("mrd_by_flow", "0.001 %", looked),
            row("remission_status", "cr", looked),
            row("no_active_infection", "", today - 1),
            not_pregnant,
            row("no_cns_disease", "", today - 1),
            row("no_organ_disease", "", today),
            row("no_systemic_steroids", "", today)};
  }

  void change(case_files::chart_case& c) {
    auto* r =
        c.rows.empty() ? nullptr : &c.rows[static_cast<std::size_t>(below(random_, static_cast<int>(c.rows.size())))];
    switch (r == nullptr ? 0 : below(random_, 6)) {
      case 0:
      case 1:
        c.rows.push_back(any_row(c.day_0));
        break;
      case 2:
        c.rows.erase(c.rows.begin() + (r - c.rows.data()));
        break;
      case 3:
        r->date = any_date(c.day_0);
        break;
      default:
        add_shape(*r);
    }
  }

  std::string any_date(fhir::day infused) {
    const auto near = pick<fhir::day>({infused, today});
    const auto text = fhir::to_string(std::min(near + (below(random_, 120) - 100), today + 2));
    switch (below(random_, 12)) {
      case 0:
        return "";
      case 1:
        return text.substr(0, 4);
      case 2:
      case 3:
        return text.substr(0, 7);
      default:
        return text;
    }
  }

  case_files::row any_row(fhir::day infused) {
    struct kind {
      std::string_view term;
      std::vector<std::string_view> values, as;
      std::vector<fhir::coding> codes;
    };
    static const std::string sct = "http://snomed.info/sct", cm = "http://hl7.org/fhir/sid/icd-10-cm",
                             pcs = "http://www.cms.gov/Medicare/Coding/ICD10";
    static const std::vector<kind> kinds{
        {"mrd_by_flow",
         {"0.001 %", "0.01 %", "0.011 %", "2 %", "< 0.1 %", "< 0.01 %", "not detected", "detected", "0.003",
          "see letter", "2 10*-4", "1:100000", "5 ng/mL", "", "neg (sens. 10^-4)", "MRD negative (sens. 0.1 %)",
          "positive, 0.5 %", "0.002-0.2 %", "< 1 in 10,000 cells", "negative 0.5 %"},
         {},
         {}},
        {"mrd_by_flow", {"0.001 %", "0.5 %", "not detected", "detected"}, {}, {}},
        {"remission_status", {"cr", "cri", "nr", "see letter"}, {}, {}},
        {"relapse", {""}, {}, {}},
        {"all_in_relapse", {"active", "resolved"}, {}, {}},
        {"all_in_remission", {"active", "remission"}, {}, {}},
        {"relapse_count", {"0", "1", "2", ">= 1"}, {}, {}},
        {"allo_hsct", {""}, {}, {{pcs, "30243Y2"}, {sct, "425843001"}, {sct, "234336002"}, {sct, "58776007"}}},
        {"allo_hsct", {"active"}, {"Condition"}, {{cm, "Z94.84"}}},
        {"hsct_date", {""}, {}, {}},
        {"cd19_car_t", {"", "donor", "autologous"}, {}, {{pcs, "XW033J7"}, {pcs, "XW033C7"}, {pcs, "XW033A7"}}},
        {"b_all", {"", "remission"}, {}, {{sct, "277571004"}, {cm, "C91.01"}}},
        {"infection", {"active", "resolved"}, {}, {}},
        {"pregnancy", {"active", "resolved"}, {}, {}},
        {"not_pregnant", {""}, {"Observation"}, {}},
        {"cns_leukaemia", {"active", "resolved"}, {}, {}},
        {"systemic_steroids", {"active", "resolved"}, {}, {}},
        {"no_active_infection", {""}, {}, {}},
    };
    const auto& k = kinds[static_cast<std::size_t>(below(random_, static_cast<int>(kinds.size())))];
    auto r =
        row(k.term, std::string(k.values[static_cast<std::size_t>(below(random_, static_cast<int>(k.values.size())))]),
            today);
    r.date = any_date(infused);
    r.as.assign(k.as.begin(), k.as.end());
    if (!k.codes.empty()) r.code = k.codes[static_cast<std::size_t>(below(random_, static_cast<int>(k.codes.size())))];
    if (one_in(random_, 3)) add_shape(r);
    return r;
  }

  /// Says how sure the row is: a row has one such word, for of two the later would be written and is_doubtful() would
  /// still see the former.
  static bool is_standing(std::string_view word) {
    constexpr std::array<std::string_view, 9> words{"no status",   "preliminary", "amended",     "entered-in-error", "unknown",
                                                    "unconfirmed", "refuted",     "in-progress", "not-done"};
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  void add_shape(case_files::row& r) {
    const auto word = pick<std::string>(
        {"no status",     "preliminary",  "preliminary", "amended",  "entered-in-error",  "unknown",
         "unconfirmed",   "refuted",      "in-progress", "not-done", "no specimen",       "may",
         "local code",    "text only",    "period",      "instant",  "day in words",      "value in words",
         "unit in words", "value absent", "component",   "panel",    "no clinical status"});
    if (is_standing(word)) std::erase_if(r.as, is_standing);
    r.as.push_back(word);
  }

  const pack& pack_;
  random_source random_;
};

}  // namespace mainstay::rules::test
