// A pack's and the example patients' files, from a folder or from the binary.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "rules/pack/diagnostic.hpp"

namespace mainstay::cds::resources {

/// A sentence about a file or folder that cannot be read.
struct file_error { std::string message; };
[[noreturn]] void throw_exception_from_error(const file_error& e, const boost::source_location& where);

/// Every `*.yaml` below a folder, sorted by path; symbolic links are followed, names that begin with a dot are not read. An
/// empty folder name means the pack in the binary.
boost::system::result<std::vector<rules::pack_file>, file_error> read_pack(const std::string& folder);
/// Every `*.ndjson` below a folder; empty: those in the binary.
boost::system::result<std::vector<rules::pack_file>, file_error> read_fixtures(const std::string& folder);
/// The file `today` of a folder of fixtures, or of those in the binary: the day that the example patients are told for.
boost::system::result<std::string, file_error> read_today(const std::string& folder);
/// One file.
boost::system::result<std::string, file_error> read_file(const std::string& path, std::size_t limit = std::size_t{128} << 20);

}  // namespace mainstay::cds::resources
