// mainstay lab-text: what a laboratory's text says.
#include <cstdio>

#include "cds/commands/batch.hpp"
#include "cds/commands/command.hpp"
#include "cds/commands/values.hpp"
#include "fhir/lab_text/lab_text.hpp"

namespace mainstay::cds::commands {

namespace {
namespace lab = fhir::lab_text;

struct flags {
  std::string text;
  bool batch = false, spellings = false;
};

void text_or_null(fhir::json::writer& out, const char* key, const std::string& text) {
  out.key(key);
  if (text.empty()) {
    out.null();
  } else {
    out.string(text);
  }
}

void write(const lab::result& r, fhir::json::writer& out) {
  const auto digits = [](const std::optional<fhir::decimal>& d) { return d ? d->to_string() : std::string(); };
  out.member("kind", lab::to_text(r.kind));
  text_or_null(out, "low", digits(r.values.low));
  text_or_null(out, "high", digits(r.values.high));
  out.key("low_open").boolean(r.values.low_open).key("high_open").boolean(r.values.high_open);
  text_or_null(out, "unit", r.unit);
  text_or_null(out, "sensitivity", digits(r.sensitivity));
  if (r.spelling != nullptr) out.member("spelling", r.spelling->spelling);
}

int run(const flags& f) {
  const lab::options how{.lab_spellings = f.spellings};
  if (f.batch) {
    const auto step = [&](const fhir::json::node& asked, fhir::json::writer& out) {
      write(lab::read(text_member(asked, "text"), how), out);
    };
    return run_batch(stdin, stdout, step) ? exit_good : exit_findings;
  }
  if (f.text.empty()) throw failure(exit_usage, "`lab-text` needs a TEXT or `--batch`");
  const auto r = lab::read(f.text, how);
  fhir::json::writer out;
  out.begin_object();
  write(r, out);
  out.end_object();
  std::printf("%s\n", out.text().c_str());
  return r.kind == lab::kind::unreadable ? exit_findings : exit_good;
}
}  // namespace

void add_lab_text(CLI::App& app, int& exit) {
  auto f = std::make_shared<flags>();
  auto* sub = app.add_subcommand("lab-text", "read a laboratory's result that is written as text");
  sub->add_option("TEXT", f->text, "the result, as `< 0.01 %`");
  sub->add_flag("--batch", f->batch, "answer NDJSON from standard input, line by line");
  sub->add_flag("--lab-spellings", f->spellings, "also read units as laboratories spell them, as `K/uL`");
  sub->footer(
      "example:\n  mainstay lab-text 'neg (sens. 10^-4)'\n  echo '{\"id\":1,\"text\":\"1:10 000\"}' | mainstay "
      "lab-text --batch");
  sub->callback([f, &exit] { exit = run(*f); });
}

}  // namespace mainstay::cds::commands
