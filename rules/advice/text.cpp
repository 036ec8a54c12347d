#include "rules/advice/text.hpp"

#include <array>

#include "fhir/json/unicode.hpp"
#include "rules/advice/advice.hpp"

namespace mainstay::rules {

namespace {

bool is_space(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/// Printable ASCII with single spaces between words: nothing to take out. Nearly all that a pack writes is so.
bool is_clean(std::string_view text) {
  char before = ' ';
  for (const char c : text) {
    if (c < ' ' || c > '~' || (c == ' ' && before == ' ')) return false;
    before = c;
  }
  return before != ' ' || text.empty();
}

/// Characters that escape_markdown looks at; all others stand for themselves wherever they are.
constexpr std::array<bool, 256> markup = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("<>&@\\`*[]|~$_:.)#-+=")) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string clean(std::string_view text, std::size_t limit) {
  if (text.size() <= limit && is_clean(text)) return std::string(text);
  std::u32string kept;
  bool gap = false;
  // One more than fits tells that something must be cut; the rest need not be read.
  while (!text.empty() && kept.size() <= limit) {
    const auto next = fhir::json::first_character(text);
    const auto c = next.value;
    text.remove_prefix(next.size);
    if (is_space(c)) {
      gap = !kept.empty();
    } else if (!fhir::json::is_hidden(c)) {
      if (gap) kept.push_back(U' ');
      gap = false;
      kept.push_back(c);
    }
  }
  if (kept.size() > limit) {
    kept.resize(limit == 0 ? 0 : limit - 1);
    while (!kept.empty() && kept.back() == U' ') kept.pop_back();
    if (limit != 0) kept.push_back(0x2026);  // horizontal ellipsis
  }
  std::string out;
  for (const auto c : kept) fhir::json::append_character(out, c);
  return out;
}

std::string escape_markdown(std::string_view text, std::size_t limit) {
  const auto plain = clean(text, limit);
  std::string out;
  out.reserve(plain.size() + 8);
  // "1. x" and "1) x" would start a list.
  const auto ordinal = [&](std::size_t i) {
    return i > 0 && plain.find_first_not_of("0123456789") == i && (i + 1 == plain.size() || plain[i + 1] == ' ');
  };
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const std::size_t run = i;
    while (i < plain.size() && !markup[static_cast<unsigned char>(plain[i])]) ++i;
    out.append(plain, run, i - run);
    if (i == plain.size()) break;
    const char c = plain[i];
    const auto at = [&](std::size_t k) { return k < plain.size() ? plain[k] : '\0'; };
    const char before = i == 0 ? '\0' : plain[i - 1];
    switch (c) {
      // Entities, not backslashes, so that even a reader that takes the Markdown for HTML sees no tag.
      case '<':
        out += "&lt;";
        continue;
      case '>':
        out += "&gt;";
        continue;
      case '&':
        out += "&amp;";
        continue;
      case '@':
        out += "(at)";
        continue;  // GitHub links bare addresses after all escapes are gone
      case '\\':
      case '`':
      case '*':
      case '[':
      case ']':
      case '|':
      case '~':
      case '$':
        out.push_back('\\');
        break;
      // Inside a word an underscore is only itself (GFM 0.29, 6.4).
      case '_':
        if (!(is_alphanumeric(before) && is_alphanumeric(at(i + 1)))) out.push_back('\\');
        break;
      case ':':
        if (at(i + 1) == '/') out.push_back('\\');
        break;  // bare links (GFM 0.29, 6.9)
      case '.': {
        const bool www =
            i >= 3 && (plain[i - 1] | 32) == 'w' && (plain[i - 2] | 32) == 'w' && (plain[i - 3] | 32) == 'w';
        if (www || ordinal(i)) out.push_back('\\');
        break;
      }
      case ')':
        if (ordinal(i)) out.push_back('\\');
        break;
      case '#':
      case '-':
      case '+':
      case '=':
        if (i == 0) out.push_back('\\');
        break;
      default:
        break;
    }
    out.push_back(c);
  }
  return out;
}

std::string words(std::string_view text) {
  constexpr std::size_t never_reached = 2000;
  return escape_markdown(text, never_reached);
}

std::size_t code_points(std::string_view text) {
  std::size_t n = 0;
  for (; !text.empty(); ++n) text.remove_prefix(fhir::json::first_character(text).size);
  return n;
}

std::string counted(long long n, std::string_view noun) {
  std::string out = std::to_string(n) + " " + std::string(noun);
  if (n != 1) out += "s";
  return out;
}

}  // namespace mainstay::rules
