// Any text as a laboratory's result: what is read is consistent, and blanks at the ends change nothing.
#include <cstdint>
#include <string>
#include <string_view>

#include "fhir/lab_text/lab_text.hpp"
#include "fhir/ucum/unit.hpp"
#include "target.hpp"

using namespace mainstay::fhir;
using mainstay::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = mainstay::fuzz::text_of(data, size);
  for (const bool spellings : {false, true}) {
    const auto r = lab_text::read(text, {.length = 4096, .lab_spellings = spellings});
    if (r.kind == lab_text::kind::value) require(r.values.low && r.values.low == r.values.high && !r.values.low_open && !r.values.high_open);
    if (r.kind == lab_text::kind::range) {
      require(r.values.low || r.values.high);
      if (r.values.low && r.values.high) require(*r.values.low < *r.values.high);
    } else {
      require(r.kind == lab_text::kind::value || r.values == interval{});
    }
    if (r.sensitivity) require(*r.sensitivity > decimal(0) && *r.sensitivity < decimal(1));
    if (!r.unit.empty()) require(ucum::parse(r.unit).has_value());
    require(spellings || r.spelling == nullptr);
    const auto again = lab_text::read(' ' + std::string(text) + ' ', {.length = 4098, .lab_spellings = spellings});
    require(again.kind == r.kind && again.values == r.values && again.unit == r.unit && again.sensitivity == r.sensitivity);
  }
  return 0;
}
