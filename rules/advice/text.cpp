#include "rules/advice/text.hpp"

#include <array>

#include "rules/advice/advice.hpp"

namespace mainstay::rules {

namespace {

constexpr char32_t replacement = 0xFFFD;

/// Takes one code point off the front; what is not UTF-8 (RFC 3629) gives the replacement character, a byte at a time.
char32_t take(std::string_view& s) {
  const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(s[i])); };
  const char32_t lead = byte(0);
  const std::size_t size = lead < 0x80                   ? 1
                           : lead >= 0xC2 && lead < 0xE0 ? 2
                           : lead >= 0xE0 && lead < 0xF0 ? 3
                           : lead >= 0xF0 && lead < 0xF5 ? 4
                                                         : 0;
  char32_t value = size == 2 ? lead & 0x1F : size == 3 ? lead & 0x0F : size == 4 ? lead & 0x07 : lead;
  bool whole = size != 0 && s.size() >= size;
  for (std::size_t i = 1; whole && i < size; ++i) {
    whole = (byte(i) & 0xC0) == 0x80;
    value = value << 6 | (byte(i) & 0x3F);
  }
  whole = whole && !(size == 3 && (value < 0x800 || (value >= 0xD800 && value < 0xE000))) &&
          !(size == 4 && (value < 0x10000 || value > 0x10FFFF));
  s.remove_prefix(whole ? size : 1);
  return whole ? value : replacement;
}

void put(std::string& out, char32_t c) {
  const auto add = [&](char32_t b) { out.push_back(static_cast<char>(b)); };
  if (c < 0x80) {
    add(c);
  } else if (c < 0x800) {
    add(0xC0 | c >> 6), add(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    add(0xE0 | c >> 12), add(0x80 | (c >> 6 & 0x3F)), add(0x80 | (c & 0x3F));
  } else {
    add(0xF0 | c >> 18), add(0x80 | (c >> 12 & 0x3F)), add(0x80 | (c >> 6 & 0x3F)), add(0x80 | (c & 0x3F));
  }
}

bool is_space(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/// Characters that show nothing and change how the rest is shown (Unicode UAX 9 and the zero-width ones, tags,
/// variation selectors left alone).
bool is_hidden(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c <= 0xE007F);
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
    const auto c = take(text);
    if (is_space(c)) {
      gap = !kept.empty();
    } else if (!is_hidden(c)) {
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
  for (const auto c : kept) put(out, c);
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
  while (!text.empty()) {
    take(text);
    ++n;
  }
  return n;
}

std::string counted(long long n, std::string_view noun) {
  std::string out = std::to_string(n) + " " + std::string(noun);
  if (n != 1) out += "s";
  return out;
}

}  // namespace mainstay::rules
