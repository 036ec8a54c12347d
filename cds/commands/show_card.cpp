#include "cds/commands/show_card.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <vector>

#include "fhir/json/unicode.hpp"

namespace mainstay::cds::commands {

namespace {
constexpr std::string_view bold_on = "\x1b[1m", bold_off = "\x1b[0m";

// A word of text as it is printed, and how many columns it takes; one code point counts as one column.
struct word { std::string text; std::size_t columns = 0; };

// What came from outside must not steer the terminal, hide, or show words in another order than they are read.
std::string without_hidden(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto c = fhir::json::first_character(text);
    if (c.value == '\n' || !fhir::json::is_hidden(c.value)) out += text.substr(0, c.size);
    else if (c.value == '\t') out += ' ';
    text.remove_prefix(c.size);
  }
  return out;
}

bool is_markup(char c) { return std::string_view("\\`*_{}[]()<>#+-.!|~&:\"'").find(c) != std::string_view::npos; }

// The characters that Markdown's writers name: one of these at `at`, or none.
struct entity { std::string_view name; char character; };
constexpr entity entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}};
const entity* entity_at(std::string_view text) {
  for (const auto& e : entities)
    if (text.starts_with(e.name)) return &e;
  return nullptr;
}

// Words of one paragraph: backslash escapes undone, `**` and `__` told by weight or left out.
std::vector<word> words_of(std::string_view text, const terminal& t) {
  std::vector<word> out;
  word now;
  bool bold = false;
  const auto end_word = [&] {
    if (now.columns) {
      if (bold && t.styled) now.text += bold_off;
      out.push_back(std::move(now));
    }
    now = {};
    if (bold && t.styled) now.text += bold_on;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\n') {
      end_word();
    } else if (c == '\\' && i + 1 < text.size() && is_markup(text[i + 1])) {
      now.text += text[++i];
      ++now.columns;
    } else if (const auto* e = c == '&' ? entity_at(text.substr(i)) : nullptr) {
      now.text += e->character;
      ++now.columns;
      i += e->name.size() - 1;
    } else if (c == '*' && i + 1 < text.size() && text[i + 1] == '*') {
      ++i;
      if (t.styled) now.text += bold ? bold_off : bold_on;
      bold = !bold;
    } else {
      now.text += c;
      if (!fhir::json::continues_character(c)) ++now.columns;
    }
  }
  end_word();
  return out;
}

// Words on lines of at most `width` columns; a word that is longer stands alone. A line is a word of several.
std::vector<word> lines_of(const std::vector<word>& words, std::size_t width) {
  std::vector<word> out;
  for (const auto& w : words) {
    if (out.empty() || out.back().columns + 1 + w.columns > width) {
      out.push_back(w);
      continue;
    }
    out.back().text += ' ' + w.text;
    out.back().columns += 1 + w.columns;
  }
  return out;
}

std::string wrapped(const std::vector<word>& words, std::size_t width, std::size_t indent) {
  std::string out;
  for (const auto& line : lines_of(words, width - indent)) out += (out.empty() ? "" : "\n" + std::string(indent, ' ')) + line.text;
  return out;
}

using row = std::vector<std::string>;

row cells_of(std::string_view line) {
  row cells;
  std::string cell;
  if (line.starts_with('|')) line.remove_prefix(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) {
      cell += line[i];
      cell += line[++i];
    } else if (line[i] == '|') {
      cells.push_back(std::move(cell));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  if (cell.find_first_not_of(' ') != std::string::npos) cells.push_back(std::move(cell));
  return cells;
}

bool is_rule(const row& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const std::string& c) {
    return c.find('-') != std::string::npos && c.find_first_not_of(" -:") == std::string::npos;
  });
}

// Widths that fit: the widest columns give way first, down to what a word needs.
std::vector<std::size_t> fitted(std::vector<std::size_t> columns, std::size_t width) {
  constexpr std::size_t gap = 2, least = 12;
  std::size_t total = 0;
  for (const auto c : columns) total += c + gap;
  while (total > width && !columns.empty()) {
    const auto widest = std::max_element(columns.begin(), columns.end());
    if (*widest <= least) break;
    --*widest;
    --total;
  }
  return columns;
}

std::string show_table(const std::vector<std::string_view>& lines, const terminal& t) {
  std::vector<std::vector<std::vector<word>>> rows;
  std::vector<std::size_t> columns;
  for (const auto line : lines) {
    const row cells = cells_of(line);
    if (is_rule(cells)) continue;
    auto& words = rows.emplace_back();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      words.push_back(words_of(cells[i], t));
      if (columns.size() <= i) columns.push_back(0);
      const auto whole = lines_of(words.back(), std::string::npos / 2);
      if (!whole.empty()) columns[i] = std::max(columns[i], whole.front().columns);
    }
  }
  columns = fitted(std::move(columns), t.width);
  std::string out;
  for (const auto& cells : rows) {
    std::vector<std::vector<word>> told;
    std::size_t height = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      told.push_back(lines_of(cells[i], columns[i]));
      height = std::max(height, told.back().size());
    }
    for (std::size_t h = 0; h < height; ++h) {  // no line for a header without titles
      std::string line = "  ";
      for (std::size_t i = 0; i < told.size(); ++i) {
        const word cell = h < told[i].size() ? told[i][h] : word{};
        line += cell.text;
        if (i + 1 < told.size()) line += std::string(columns[i] > cell.columns ? columns[i] - cell.columns + 2 : 2, ' ');
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + "\n";
    }
  }
  return out;
}

std::string bold(std::string_view text, const terminal& t) {
  return t.styled ? std::string(bold_on) + std::string(text) + std::string(bold_off) : std::string(text);
}

std::string plain_text(const fhir::json::node& from, const fhir::json::key& name) { return without_hidden(from.string(name)); }
}  // namespace

terminal standard_output() {
  terminal t;
  const bool is_terminal = ::isatty(STDOUT_FILENO) == 1;
  t.styled = is_terminal && !std::getenv("NO_COLOR");
  winsize size{};
  if (is_terminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col) t.width = size.ws_col;
  if (const char* columns = std::getenv("COLUMNS")) {
    const std::string_view text(columns);
    std::size_t width = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), width).ec == std::errc{} && width) t.width = width;
  }
  t.width = std::clamp<std::size_t>(t.width, 40, 160);
  return t;
}

std::string show_markdown(std::string_view markdown, const terminal& t) {
  const std::string clean = without_hidden(markdown);
  std::string out;
  std::vector<std::string_view> table;
  const auto end_table = [&] {
    if (!table.empty()) out += show_table(table, t);
    table.clear();
  };
  std::string_view rest = clean;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.starts_with('|')) {
      table.push_back(line);
      continue;
    }
    end_table();
    const auto words = words_of(line, t);
    if (words.empty()) {
      if (!out.empty() && !out.ends_with("\n\n")) out += '\n';
      continue;
    }
    const bool item = line.starts_with("- ") || line.starts_with("* ");
    out += wrapped(words, t.width, item ? 2 : 0) + "\n";
  }
  end_table();
  return out;
}

std::string show_card(const fhir::json::node& card, const terminal& t) {
  const auto indicator = plain_text(card, "indicator");
  std::string out = bold(plain_text(card, "summary"), t) + "\n[" + (indicator.empty() ? "no indicator" : indicator) + "]\n";
  const auto detail = card.string("detail");
  if (!detail.empty()) out += "\n" + show_markdown(detail, t);
  if (const auto* source = card.find("source")) {
    out += "\nSource: " + plain_text(*source, "label");
    const auto url = plain_text(*source, "url");
    out += (url.empty() ? "" : ", " + url) + "\n";
  }
  if (const auto* suggestions = card.find("suggestions"))
    for (const auto& s : suggestions->items()) out += "Suggestion: " + plain_text(s, "label") + "\n";
  if (const auto* links = card.find("links"))
    for (const auto& l : links->items()) out += "Link: " + plain_text(l, "label") + ", " + plain_text(l, "url") + "\n";
  return out;
}

std::string show_response(const fhir::json::node& response, const terminal& t) {
  const auto* cards = response.find("cards");
  if (!cards || !cards->is_array()) return "the answer has no `cards`\n";
  if (cards->items().empty()) return "no cards: nothing here applies to this patient\n";
  std::string out;
  const std::string line(std::min<std::size_t>(t.width, 100), '-');
  for (const auto& card : cards->items()) out += line + "\n" + show_card(card, t);
  return out + line + "\n";
}

}  // namespace mainstay::cds::commands
