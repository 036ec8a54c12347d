#include "cds/resources/files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "cds/resources/embedded.hpp"

namespace mainstay::cds::resources {

namespace {
namespace fs = std::filesystem;
using files = std::vector<rules::pack_file>;

// Ten thousand files of a pack are thinkable (rules/pack/load.hpp); more is a wrong folder, and no reason to read it all.
constexpr std::size_t most_files = 10000;
constexpr std::size_t most_bytes = std::size_t{64} << 20;
constexpr int deepest = 16;  // a link to a folder above ends here

bool by_path(const rules::pack_file& a, const rules::pack_file& b) { return a.path < b.path; }

boost::system::result<files, file_error> read_folder(const std::string& folder, std::string_view extension) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) return file_error{"`" + folder + "` is not a folder"};
  files out;
  std::size_t bytes = 0;
  auto at = fs::recursive_directory_iterator(folder, fs::directory_options::follow_directory_symlink, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const auto& path = at->path();
    // Kubernetes mounts files beside a `..data` folder that holds them once more.
    if (path.filename().string().starts_with(".")) {
      at.disable_recursion_pending();
      continue;
    }
    if (at.depth() >= deepest) at.disable_recursion_pending();
    if (path.extension() != extension || !at->is_regular_file(error)) continue;
    auto text = read_file(path.string(), most_bytes - bytes);
    if (!text) return text.error();
    bytes += text->size();
    out.push_back({path.lexically_relative(folder).generic_string(), std::move(text).value()});
    if (out.size() > most_files) return file_error{"`" + folder + "` holds more than " + std::to_string(most_files) + " files"};
  }
  if (error) return file_error{"cannot read `" + folder + "`: " + error.message()};
  std::sort(out.begin(), out.end(), by_path);
  return out;
}

files from(const std::vector<embedded_file>& embedded) {
  files out;
  for (const auto& file : embedded) out.push_back({std::string(file.path), std::string(file.text)});
  std::sort(out.begin(), out.end(), by_path);
  return out;
}
}  // namespace

void throw_exception_from_error(const file_error& e, const boost::source_location&) { throw std::runtime_error(e.message); }

boost::system::result<std::string, file_error> read_file(const std::string& path, std::size_t limit) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return file_error{"`" + path + "` is a folder, not a file"};
  std::ifstream in(path, std::ios::binary);
  if (!in) return file_error{"cannot read `" + path + "`: " + std::strerror(errno)};
  std::string text;
  char block[1 << 16];
  while (in.read(block, sizeof block) || in.gcount() > 0) {
    text.append(block, static_cast<std::size_t>(in.gcount()));
    if (text.size() > limit) return file_error{"`" + path + "` is too large"};
  }
  return {boost::system::in_place_value, std::move(text)};
}

boost::system::result<files, file_error> read_pack(const std::string& folder) {
  if (folder.empty()) return from(pack_files());
  return read_folder(folder, ".yaml");
}

boost::system::result<files, file_error> read_fixtures(const std::string& folder) {
  if (!folder.empty()) return read_folder(folder, ".ndjson");
  auto all = from(fixture_files());
  std::erase_if(all, [](const auto& file) { return !file.path.ends_with(".ndjson"); });
  return all;
}

boost::system::result<std::string, file_error> read_today(const std::string& folder) {
  if (!folder.empty()) return read_file(folder + "/today", 64);
  for (const auto& file : fixture_files())
    if (file.path == "today") return {boost::system::in_place_value, file.text};
  return file_error{"no example patients in this binary"};
}

}  // namespace mainstay::cds::resources
