// Files under evidence/ -> pack::papers; and references to what a paper has.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/pack/reading.hpp"

namespace mainstay::rules {

/// A quote longer than this is more than citing.
inline constexpr std::size_t quote_words = 25;

/// Reads every paper; facts are known by then (`like:` of a group asks them).
void read_evidence(pack_reading& r, const std::vector<parsed_file>& files);

/// "p3.lfs_age" at an offset of a scalar: the paper, and what is behind the dot. None with a diagnostic.
struct paper_reference {
  index paper = 0;
  std::string_view rest;
  std::size_t rest_offset = 0;
};
std::optional<paper_reference> refer_to_paper(pack_reading& r, const yaml_node& n, std::size_t offset,
                                              std::string_view text);
/// Figure, table or statement of that id; none with a diagnostic.
std::optional<index> find_figure(pack_reading& r, const yaml_node& n, const paper_reference& ref);
std::optional<index> find_table(pack_reading& r, const yaml_node& n, const paper_reference& ref);
std::optional<index> find_statement(pack_reading& r, const yaml_node& n, const paper_reference& ref);
/// Column by id and row by its group's id, at an offset of the scalar.
std::optional<index> find_column(pack_reading& r, const yaml_node& n, std::size_t offset, const paper& p,
                                 const table& t, std::string_view id);
std::optional<index> find_row(pack_reading& r, const yaml_node& n, std::size_t offset, const paper& p, const table& t,
                              std::string_view group);

}  // namespace mainstay::rules
