// Intervals of decimals: three-valued comparison and intersection.
#include "fhir/types/quantity.hpp"

namespace mainstay::fhir {
namespace {

truth less(const interval& v, const decimal& bound) {
  if (v.high && (*v.high < bound || (*v.high == bound && v.high_open))) return truth::yes;
  return v.low && *v.low >= bound ? truth::no : truth::unknown;
}

truth less_or_equal(const interval& v, const decimal& bound) {
  if (v.high && *v.high <= bound) return truth::yes;
  return v.low && (*v.low > bound || (*v.low == bound && v.low_open)) ? truth::no : truth::unknown;
}

truth equal(const interval& v, const decimal& bound) {
  // No value is equal where all are less, or all greater.
  if (less(v, bound) == truth::yes || less_or_equal(v, bound) == truth::no) return truth::no;
  return v.low && v.high && *v.low == bound && *v.high == bound ? truth::yes : truth::unknown;
}

}  // namespace

truth compare(const interval& values, comparison op, const decimal& bound) {
  switch (op) {
    case comparison::equal: return equal(values, bound);
    case comparison::not_equal: return not_(equal(values, bound));
    case comparison::less: return less(values, bound);
    case comparison::less_or_equal: return less_or_equal(values, bound);
    case comparison::greater: return not_(less_or_equal(values, bound));
    case comparison::greater_or_equal: return not_(less(values, bound));
  }
  return truth::unknown;
}

interval hull(const interval& a, const interval& b) {
  // An end is the lower (higher) of both, open only where both are.
  const auto lower = [](const interval& x, const interval& y) -> const interval& {
    if (!x.low || !y.low) return x.low ? y : x;
    if (*x.low == *y.low) return x.low_open ? y : x;
    return *x.low < *y.low ? x : y;
  };
  const auto higher = [](const interval& x, const interval& y) -> const interval& {
    if (!x.high || !y.high) return x.high ? y : x;
    if (*x.high == *y.high) return x.high_open ? y : x;
    return *y.high < *x.high ? x : y;
  };
  const auto& low = lower(a, b);
  const auto& high = higher(a, b);
  return {low.low, high.high, low.low_open, high.high_open};
}

std::optional<interval> intersect(const interval& a, const interval& b) {
  interval result = a;
  if (b.low && (!a.low || *b.low >= *a.low)) {
    result.low_open = b.low_open || (a.low && *a.low == *b.low && a.low_open);
    result.low = b.low;
  }
  if (b.high && (!a.high || *b.high <= *a.high)) {
    result.high_open = b.high_open || (a.high && *a.high == *b.high && a.high_open);
    result.high = b.high;
  }
  if (result.low && result.high) {
    if (*result.low > *result.high) return std::nullopt;
    if (*result.low == *result.high && (result.low_open || result.high_open)) return std::nullopt;
  }
  return result;
}

}  // namespace mainstay::fhir
