// NDJSON in, NDJSON out: one object a line, for tests that compare Mainstay with other programs.
#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

#include "fhir/json/document.hpp"
#include "fhir/json/writer.hpp"

namespace mainstay::cds::commands {

struct batch_limits {
  std::size_t line = 1 << 20;  ///< bytes; a longer line is answered with an error, and the next is read
};

/// Adds to the answer's object, whose `id` is there already, what the line's object asks for.
using batch_step = std::function<void(const fhir::json::node& asked, fhir::json::writer& answer)>;

/// Answers each line of `in` that is not blank, in order. A line that is no JSON object has the id null and the error
/// `invalid_json`. False where a line was no JSON object.
bool run_batch(std::FILE* in, std::FILE* out, const batch_step& step, const batch_limits& limit = {});

/// "error": {"code", "message"}.
void write_error(fhir::json::writer& answer, std::string_view code, std::string_view message);

/// A line's member; numbers by their text.
std::string_view text_member(const fhir::json::node& asked, const fhir::json::key& name);

}  // namespace mainstay::cds::commands
