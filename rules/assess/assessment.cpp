#include "rules/assess/assessment.hpp"

namespace mainstay::rules {

std::string_view to_text(reason_kind k) {
  switch (k) {
    case reason_kind::not_recorded: return "not_recorded";
    case reason_kind::not_fetched: return "not_fetched";
    case reason_kind::stale: return "stale";
    case reason_kind::unreadable: return "unreadable";
    case reason_kind::unit: return "unit";
    case reason_kind::conflict: return "conflict";
    case reason_kind::doubtful: return "doubtful";
    case reason_kind::imprecise_date: return "imprecise_date";
    case reason_kind::several: return "several";
    case reason_kind::anchor: return "anchor";
    case reason_kind::too_complex: return "too_complex";
  }
  return "unreadable";
}

std::string_view to_text(verdict v) {
  switch (v) {
    case verdict::not_applicable: return "not applicable";
    case verdict::not_eligible: return "not eligible";
    case verdict::eligible: return "eligible";
    case verdict::to_confirm: return "to confirm";
    case verdict::cannot_assess: return "cannot assess";
  }
  return "cannot assess";
}

std::string_view to_text(risk_state r) {
  switch (r) {
    case risk_state::present: return "present";
    case risk_state::absent: return "absent";
    case risk_state::not_known: return "not known";
  }
  return "not known";
}

}  // namespace mainstay::rules
