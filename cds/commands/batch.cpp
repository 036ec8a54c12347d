#include "cds/commands/batch.hpp"

#include <utility>

namespace mainstay::cds::commands {
namespace {

/// The next line, at most `most` + 1 bytes of it; false at the end.
bool read_line(std::FILE* in, std::string& line, std::size_t most) {
  line.clear();
  int c = std::getc(in);
  if (c == EOF) return false;
  for (; c != EOF && c != '\n'; c = std::getc(in))
    if (line.size() <= most) line += static_cast<char>(c);
  return true;
}

}  // namespace

bool run_batch(std::FILE* in, std::FILE* out, const batch_step& step, const batch_limits& limit) {
  bool good = true;
  for (std::string line; read_line(in, line, limit.line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    fhir::json::writer answer;
    answer.begin_object().key("id");
    const bool too_long = line.size() > limit.line;
    const auto parsed = too_long ? fhir::json::parse("") : fhir::json::parse(std::move(line));
    if (!parsed || !parsed->root().is_object()) {
      good = false;
      answer.null();
      write_error(answer, "invalid_json", too_long ? "the line is too long" : "the line is no JSON object");
    } else {
      const auto* id = parsed->root().find("id");
      if (id != nullptr) {
        answer.value(*id);
      } else {
        answer.null();
      }
      step(parsed->root(), answer);
    }
    answer.end_object();
    std::fprintf(out, "%s\n", answer.text().c_str());
  }
  return good;
}

void write_error(fhir::json::writer& answer, std::string_view code, std::string_view message) {
  answer.key("error").begin_object().member("code", code).member("message", message).end_object();
}

std::string_view text_member(const fhir::json::node& asked, const fhir::json::key& name) {
  const auto* member = asked.find(name);
  return member != nullptr ? member->text() : std::string_view();
}

}  // namespace mainstay::cds::commands
