#include "rules/pack/texts.hpp"

#include <algorithm>

#include "rules/evidence/read_evidence.hpp"

namespace mainstay::rules {

namespace {

std::optional<text_part> placeholder(pack_reading& r, const yaml_node& n, std::size_t offset, std::string_view name) {
  text_part part;
  if (name.find('.') == std::string_view::npos) {
    const auto f = r.name_in(n, offset, name, r.facts);
    if (!f) return std::nullopt;
    part.type = text_part::kind::fact;
    part.fact = *f;
    return part;
  }
  auto ref = refer_to_paper(r, n, offset, name);
  if (!ref) return std::nullopt;
  const auto dots = std::count(ref->rest.begin(), ref->rest.end(), '.');
  part.paper = ref->paper;
  if (dots == 0) {
    const auto f = find_figure(r, n, *ref);
    if (!f) return std::nullopt;
    part.type = text_part::kind::figure;
    part.figure = *f;
    return part;
  }
  if (dots != 2) {
    r.error_in(n, offset, name.size(), "placeholder",
               "`{" + std::string(name) + "}` is neither a figure nor a cell of a table",
               "write `{paper.figure}` or `{paper.table.column.group}`");
    return std::nullopt;
  }
  const std::size_t first = ref->rest.find('.'), second = ref->rest.find('.', first + 1);
  const std::string_view column = ref->rest.substr(first + 1, second - first - 1), row = ref->rest.substr(second + 1);
  const std::size_t start = ref->rest_offset;
  ref->rest = ref->rest.substr(0, first);
  const auto t = find_table(r, n, *ref);
  if (!t) return std::nullopt;
  const paper& p = r.made.papers[ref->paper];
  const auto c = find_column(r, n, start + first + 1, p, p.tables[*t], column);
  const auto g = c ? find_row(r, n, start + second + 1, p, p.tables[*t], row) : std::nullopt;
  if (!c || !g) return std::nullopt;
  part.type = text_part::kind::cell;
  part.table = *t;
  part.column = *c;
  part.row = *g;
  return part;
}

}  // namespace

rich_text read_text(pack_reading& r, const yaml_node& n) {
  rich_text out;
  if (n.type != yaml_node::kind::scalar) {
    r.error("form", n, "a text stands here", "quote it where it has a comma, a colon or a leading bracket");
    return out;
  }
  r.no_digits(
      n, {},
      "write a placeholder: `{fact}` or `{paper.figure}`; a name with digits belongs under `names` of pack.yaml");
  const std::string_view text = n.text;
  const auto add_text = [&](std::string_view s) {
    if (s.empty()) return;
    text_part part;
    part.text = std::string(s);
    out.push_back(std::move(part));
  };
  std::size_t at = 0;
  while (true) {
    const std::size_t open = text.find_first_of("{}", at);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (text[open] == '}' || close == std::string_view::npos) {
      r.error_in(n, open, 1, "placeholder", std::string("`") + text[open] + "` stands alone",
                 "a placeholder is `{fact}` or `{paper.figure}`");
      return out;
    }
    add_text(text.substr(at, open - at));
    if (auto part = placeholder(r, n, open + 1, text.substr(open + 1, close - open - 1)))
      out.push_back(std::move(*part));
    at = close + 1;
  }
  add_text(text.substr(at));
  return out;
}

}  // namespace mainstay::rules
