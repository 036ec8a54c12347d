// Texts of a card with placeholders: `{day}`, `{p3.lfs_age}`, `{p3.outcomes.lfs_2y.mrd_neg}`.
#pragma once

#include "rules/pack/reading.hpp"

namespace mainstay::rules {

/// Cuts a text at its placeholders and resolves them; digits typed into it are an error.
rich_text read_text(pack_reading& r, const yaml_node& n);

}  // namespace mainstay::rules
