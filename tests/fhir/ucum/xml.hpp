// As much XML as the UCUM files of others need: start tags with their attributes, and the text behind each.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mainstay::test {

struct xml_tag {
  std::string name;
  std::map<std::string, std::string, std::less<>> attributes;
  std::string text;  ///< up to the next tag
  std::string operator[](std::string_view key) const {
    const auto at = attributes.find(key);
    return at == attributes.end() ? std::string() : at->second;
  }
  bool has(std::string_view key) const { return attributes.contains(key); }
};

inline std::string xml_unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
    if (end == std::string_view::npos) {
      out += text[i];
      continue;
    }
    const std::string_view name = text.substr(i + 1, end - i - 1);
    if (name.starts_with('#')) {
      const auto code = static_cast<unsigned>(std::stoul(std::string(name.substr(1))));  // below U+0800 in these files
      if (code < 0x80) out += static_cast<char>(code);
      if (code >= 0x80) (out += static_cast<char>(0xC0 | code >> 6)) += static_cast<char>(0x80 | (code & 0x3F));
    } else {
      out += name == "lt" ? '<' : name == "gt" ? '>' : name == "quot" ? '"' : name == "apos" ? '\'' : '&';
    }
    i = end;
  }
  return out;
}

inline std::vector<xml_tag> xml_tags(std::string_view text) {
  std::vector<xml_tag> out;
  for (std::size_t i = text.find('<'); i != std::string_view::npos; i = text.find('<', i + 1)) {
    if (text.substr(i).starts_with("<!--")) {
      i = text.find("-->", i);
      continue;
    }
    if (text[i + 1] == '?' || text[i + 1] == '!') continue;
    const auto name_end = text.find_first_of(" \t\r\n/>", i + 2);
    xml_tag tag{std::string(text.substr(i + 1, name_end - i - 1)), {}, {}};
    std::size_t at = name_end;
    while (true) {
      at = text.find_first_not_of(" \t\r\n/", at);
      if (text[at] == '>') break;
      const auto equals = text.find('=', at);
      const auto open = text.find_first_of("\"'", equals);
      const auto close = text.find(text[open], open + 1);
      const auto key_end = text.find_first_of(" \t\r\n=", at);
      tag.attributes.emplace(text.substr(at, key_end - at), xml_unescaped(text.substr(open + 1, close - open - 1)));
      at = close + 1;
    }
    tag.text = xml_unescaped(text.substr(at + 1, text.find('<', at) - at - 1));
    i = at;
    out.push_back(std::move(tag));
  }
  return out;
}

}  // namespace mainstay::test
