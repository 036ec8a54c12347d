// chart + pack + now -> assessment: the one pure function.
#pragma once

#include <functional>

#include "fhir/chart/chart.hpp"
#include "rules/assess/assessment.hpp"
#include "rules/pack/model.hpp"

namespace mainstay::rules {

/// Limits of one assessment, each with its reason.
struct assess_limits {
  std::size_t scenarios = 512;       ///< combinations of what anchors can be; past it everything open is `too_complex`
  std::size_t rows_per_event = 5000; ///< a chart of decades has hundreds
};

/// Never throws for anything in the chart. The same chart and instant give the same assessment, whatever the order of
/// resources. Threads: reentrant.
assessment assess(const fhir::chart& chart, const pack& p, const fhir::now& at, const assess_limits& limit = {});

/// Makes the protocols' verdicts anew from the facts that are in `a`: the last step of assess(), also for the bench, which
/// makes a fact unknown and looks what becomes of the verdicts. A protocol that fails through a fault of ours (fault_of)
/// cannot be assessed, and the others are.
void decide(const pack& p, assessment& a);
/// The same with another way to decide one protocol of the pack.
void decide(const pack& p, assessment& a, const std::function<protocol_result(index)>& one);

}  // namespace mainstay::rules
