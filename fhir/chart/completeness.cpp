#include "fhir/chart/chart.hpp"

namespace mainstay::fhir {

std::string_view to_text(completeness c) {
  switch (c) {
    case completeness::complete:
      return "complete";
    case completeness::newest_page_only:
      return "newest page only";
    case completeness::partial:
      return "partial";
    case completeness::null:
      return "null";
    case completeness::failed:
      return "failed";
    case completeness::not_asked:
      return "not asked";
  }
  return "not asked";
}

}  // namespace mainstay::fhir
