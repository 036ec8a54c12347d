#include <algorithm>

#include "rules/advice/option.hpp"
#include "rules/criteria/evaluate.hpp"

namespace mainstay::rules {

fhir::truth answer(const expression& e, const writing& w, bool face) {
  return evaluate(e, [&](const expression& name) {
    const auto& f = w.result(*name.fact);
    return operand_of(face ? f.face : f.strict, w.definition(*name.fact));
  });
}

}  // namespace mainstay::rules
