#include "rules/advice/advice.hpp"

#include "rules/advice/option.hpp"
#include "rules/advice/printed.hpp"

namespace mainstay::rules {

composer::composer(const pack& p) : pack_(p), printed_(std::make_unique<const printed>(print(p))) {}
composer::~composer() = default;
composer::composer(composer&&) noexcept = default;

std::vector<card_content> compose(const pack& p, const assessment& a, const std::vector<index>& protocols,
                                  const advice_limits& limit) {
  return composer(p).compose(a, protocols, limit);
}

std::vector<card_content> composer::compose(const assessment& a, const std::vector<index>& protocols,
                                            const advice_limits& limit) const {
  if (!a.silent.empty()) return {};
  const pack& p = pack_;
  const writing w{p, *printed_, a, limit};
  std::vector<card_content> cards;
  std::vector<const protocol_result*> waiting;
  for (const auto which : protocols) {
    // Drafts are for cases and explain, shadows are only counted, retired ones are for replay.
    const auto status = p.protocols[which].status;
    if (status != protocol_status::research && status != protocol_status::production) continue;
    for (const auto& r : a.protocols) {
      if (r.protocol != which) continue;
      if (r.is == verdict::eligible || r.is == verdict::to_confirm)
        cards.push_back(option_card(w, r));
      else if (r.is == verdict::cannot_assess)
        waiting.push_back(&r);
    }
  }
  if (!waiting.empty()) cards.push_back(missing_card(w, waiting));
  return cards;
}

}  // namespace mainstay::rules
