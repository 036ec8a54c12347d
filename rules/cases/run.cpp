#include <algorithm>
#include <map>

#include "rules/advice/advice.hpp"
#include "rules/assess/assess.hpp"
#include "rules/cases/cases.hpp"
#include "rules/cases/chart.hpp"
#include "rules/cases/compare.hpp"
#include "rules/cases/compile.hpp"

namespace mainstay::rules {

using namespace case_files;

namespace {

/// The protocols in the order of the services' cards, then those of no service.
std::vector<index> card_order(const pack& p) {
  std::vector<index> out;
  const auto add = [&](index i) {
    if (std::find(out.begin(), out.end(), i) == out.end()) out.push_back(i);
  };
  for (const auto& s : p.services)
    for (const auto i : s.protocols) add(i);
  for (index i = 0; i < p.protocols.size(); ++i) add(i);
  return out;
}

/// The pack as the case's site uses it.
pack with_site(const pack& p, const chart_case& c) {
  pack site = p;
  for (const auto& [term, text] : c.sensitivity) site.terms[term].sensitivity = fhir::parse_proportion(text);
  return site;
}

/// How often each criterion was yes, no and unknown.
class counter {
 public:
  explicit counter(const pack& p) {
    for (index i = 0; i < p.protocols.size(); ++i) {
      first_.push_back(counts_.size());
      for (index c = 0; c < p.protocols[i].criteria.size(); ++c) counts_.push_back({i, c});
    }
  }
  void add(const assessment& a) {
    for (const auto& r : a.protocols)
      for (const auto& c : r.criteria) {
        auto& count = counts_[first_[r.protocol] + c.criterion];
        ++(c.strict == fhir::truth::yes ? count.yes : c.strict == fhir::truth::no ? count.no : count.unknown);
      }
  }
  std::vector<criterion_count> counts() && { return std::move(counts_); }

 private:
  std::vector<std::size_t> first_;  // of each protocol
  std::vector<criterion_count> counts_;
};

/// A fault of ours is no verdict, whatever the case expects.
void add_faults(std::vector<std::string>& to, const pack& p, const assessment& a, const std::vector<card_content>& cards) {
  std::map<std::string, std::string> faults;
  for (const auto& r : a.protocols)
    if (!r.fault.empty()) faults.emplace(p.protocols[r.protocol].id, r.fault);
  for (const auto& card : cards)
    for (const auto& f : card.faults) faults.emplace(f.protocol, f.type);
  for (const auto& [protocol, type] : faults) to.push_back("`" + protocol + "` failed through a fault of ours: " + type);
}

case_outcome run(const pack& p, const composer& cards, const chart_case& c, counter& counts,
                 std::vector<diagnostic>& problems) {
  case_outcome out{c.file, c.name, false, {}, c.at};
  const auto mistakes = problems.size();
  const auto resources = compile(p, c, problems);
  if (problems.size() != mistakes) {
    out.failures.push_back("the case could not be made FHIR, see the diagnostics");
    return out;
  }
  std::string error;
  const auto chart = make_chart(p, patient_id(c), resources, c.failed, error);
  if (!chart) {
    out.failures.push_back(error);
    return out;
  }
  const auto at = fhir::now_at(c.today);
  // A site's sensitivity changes how a chart is read and no word that is printed: the cards are those of the pack.
  const auto look = [&](const pack& used) {
    const auto a = assess(*chart, used, at);
    counts.add(a);
    const auto composed = cards.compose(a, card_order(used));
    out.failures = compare(used, c.expect, a, composed);
    add_faults(out.failures, used, a, composed);
    for (auto& f : unknown_never_decides(used, a)) out.failures.push_back(std::move(f));
  };
  if (c.sensitivity.empty())
    look(p);
  else
    look(with_site(p, c));
  out.passed = out.failures.empty();
  return out;
}

}  // namespace

std::string to_text(const criterion_count& c, const pack& p) {
  const auto& of = p.protocols[c.protocol];
  return of.id + " / " + of.criteria[c.criterion].id + ": " + std::to_string(c.yes) + " yes, " + std::to_string(c.no) +
         " no, " + std::to_string(c.unknown) + " unknown";
}

std::size_t case_report::passed() const {
  return static_cast<std::size_t>(
      std::count_if(outcomes.begin(), outcomes.end(), [](const case_outcome& o) { return o.passed; }));
}
std::size_t case_report::failed() const {
  return outcomes.size() - passed();
}

case_report run_cases(const pack& p, const std::vector<pack_file>& files) {
  case_report report;
  counter counts(p);
  const composer cards(p);
  for (const auto& c : read(p, files, report.diagnostics))
    report.outcomes.push_back(run(p, cards, c, counts, report.diagnostics));
  report.counts = std::move(counts).counts();
  return report;
}

std::vector<example_patient> compile_examples(const pack& p, const std::vector<pack_file>& files,
                                              std::vector<diagnostic>& problems) {
  std::vector<example_patient> out;
  for (const auto& c : read(p, files, problems)) {
    if (c.example.empty()) continue;
    out.push_back({patient_id(c), c.name, fhir::to_string(c.today), compile(p, c, problems)});
  }
  return out;
}

}  // namespace mainstay::rules
