// Which facts and terms a criterion rests on. Private to rules/pack.
#pragma once

#include <set>

#include "rules/pack/model.hpp"

namespace mainstay::rules {

/// Adds the facts that an expression asks, with all that those rest on.
void ask(const pack& p, const expression& e, std::set<index>& asked);

/// Does a source of one of these facts read the term?
bool reads(const pack& p, const std::set<index>& facts, index term);

}  // namespace mainstay::rules
