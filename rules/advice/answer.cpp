#include <algorithm>

#include "rules/advice/option.hpp"
#include "rules/criteria/evaluate.hpp"

namespace mainstay::rules {

fhir::truth answer(const expression& e, const writing& w, bool face) {
  return evaluate(e, [&](const expression& name) {
    const auto& f = face ? w.result(*name.fact).face : w.result(*name.fact).strict;
    operand o;
    o.type = f.type;
    o.anything = f.is == finding::state::unknown;
    o.values = &w.definition(*name.fact).values;
    o.numbers = f.numbers;
    o.yes = f.yes;
    for (const auto& code : f.codes) {
      const auto at = std::find(o.values->begin(), o.values->end(), code);
      if (at != o.values->end()) o.codes |= std::uint64_t{1} << (at - o.values->begin());
    }
    return o;
  });
}

}  // namespace mainstay::rules
