// Two texts parted by a blank are read as dates and times: a value prints and reads the same, and has its place in time.
#include <cstdint>
#include <string_view>

#include "fhir/types/date.hpp"
#include "target.hpp"

using namespace mainstay::fhir;
using mainstay::fuzz::require;

namespace {

void check_one(const date_time& t) {
  const auto again = date_time::parse(t.to_string());
  require(again.has_value() && again->to_string() == t.to_string());
  require(t.range().first <= t.range().last);
  for (const int offset : {-720, 0, 90, 840}) {
    const day_range days = t.days(offset);
    require(earliest_day <= days.first && days.first <= days.last && days.last <= latest_day);
    require(!to_string(days).empty());
    if (const auto age = completed_years(days, day_range{days.last, latest_day}))
      require(age->low >= 0 && age->low <= age->high);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = mainstay::fuzz::text_of(data, size);
  const std::size_t blank = text.find(' ');
  const std::string_view first = text.substr(0, blank);
  if (const auto d = parse_day(first)) require(to_string(*d) == first);
  if (const auto n = parse_now(first)) require(earliest_day <= n->local_date && n->local_date <= latest_day);
  const auto a = date_time::parse(first);
  if (a) check_one(*a);
  if (blank == std::string_view::npos) return 0;
  const auto b = date_time::parse(text.substr(blank + 1));
  if (!a || !b) return 0;
  require(!(before(*a, *b) == truth::yes && before(*b, *a) == truth::yes));
  require(equal(*a, *b) == equal(*b, *a));
  return 0;
}
