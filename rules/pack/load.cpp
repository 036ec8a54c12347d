#include "rules/pack/load.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "rules/events/read_events.hpp"
#include "rules/evidence/read_evidence.hpp"
#include "rules/facts/read_facts.hpp"
#include "rules/pack/hash.hpp"
#include "rules/pack/read_manifest.hpp"
#include "rules/pack/read_protocol.hpp"
#include "rules/pack/reading.hpp"
#include "rules/pack/requirements.hpp"
#include "rules/pack/yaml.hpp"
#include "rules/terms/read_terms.hpp"

namespace mainstay::rules {

namespace {

enum class place { manifest, terms, events, facts, evidence, protocols, left_alone, unknown };

struct folder_row {
  std::string_view prefix;
  place where;
};
constexpr std::array<folder_row, 6> folders{{{"terms/", place::terms},
                                             {"events/", place::events},
                                             {"facts/", place::facts},
                                             {"evidence/", place::evidence},
                                             {"protocols/", place::protocols},
                                             {"cases/", place::left_alone}}};

/// Where a file belongs; pages for people and cases are left alone.
place place_of(std::string_view path) {
  if (path == "pack.yaml") return place::manifest;
  if (path.starts_with("cases/") || path.ends_with(".md") || path == "LICENSE" || path == "NOTICE")
    return place::left_alone;
  const auto f =
      std::find_if(folders.begin(), folders.end(), [&](const folder_row& r) { return path.starts_with(r.prefix); });
  return f == folders.end() || !path.ends_with(".yaml") ? place::unknown : f->where;
}

/// A path below the pack's folder: no way out of it, no way to name a file twice.
bool is_relative_path(std::string_view p) {
  if (p.empty() || p.starts_with('/') || p.find('\\') != std::string_view::npos ||
      p.find('\0') != std::string_view::npos)
    return false;
  for (std::size_t from = 0; from <= p.size();) {
    const std::size_t slash = std::min(p.find('/', from), p.size());
    const std::string_view part = p.substr(from, slash - from);
    if (part.empty() || part == "." || part == "..") return false;
    from = slash + 1;
  }
  return true;
}

bool small_enough(const std::vector<pack_file>& files, const load_limits& limit, std::vector<diagnostic>& problems) {
  std::size_t bytes = 0;
  for (const pack_file& f : files) bytes += f.text.size();
  if (files.size() > limit.files) {
    problems.push_back(
        {"too-many-files",
         severity::error,
         "the pack has " + std::to_string(files.size()) + " files, more than " + std::to_string(limit.files),
         "divide it",
         {},
         1});
  } else if (bytes > limit.bytes) {
    problems.push_back({"too-large",
                        severity::error,
                        "the pack has more than " + std::to_string(limit.bytes) + " bytes",
                        "divide it",
                        {},
                        1});
  }
  return problems.empty();
}

void read_all(pack& p, const std::vector<pack_file>& files, const load_limits& limit,
              std::vector<diagnostic>& problems) {
  std::vector<const pack_file*> sorted;
  for (const pack_file& f : files) sorted.push_back(&f);
  std::sort(sorted.begin(), sorted.end(), [](const pack_file* a, const pack_file* b) { return a->path < b->path; });

  std::array<std::vector<parsed_file>, 6> parsed;
  bool all_read = true;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const pack_file& f = *sorted[i];
    const auto whole = [&](std::string code, std::string message, std::string help) {
      problems.push_back({std::move(code), severity::error, std::move(message), std::move(help), {f.path, 0, 0}, 1});
    };
    if (!is_relative_path(f.path))
      whole("path", "the path is not one below the pack's folder", "write `folder/file.yaml`");
    else if (i > 0 && sorted[i - 1]->path == f.path)
      whole("path", "the file is given twice", "give it once");
    else if (const place where = place_of(f.path); where == place::unknown) {
      whole("stray-file", "no part of a pack is read from here",
            f.path.ends_with(".yml")
                ? "name it `.yaml`"
                : "files are pack.yaml and terms/, events/, facts/, evidence/, protocols/, cases/ with `.yaml`");
    } else if (where != place::left_alone) {
      auto root = parse_yaml(f, problems);
      if (root)
        parsed[static_cast<std::size_t>(where)].push_back({f.path, std::move(*root)});
      else
        all_read = false;
    }
  }
  const auto of = [&](place w) -> const std::vector<parsed_file>& { return parsed[static_cast<std::size_t>(w)]; };
  const bool has_manifest =
      std::any_of(files.begin(), files.end(), [](const pack_file& f) { return f.path == "pack.yaml"; });
  if (!has_manifest)
    problems.push_back({"missing-file",
                        severity::error,
                        "the pack has no pack.yaml",
                        "begin it with `pack: its_name`",
                        {"pack.yaml", 0, 0},
                        1});
  // A file that is not YAML may hold anything the others name: what they lack is its echo.
  if (!all_read || !has_manifest) return;

  pack_reading r(p, problems, limit);
  read_manifest(r, of(place::manifest).front());
  read_terms(r, of(place::terms));
  read_events(r, of(place::events));
  read_facts(r, of(place::facts));
  read_evidence(r, of(place::evidence));
  name_table protocols{"protocol", "protocols/", {}, {}};
  for (const parsed_file& f : of(place::protocols)) read_protocol(r, f, protocols);
  read_services(r, of(place::manifest).front(), protocols);
}

}  // namespace

loaded load(const std::vector<pack_file>& files, const load_limits& limit) {
  loaded out;
  const auto p = std::make_shared<pack>();
  if (small_enough(files, limit, out.diagnostics)) read_all(*p, files, limit, out.diagnostics);

  auto& all = out.diagnostics;
  std::stable_sort(all.begin(), all.end(), [](const diagnostic& a, const diagnostic& b) {
    return std::tie(a.at.file, a.at.line, a.at.column) < std::tie(b.at.file, b.at.line, b.at.column);
  });
  const bool good =
      std::none_of(all.begin(), all.end(), [](const diagnostic& d) { return d.level == severity::error; });
  if (all.size() > limit.diagnostics) {
    const std::size_t more = all.size() - limit.diagnostics;
    all.resize(limit.diagnostics);
    all.push_back({"too-many",
                   severity::error,
                   std::to_string(more) + " more problems are not shown",
                   "mend these first",
                   {},
                   1});
  }
  if (!good) return out;
  p->prepare();
  compute_requirements(*p);
  p->hash = hash_of(files);
  out.value = p;
  return out;
}

}  // namespace mainstay::rules
