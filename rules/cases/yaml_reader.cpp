#include "rules/cases/yaml_reader.hpp"

#include <algorithm>

#include "rules/pack/suggest.hpp"

namespace mainstay::rules::case_files {

using kind = yaml_node::kind;

std::string list_of(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& w : words) out += (out.empty() ? "`" : ", `") + w + "`";
  return out;
}

bool yaml_reader::error(const yaml_node& at, std::string code, std::string message, std::string help) {
  problems_.push_back({std::move(code), severity::error, std::move(message), std::move(help), at.at, at.width});
  return false;
}

bool yaml_reader::is_map(const yaml_node& n, std::string_view what) {
  return n.type == kind::map ||
         error(n, "wrong-form", std::string(what) + " must be a map", "write `key: value` lines or `{key: value}`");
}

bool yaml_reader::known_keys(const yaml_node& n, const std::vector<std::string>& known) {
  bool good = true;
  for (const auto& m : n.members)
    if (std::find(known.begin(), known.end(), m.key.text) == known.end())
      good = error(m.key, "unknown-key", "unknown key `" + m.key.text + "` in a case",
                   did_you_mean(m.key.text, known, "known here: " + list_of(known)));
  return good;
}

std::string yaml_reader::text(const yaml_node& n, std::string_view key) {
  const auto* v = n.find(key);
  if (v == nullptr || v->type == kind::null) return {};
  if (v->type == kind::scalar) return v->text;
  error(*v, "wrong-form", "`" + std::string(key) + "` must be one value");
  return {};
}

std::vector<std::string> yaml_reader::words(const yaml_node& n) {
  std::vector<std::string> out;
  if (n.type == kind::scalar) out.push_back(n.text);
  for (const auto& i : n.items) {
    if (i.type == kind::scalar)
      out.push_back(i.text);
    else
      error(i, "wrong-form", "a list of words is meant here");
  }
  if (n.type == kind::map) error(n, "wrong-form", "a list of words is meant here", "write `[one, other]`");
  return out;
}

std::map<std::string, std::string> yaml_reader::pairs(const yaml_node& n, std::string_view what) {
  std::map<std::string, std::string> out;
  if (!is_map(n, what)) return out;
  for (const auto& m : n.members) {
    if (m.value.type == kind::scalar)
      out[m.key.text] = m.value.text;
    else
      error(m.value, "wrong-form", "`" + m.key.text + "` must be one value");
  }
  return out;
}

void yaml_reader::check_names(const yaml_node& at, const std::vector<std::string>& names,
                              const std::vector<std::string>& known, std::string_view what) {
  for (const auto& name : names)
    if (std::find(known.begin(), known.end(), name) == known.end())
      error(at, "unknown-name", "`" + name + "` is not a " + std::string(what),
            did_you_mean(name, known, "known: " + list_of(known)));
}

}  // namespace mainstay::rules::case_files
