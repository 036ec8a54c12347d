// mainstay ucum: units checked, converted, multiplied, divided.
#include <algorithm>
#include <cstdio>

#include "cds/commands/batch.hpp"
#include "cds/commands/command.hpp"
#include "cds/commands/values.hpp"
#include "fhir/ucum/unit.hpp"

namespace mainstay::cds::commands {

namespace {
namespace ucum = fhir::ucum;
using fhir::decimal;

struct flags {
  std::string unit, value, from, to, by, by_unit;
  bool batch = false;
};

/// Why there is no answer; for a unit also the text and the place in it.
struct refusal {
  std::string code, message, unit;
  std::size_t at = 0, length = 0;
};
struct answered {
  decimal value;
  std::string unit;
  bool exact = true;
};
using answer = boost::system::result<answered, refusal>;

std::string_view code_of(ucum::failure f) {
  switch (f) {
    case ucum::failure::incommensurable:
      return "incommensurable";
    case ucum::failure::special_in_product:
      return "special_in_product";
    case ucum::failure::out_of_range:
      return "out_of_range";
    case ucum::failure::undefined:
      return "undefined";
    case ucum::failure::zero_divisor:
      return "zero_divisor";
  }
  return {};
}

refusal refused(ucum::failure f) {
  return {std::string(code_of(f)), std::string(ucum::to_text(f)), {}};
}
refusal refused(const ucum::unit_error& e, std::string_view text) {
  return {std::string(e.name()), e.message(text), std::string(text.substr(0, 200)), e.at, e.length};
}

boost::system::result<ucum::unit, refusal> unit_of(std::string_view text) {
  const auto parsed = ucum::parse(text);
  if (!parsed) return refused(parsed.error(), text);
  return *parsed;
}

boost::system::result<decimal, refusal> value_of(std::string_view text) {
  const auto value = decimal::parse(text);
  if (!value) return refusal{"invalid_value", "the value is no decimal number, or has too many digits", {}};
  return *value;
}

answer convert(std::string_view value_text, std::string_view from_text, std::string_view to_text) {
  const auto value = value_of(value_text);
  if (!value) return value.error();
  const auto from = unit_of(from_text);
  if (!from) return from.error();
  const auto to = unit_of(to_text);
  if (!to) return to.error();
  if (from_text == to_text) return answered{*value, std::string(to_text)};  // also where the unit's factor does not fit
  const auto result = ucum::convert(*value, *from, *to);
  if (!result) return refused(result.error());
  return answered{result->value, std::string(to_text), result->exact};
}

answer combine(bool divides, std::string_view value_text, std::string_view unit_text, std::string_view by_text,
               std::string_view by_unit_text) {
  const auto a = value_of(value_text), b = value_of(by_text);
  if (!a) return a.error();
  if (!b) return b.error();
  const auto in_a = unit_of(unit_text), in_b = unit_of(by_unit_text);
  if (!in_a) return in_a.error();
  if (!in_b) return in_b.error();
  const auto result = divides ? ucum::divide(*a, *in_a, *b, *in_b) : ucum::multiply(*a, *in_a, *b, *in_b);
  if (!result) return refused(result.error());
  return answered{result->value.value, result->unit, result->value.exact};
}

/// The sentence, and for a unit its text with a caret below the place.
int complain(const refusal& r) {
  std::fprintf(stderr, "mainstay: %s\n", r.message.c_str());
  const bool printable = std::all_of(r.unit.begin(), r.unit.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (!r.unit.empty() && printable && r.at <= r.unit.size()) {
    const std::size_t length =
        std::min(std::max<std::size_t>(r.length, 1), std::max<std::size_t>(r.unit.size() - r.at, 1));
    std::fprintf(stderr, "  %s\n  %s^%s\n", r.unit.c_str(), std::string(r.at, ' ').c_str(),
                 std::string(length - 1, '~').c_str());
  }
  return exit_findings;
}

int tell(const answer& a) {
  if (!a) return complain(a.error());
  std::printf("%s %s\n", a->value.to_string().c_str(), a->unit.c_str());
  if (!a->exact) std::fputs("mainstay: rounded; no decimal number is exactly that\n", stderr);
  return exit_good;
}

int check(const flags& f) {
  const auto unit = unit_of(f.unit);
  if (!unit) return complain(unit.error());
  std::printf("`%s` is a unit: %s\n", f.unit.c_str(), ucum::display(f.unit).value().c_str());
  if (const auto base = ucum::canonical(decimal(1), *unit)) {
    std::printf("1 of it is %s %s\n", base->value.value.to_string().c_str(), base->unit.c_str());
  } else {
    std::printf("not converted: %s\n", std::string(ucum::to_text(base.error())).c_str());
  }
  return exit_good;
}

/// {"id","op": "check","unit"}, {"id","op": "convert","value","from","to"}, {"id","op":
/// "multiply"|"divide","value","unit","by","by_unit"}
void answer_line(const fhir::json::node& asked, fhir::json::writer& out) {
  const auto text = [&](const char* name) { return text_member(asked, name); };
  const std::string_view op = text("op");
  if (op == "check") {
    out.key("valid").boolean(ucum::parse(text("unit")).has_value());
    return;
  }
  if (op != "convert" && op != "multiply" && op != "divide") {
    write_error(out, "unknown_op", "`op` is none of `check`, `convert`, `multiply`, `divide`");
    return;
  }
  const auto a = op == "convert" ? convert(text("value"), text("from"), text("to"))
                                 : combine(op == "divide", text("value"), text("unit"), text("by"), text("by_unit"));
  if (!a) {
    write_error(out, a.error().code, a.error().message);
    return;
  }
  out.member("value", a->value.to_string()).member("unit", a->unit);
}
}  // namespace

void add_ucum(CLI::App& app, int& exit) {
  auto f = std::make_shared<flags>();
  auto* sub = app.add_subcommand("ucum", "units of measure: check, convert, multiply, divide");
  sub->add_flag("--batch", f->batch, "answer NDJSON from standard input, line by line");
  sub->require_subcommand(0, 1);
  sub->footer(
      "example:\n  mainstay ucum check mmol/L\n  mainstay ucum convert 6.3 mm m\n  mainstay ucum convert -- -40 Cel "
      "[degF]\n"
      "  echo '{\"id\":1,\"op\":\"check\",\"unit\":\"mg/dL\"}' | mainstay ucum --batch");
  sub->callback([f, sub, &exit] {
    if (f->batch) {
      exit = run_batch(stdin, stdout, answer_line) ? exit_good : exit_findings;
    } else if (sub->get_subcommands().empty()) {
      throw failure(exit_usage,
                    "`ucum` needs `check`, `convert`, `multiply`, `divide` or `--batch`; see `ucum --help`");
    }
  });
  auto* checked = sub->add_subcommand("check", "say whether a text is a unit, and what it measures");
  checked->add_option("UNIT", f->unit)->required();
  checked->callback([f, &exit] { exit = check(*f); });
  auto* converted = sub->add_subcommand("convert", "a number of one unit as a number of another");
  converted->add_option("VALUE", f->value)->required();
  converted->add_option("FROM", f->from)->required();
  converted->add_option("TO", f->to)->required();
  converted->callback([f, &exit] { exit = tell(convert(f->value, f->from, f->to)); });
  for (const bool divides : {false, true}) {
    auto* one = sub->add_subcommand(divides ? "divide" : "multiply", divides ? "one quantity by another, in base units"
                                                                             : "two quantities, in base units");
    one->add_option("VALUE", f->value)->required();
    one->add_option("UNIT", f->unit)->required();
    one->add_option("BY", f->by)->required();
    one->add_option("BY_UNIT", f->by_unit)->required();
    one->callback([f, divides, &exit] { exit = tell(combine(divides, f->value, f->unit, f->by, f->by_unit)); });
  }
}

}  // namespace mainstay::cds::commands
