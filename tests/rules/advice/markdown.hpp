// What a GitHub-flavoured Markdown reader makes of a text: node names and visible text, by md4c.
#pragma once

#include <md4c.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace mainstay::test {

struct markdown {
  std::vector<std::string> nodes;  ///< block and span names, each once, sorted
  std::string text;                ///< what a reader sees; entities resolved for the three that cards use
  bool valid = false;
};

inline markdown read_markdown(std::string_view source) {
  markdown out;
  MD_PARSER parser{};
  parser.flags = MD_DIALECT_GITHUB | MD_FLAG_LATEXMATHSPANS;
  parser.enter_block = [](MD_BLOCKTYPE type, void*, void* to) {
    static constexpr const char* names[] = {"doc",  "quote", "ul",    "ol",    "li",    "hr", "h",  "code",
                                            "html", "p",     "table", "thead", "tbody", "tr", "th", "td"};
    static_cast<markdown*>(to)->nodes.emplace_back(names[type]);
    return 0;
  };
  parser.leave_block = [](MD_BLOCKTYPE, void*, void* to) {
    static_cast<markdown*>(to)->text += "\n";
    return 0;
  };
  parser.enter_span = [](MD_SPANTYPE type, void*, void* to) {
    static constexpr const char* names[] = {"em",   "strong",       "a",        "img", "code_span", "del",
                                            "math", "math_display", "wikilink", "u"};
    static_cast<markdown*>(to)->nodes.emplace_back(names[type]);
    return 0;
  };
  parser.leave_span = [](MD_SPANTYPE, void*, void*) { return 0; };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* to) {
    auto& m = *static_cast<markdown*>(to);
    const std::string_view piece(text, size);
    if (type == MD_TEXT_HTML) m.nodes.emplace_back("html");
    if (type == MD_TEXT_BR) m.nodes.emplace_back("br");
    if (type == MD_TEXT_SOFTBR)
      m.text += "\n";
    else if (type == MD_TEXT_ENTITY)
      m.text += piece == "&lt;" ? "<" : piece == "&gt;" ? ">" : piece == "&amp;" ? "&" : std::string(piece);
    else
      m.text += piece;
    return 0;
  };
  out.valid = md_parse(source.data(), static_cast<MD_SIZE>(source.size()), &parser, &out) == 0;
  std::sort(out.nodes.begin(), out.nodes.end());
  out.nodes.erase(std::unique(out.nodes.begin(), out.nodes.end()), out.nodes.end());
  return out;
}

}  // namespace mainstay::test
