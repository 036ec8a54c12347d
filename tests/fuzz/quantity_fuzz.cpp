// Any JSON is read as Quantity, Range, Ratio and Coding, and any text as a pack's proportion.
#include <cstdint>
#include <string>
#include <string_view>

#include "fhir/types/quantity.hpp"
#include "target.hpp"

using namespace mainstay::fhir;
using mainstay::fuzz::require;

namespace {

void check(const interval& v) {
  if (v.low && v.high) require(*v.low <= *v.high);
  require(intersect(v, v) == v);
  for (const decimal& bound : {decimal(0), decimal(1), *decimal::make(1, 4)}) {
    require(compare(v, comparison::less, bound) == not_(compare(v, comparison::greater_or_equal, bound)));
    require(compare(v, comparison::equal, bound) == not_(compare(v, comparison::not_equal, bound)));
  }
}

void check(const proportion_result& r) {
  if (!r.value) return;
  check(r.value->values);
  require(!r.value->shown.empty() && r.unit.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = mainstay::fuzz::text_of(data, size);
  if (const auto p = parse_proportion(text)) check(p->values);
  const auto d = json::parse(std::string(text));
  if (!d) return 0;
  for (const auto allowed : {spellings::ucum, spellings::laboratory}) {
    check(read_proportion_quantity(d->root(), allowed));
    check(read_proportion_range(d->root(), allowed));
  }
  check(read_proportion_ratio(d->root()));
  if (const auto q = read_quantity(d->root())) check(q->values());
  if (const auto c = read_coding(d->root())) require(canonical_system(c->system) == c->system);
  return 0;
}
