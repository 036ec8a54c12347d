// Any text as a unit: refused with a place inside of it, or a unit that equals itself, names itself and converts there and back.
#include <cstdint>
#include <string>
#include <string_view>

#include "fhir/ucum/aliases.hpp"
#include "fhir/ucum/unit.hpp"
#include "target.hpp"

using namespace mainstay::fhir;
using mainstay::fuzz::require;

namespace {

void check(const ucum::unit& u) {
  const decimal three = *decimal::make(30, 1);
  if (!u.in_product && !u.out_of_range) {
    require(ucum::convert(three, u, u).value().value == three);
    require(ucum::compare(three, u, three, u) == std::strong_ordering::equal);
  }
  require(ucum::parse(ucum::base_text(u)).has_value());
  const auto base = ucum::canonical(three, u);
  if (!base || u.special != 0 || !base->value.exact) return;
  const ucum::unit in_base = ucum::parse(base->unit).value();
  require(ucum::commensurable(u, in_base));
  require(ucum::compare(three, u, base->value.value, in_base) == std::strong_ordering::equal);
  const auto back = ucum::convert(base->value.value, in_base, u);
  require(!back || !back->exact || back->value == three);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = mainstay::fuzz::text_of(data, size);
  const auto parsed = ucum::parse(text);
  if (parsed) {
    check(*parsed);
    require(ucum::display(text).has_value());
  } else {
    const auto& e = parsed.error();
    require(e.at <= text.size() && !e.message(text).empty() && e.message(text).size() < 300);
    require(text.empty() || ucum::display(text).has_error());
  }
  if (const auto* a = ucum::find_alias(text)) require(ucum::parse(a->code).has_value());
  return 0;
}
