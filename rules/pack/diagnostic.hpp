// What a pack's author is told: one diagnostic a root cause, with file, line, column, source line, caret and help.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mainstay::rules {

struct position {
  std::string file;     ///< relative to the pack: "facts/facts.yaml"
  unsigned line = 0;    ///< from 1; 0 where the whole file is meant
  unsigned column = 0;  ///< from 1, in characters
};

enum class severity { error, warning };

struct diagnostic {
  std::string code;  ///< stable: "unknown-key", "unknown-term"...
  severity level = severity::error;
  std::string message;  ///< lower-case, names the thing in backticks, no final stop
  std::string help;     ///< what to write instead; may be empty
  position at;
  unsigned width = 1;  ///< characters the caret underlines
};

/// A pack's files as bytes: relative path and text; read from disk by cds.
struct pack_file {
  std::string path, text;
};

/// "error[code]: message\n  --> file:3:7\n   3 | source line\n     |   ^^^ help\n"
std::string to_text(const diagnostic& d, const std::vector<pack_file>& files);

}  // namespace mainstay::rules
