#include <algorithm>

#include "rules/evidence/read_evidence.hpp"
#include "rules/pack/suggest.hpp"

namespace mainstay::rules {

namespace {

template <typename T>
std::optional<index> by_id(const std::vector<T>& in, std::string_view id) {
  const auto at = std::find_if(in.begin(), in.end(), [&](const T& x) { return x.id == id; });
  if (at == in.end()) return std::nullopt;
  return static_cast<index>(at - in.begin());
}

template <typename T>
std::vector<std::string> ids(const std::vector<T>& in) {
  std::vector<std::string> out;
  for (const T& x : in) out.push_back(x.id);
  return out;
}

template <typename T>
std::optional<index> find_in(pack_reading& r, const yaml_node& n, const paper_reference& ref, const std::vector<T>& in,
                             const std::string& kind) {
  const auto at = by_id(in, ref.rest);
  const std::string& paper = r.made.papers[ref.paper].id;
  if (!at && !r.papers.is_broken(paper)) {
    r.error_in(n, ref.rest_offset, ref.rest.size(), "unknown-" + kind,
               "the paper `" + paper + "` has no " + kind + " `" + std::string(ref.rest) + "`",
               did_you_mean(ref.rest, ids(in), "add it under `" + kind + "s` of that paper"));
  }
  return at;
}

}  // namespace

std::optional<paper_reference> refer_to_paper(pack_reading& r, const yaml_node& n, std::size_t offset,
                                              std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) {
    r.error_in(n, offset, text.size(), "reference", "`" + std::string(text) + "` does not name a place in a paper",
               "write `paper.id`, as `p3.inclusion_1`");
    return std::nullopt;
  }
  const std::string_view paper = text.substr(0, dot);
  const auto found = r.papers.at.find(paper);
  if (found == r.papers.at.end()) {
    r.error_in(n, offset, paper.size(), "unknown-paper", "no paper `" + std::string(paper) + "`",
               did_you_mean(paper, r.papers.names(), "add it under evidence/"));
    return std::nullopt;
  }
  return paper_reference{found->second, text.substr(dot + 1), offset + dot + 1};
}

std::optional<index> find_figure(pack_reading& r, const yaml_node& n, const paper_reference& ref) {
  return find_in(r, n, ref, r.made.papers[ref.paper].figures, "figure");
}
std::optional<index> find_table(pack_reading& r, const yaml_node& n, const paper_reference& ref) {
  return find_in(r, n, ref, r.made.papers[ref.paper].tables, "table");
}
std::optional<index> find_statement(pack_reading& r, const yaml_node& n, const paper_reference& ref) {
  return find_in(r, n, ref, r.made.papers[ref.paper].statements, "statement");
}

std::optional<index> find_column(pack_reading& r, const yaml_node& n, std::size_t offset, const paper& p,
                                 const table& t, std::string_view id) {
  const auto at = by_id(t.columns, id);
  if (!at && !r.papers.is_broken(p.id))
    r.error_in(n, offset, id.size(), "unknown-column",
               "the table `" + t.id + "` has no column `" + std::string(id) + "`",
               did_you_mean(id, ids(t.columns), "add it under `columns`"));
  return at;
}

std::optional<index> find_row(pack_reading& r, const yaml_node& n, std::size_t offset, const paper& p, const table& t,
                              std::string_view group) {
  std::vector<std::string> known;
  for (index i = 0; i < t.rows.size(); ++i) {
    known.push_back(p.groups[t.rows[i].group].id);
    if (known.back() == group) return i;
  }
  if (!r.papers.is_broken(p.id))
    r.error_in(n, offset, group.size(), "unknown-row",
               "the table `" + t.id + "` has no row `" + std::string(group) + "`",
               did_you_mean(group, known, "rows are named by their group"));
  return std::nullopt;
}

}  // namespace mainstay::rules
