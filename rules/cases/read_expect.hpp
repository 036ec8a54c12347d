// What a case expects, read from its YAML. Private to rules/cases.
#pragma once

#include "rules/cases/read.hpp"
#include "rules/cases/yaml_reader.hpp"

namespace mainstay::rules::case_files {

/// The value of `expect:`; mistakes go to the reader.
expectations read_expect(yaml_reader& reader, const pack& p, const yaml_node& n);

}  // namespace mainstay::rules::case_files
