// Files under events/ -> pack::events.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/pack/reading.hpp"

namespace mainstay::rules {

/// Reads every event; terms and settings are known by then.
void read_events(pack_reading& r, const std::vector<parsed_file>& files);

/// Every code that a particular of the event's rows can have, in the order written, rows of other events included; none
/// where the event has no such particular.
std::optional<std::vector<std::string>> values_of(const pack& p, index event, std::string_view particular);
/// The titles of those codes.
std::map<std::string, std::string> titles_of(const pack& p, index event, std::string_view particular);
/// The UCUM code of the unit in which a particular is a number; empty where it is a code.
std::string unit_of(const pack& p, index event, std::string_view particular);
/// A particular that is a number in one unit here and a code, or a number in another unit, there.
struct unit_clash {
  std::string particular, one, other;  ///< units; empty for a code
};
std::optional<unit_clash> find_unit_clash(const pack& p, const std::vector<index>& events);
/// The same as a diagnostic at `at`: false where there is one.
bool one_unit(pack_reading& r, const yaml_node& at, const std::vector<index>& events);
/// The names of all particulars of the event's rows.
std::vector<std::string> particulars_of(const pack& p, index event);
/// What a `where` over the rows of these events may speak of.
expression_scope particular_scope(const pack& p, const std::vector<index>& events, bool broken);

}  // namespace mainstay::rules
