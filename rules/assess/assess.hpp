// chart + pack + now -> assessment: the one pure function.
#pragma once

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
/// makes a fact unknown and looks what becomes of the verdicts.
void decide(const pack& p, assessment& a);

}  // namespace mainstay::rules
