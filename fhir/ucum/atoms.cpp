// Resolves the table when Mainstay is built: each row's unit is parsed by the grammar that texts are parsed by.
#include "fhir/ucum/atoms.hpp"

#include <array>

#include "fhir/ucum/canonical.hpp"

namespace mainstay::fhir::ucum {
namespace {

struct resolved {
  std::array<unit, rows.size()> units;
  std::array<factor, rows.size()> corresponding;
};

/// Rows name rows below and above them, so each is resolved when it is first asked for.
class resolver {
 public:
  constexpr const unit& of(std::uint16_t at) {
    if (!done_[at]) resolve(at);
    return table_.units[at];
  }
  constexpr const resolved& all() {
    for (std::uint16_t i = 0; i < rows.size(); ++i) of(i);
    return table_;
  }

 private:
  constexpr void resolve(std::uint16_t at) {
    const row& r = rows[at];
    unit u;
    if (r.kind == kind::base) {
      for (std::size_t i = 0; i < base_units.size(); ++i)
        if (base_units[i] == r.symbol) u.dimension[i] = 1;
    } else if (r.symbol == "[pi]") {
      u.scale.pis = 1;
    } else if ((r.kind == kind::arbitrary || r.kind == kind::metric_arbitrary) && r.unit == "1") {
      u.arbitrary[0] = {at, 1};
    } else {
      canonical_sink<resolver> sink(*this);
      if (read_unit(r.unit, limits{}, sink)) throw "a row's unit is no unit";
      u = sink.result();
      u.scale = *multiply(u.scale, *read_factor(r.value));
      if (is_special(r)) {
        table_.corresponding[at] = u.scale;
        u.scale = {};
        u.special = static_cast<std::uint16_t>(at + 1);
      }
      if (u.out_of_range) throw "a row's factor does not fit";
    }
    table_.units[at] = u;
    done_[at] = true;
  }

  resolved table_;
  std::array<bool, rows.size()> done_{};
};

constexpr resolved table = [] {
  resolver r;
  return r.all();
}();

}  // namespace

const unit& atom(std::uint16_t row) {
  return table.units[row];
}
const factor& corresponding(std::uint16_t row) {
  return table.corresponding[row];
}

}  // namespace mainstay::fhir::ucum
