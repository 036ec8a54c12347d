#include "rules/advice/advice.hpp"

#include <list>
#include <utility>

#include "rules/advice/option.hpp"
#include "rules/advice/printed.hpp"
#include "rules/assess/fault.hpp"

namespace mainstay::rules {

composer::composer(const pack& p) : composer(p, option_card) {}
composer::composer(const pack& p, option_writer writer)
    : pack_(p), printed_(std::make_unique<const printed>(print(p))), write_(std::move(writer)) {}
composer::~composer() = default;
composer::composer(composer&&) noexcept = default;

std::vector<card_content> compose(const pack& p, const assessment& a, const std::vector<index>& protocols,
                                  const advice_limits& limit) {
  return composer(p).compose(a, protocols, limit);
}

std::vector<card_content> composer::compose(const assessment& a, const std::vector<index>& protocols,
                                            const advice_limits& limit,
                                            const std::function<std::string()>& log_id) const {
  if (!a.silent.empty()) return {};
  const pack& p = pack_;
  const writing w{p, *printed_, a, limit};
  std::vector<card_content> cards;
  std::vector<const protocol_result*> waiting;
  std::list<protocol_result> failed;  // stay in place
  for (const auto which : protocols) {
    // Drafts are for cases and explain, shadows are only counted, retired ones are for replay.
    const auto status = p.protocols[which].status;
    if (status != protocol_status::research && status != protocol_status::production) continue;
    for (const auto& r : a.protocols) {
      if (r.protocol != which) continue;
      if (r.is == verdict::eligible || r.is == verdict::to_confirm) {
        card_content card;
        std::string fault = fault_of([&] { card = write_(w, r); });
        if (fault.empty()) {
          cards.push_back(std::move(card));
          continue;
        }
        auto& other = failed.emplace_back();
        other.protocol = which;
        other.is = verdict::cannot_assess;
        other.fault = std::move(fault);
        waiting.push_back(&other);
      } else if (r.is == verdict::cannot_assess) {
        waiting.push_back(&r);
      }
    }
  }
  if (!waiting.empty()) cards.push_back(missing_card(w, waiting, log_id));
  return cards;
}

}  // namespace mainstay::rules
