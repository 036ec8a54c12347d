// Names of units, in the form of the UCUM functional tests.
#include "fhir/ucum/grammar.hpp"
#include "fhir/ucum/symbols.hpp"

namespace mainstay::fhir::ucum {
namespace {

class names_sink {
 public:
  std::optional<unit_error> symbol(std::string_view text, std::size_t at, bool divides, std::int32_t exponent) {
    const found_symbol found = find_symbol(text);
    if (found.row == no_row)
      return unit_error{found.not_metric ? unit_errc::not_metric : unit_errc::unknown_symbol, at, text.size()};
    before(divides);
    out_ += '(';
    if (found.prefix != no_prefix) out_ += prefixes[found.prefix].name;
    out_ += rows[found.row].name;
    if (exponent != 1) out_ += " ^ " + std::to_string(exponent);
    out_ += ')';
    return std::nullopt;
  }
  std::optional<unit_error> number(std::string_view digits, std::size_t, bool divides) {
    before(divides);
    out_ += digits;
    return std::nullopt;
  }
  void annotation(bool divides) { number("1", 0, divides); }
  void open(bool divides) {
    before(divides);
    out_ += '(';
    first_ = true;
  }
  void close() { out_ += ')'; }
  std::string text() && { return std::move(out_); }

 private:
  void before(bool divides) {
    if (first_ && divides) out_ += "1 / ";
    if (!first_) out_ += divides ? " / " : " * ";
    first_ = false;
  }
  std::string out_;
  bool first_ = true;
};

}  // namespace

boost::system::result<std::string, unit_error> display(std::string_view text, const limits& limit) {
  if (text.empty()) return std::string("(unity)");
  names_sink sink;
  if (const auto wrong = read_unit(text, limit, sink)) return *wrong;
  return std::move(sink).text();
}

}  // namespace mainstay::fhir::ucum
