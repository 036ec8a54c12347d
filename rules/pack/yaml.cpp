#include "rules/pack/yaml.hpp"

#include <libfyaml.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "fhir/json/unicode.hpp"
#include "rules/pack/lines.hpp"

namespace mainstay::rules {

const yaml_node* yaml_node::find(std::string_view key) const {
  const auto at_key =
      std::find_if(members.begin(), members.end(), [&](const yaml_member& m) { return m.key.text == key; });
  return at_key == members.end() ? nullptr : &at_key->value;
}

namespace {

struct free_parser {
  void operator()(fy_parser* p) const { fy_parser_destroy(p); }
};
struct free_diag {
  void operator()(fy_diag* d) const { fy_diag_destroy(d); }
};

/// Builds the tree from libfyaml's events; an explicit stack, so that depth costs no native stack.
class tree_builder {
 public:
  tree_builder(const pack_file& file, std::vector<diagnostic>& problems) : file_(file), problems_(problems) {}

  void run(fy_parser* parser) {
    while (fy_event* event = fy_parser_parse(parser)) {
      if (!stopped_) take(*event);
      fy_parser_event_free(parser, event);
    }
  }
  bool stopped() const { return stopped_; }
  unsigned documents() const { return documents_; }
  yaml_node take_root() { return std::move(root_); }

 private:
  struct open {
    yaml_node node;
    std::optional<yaml_node> key;
    std::set<std::string, std::less<>> keys;
  };

  position position_of(fy_event& e) const {
    const fy_mark* m = fy_event_start_mark(&e);
    if (m == nullptr) return {file_.path, 0, 0};
    return {file_.path, static_cast<unsigned>(m->line) + 1, static_cast<unsigned>(m->column) + 1};
  }

  void problem(std::string code, position at, unsigned width, std::string message, std::string help) {
    problems_.push_back({std::move(code), severity::error, std::move(message), std::move(help), std::move(at), width});
  }

  void refuse_decorations(fy_event& e) {
    if (fy_token* t = fy_event_get_anchor_token(&e); t != nullptr) {
      problem("anchor", position_of(e), 1, "a rule file has no anchors and aliases",
              "write the text out at each place");
      stopped_ = true;
    } else if (fy_token* tag = fy_event_get_tag_token(&e); tag != nullptr) {
      problem("tag", position_of(e), 1, "a rule file has no tags", "leave the tag out: a scalar keeps its text");
      stopped_ = true;
    }
  }

  void take(fy_event& e) {
    switch (e.type) {
      case FYET_DOCUMENT_START:
        if (++documents_ == 2) {
          problem("documents", position_of(e), 3, "a rule file is one document",
                  "put what follows `---` into a file of its own");
          stopped_ = true;
        }
        return;
      case FYET_ALIAS:
        problem("anchor", position_of(e), 1, "a rule file has no anchors and aliases",
                "write the text out at each place");
        stopped_ = true;
        return;
      case FYET_SCALAR:
        refuse_decorations(e);
        if (!stopped_) place(scalar(e));
        return;
      case FYET_MAPPING_START:
      case FYET_SEQUENCE_START: {
        refuse_decorations(e);
        if (stopped_) return;
        yaml_node n;
        n.type = e.type == FYET_MAPPING_START ? yaml_node::kind::map : yaml_node::kind::list;
        n.at = position_of(e);
        if (stack_.size() >= yaml_depth_limit) {
          problem("depth", n.at, 1, "nested deeper than " + std::to_string(yaml_depth_limit), "flatten it");
          stopped_ = true;
          return;
        }
        stack_.push_back({std::move(n), std::nullopt, {}});
        return;
      }
      case FYET_MAPPING_END:
      case FYET_SEQUENCE_END: {
        if (stack_.empty()) return;
        yaml_node done = std::move(stack_.back().node);
        stack_.pop_back();
        place(std::move(done));
        return;
      }
      default:
        return;
    }
  }

  yaml_node scalar(fy_event& e) const {
    yaml_node n;
    n.at = position_of(e);
    fy_token* t = fy_event_get_token(&e);
    std::size_t length = 0;
    if (const char* text = t == nullptr ? nullptr : fy_token_get_text(t, &length); text != nullptr)
      n.text.assign(text, length);
    const fy_scalar_style style = t == nullptr ? FYSS_PLAIN : fy_token_scalar_style(t);
    n.quoted = style != FYSS_PLAIN && style != FYSS_ANY;
    n.type = n.text.empty() && !n.quoted ? yaml_node::kind::null : yaml_node::kind::scalar;
    const fy_mark *from = fy_event_start_mark(&e), *to = fy_event_end_mark(&e);
    if (from != nullptr && to != nullptr && from->line == to->line && to->column > from->column) {
      n.width = static_cast<unsigned>(to->column - from->column);
    }
    n.one_line = from != nullptr && to != nullptr && from->line == to->line;
    return n;
  }

  void place(yaml_node n) {
    if (stack_.empty()) {
      if (documents_ <= 1) root_ = std::move(n);
      return;
    }
    open& top = stack_.back();
    if (top.node.type == yaml_node::kind::list) {
      top.node.items.push_back(std::move(n));
    } else if (!top.key) {
      if (n.type == yaml_node::kind::list || n.type == yaml_node::kind::map) {
        problem("key", n.at, 1, "a key is a word, not a list or a map", "quote the value that has the bracket");
        stopped_ = true;
        return;
      }
      if (!top.keys.insert(n.text).second) {
        problem("duplicate-key", n.at, n.width, "`" + n.text + "` is written twice",
                "every key stands once in its map");
      }
      top.key = std::move(n);
    } else {
      if (n.at.line == 0) n.at = top.key->at;  // nothing written has no place of its own
      top.node.members.push_back({std::move(*top.key), std::move(n)});
      top.key.reset();
    }
  }

  const pack_file& file_;
  std::vector<diagnostic>& problems_;
  std::vector<open> stack_;
  yaml_node root_;
  unsigned documents_ = 0;
  bool stopped_ = false;
};

/// A character that a pack must not have, and where.
struct unwanted {
  std::size_t offset;
  char32_t value;
};

/// YAML's text has no controls but these (1.2.2, 5.1; libfyaml takes them all); and where characters are shown in
/// another order than they are read, a reviewer sees other rules than those that hold (CVE-2021-42574).
bool is_unwanted(char32_t c) {
  constexpr char32_t next_line = 0x85;
  const bool is_white = c == '\t' || c == '\n' || c == '\r' || c == next_line;
  return (fhir::json::is_control(c) && !is_white) || fhir::json::is_reordering(c);
}

/// The first of them in a text of UTF-8.
std::optional<unwanted> find_unwanted(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto c = fhir::json::first_character(text.substr(at));
    if (is_unwanted(c.value)) return unwanted{at, c.value};
    at += c.size;
  }
  return std::nullopt;
}

/// As Unicode names it: "U+202E".
std::string name_of(char32_t c) {
  char text[sizeof "U+10FFFF"];
  std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(c));
  return text;
}

position position_of_byte(const pack_file& file, std::size_t offset) {
  const auto line = line_at(file.text, offset);
  const auto before = std::string_view(file.text).substr(line.begin, offset - line.begin);
  return {file.path, line.number, static_cast<unsigned>(fhir::json::count_characters(before)) + 1};
}

/// What no text has, before libfyaml sees it: it gives up on some of it without a message.
bool is_text(const pack_file& file, std::vector<diagnostic>& problems) {
  if (const auto bad = fhir::json::find_invalid_utf8(file.text); bad != std::string_view::npos)
    problems.push_back({"encoding", severity::error, "the file is not UTF-8", "save it as UTF-8", position_of_byte(file, bad), 1});
  else if (const auto found = find_unwanted(file.text))
    problems.push_back({"encoding", severity::error, "the file has the control character " + name_of(found->value),
                        "take it out", position_of_byte(file, found->offset), 1});
  else
    return true;
  return false;
}

}  // namespace

std::optional<yaml_node> parse_yaml(const pack_file& file, std::vector<diagnostic>& problems) {
  const std::size_t before = problems.size();
  if (!is_text(file, problems)) return std::nullopt;
  fy_diag_cfg diag_settings;
  fy_diag_cfg_default(&diag_settings);
  diag_settings.fp = nullptr;
  diag_settings.output_fn = [](fy_diag*, void*, const char*, std::size_t) {};
  const std::unique_ptr<fy_diag, free_diag> diag(fy_diag_create(&diag_settings));
  fy_diag_set_collect_errors(diag.get(), true);
  fy_parse_cfg settings{};
  settings.flags = static_cast<fy_parse_cfg_flags>(FYPCF_DEFAULT_VERSION_1_2 | FYPCF_COLLECT_DIAG |
                                                   FYPCF_ALLOW_DUPLICATE_KEYS | FYPCF_JSON_NONE);
  settings.diag = diag.get();
  tree_builder builder(file, problems);
  {
    const std::unique_ptr<fy_parser, free_parser> parser(fy_parser_create(&settings));
    fy_parser_set_string(parser.get(), file.text.data(), file.text.size());
    builder.run(parser.get());
  }
  void* cursor = nullptr;
  if (const fy_diag_error* e = fy_diag_errors_iterate(diag.get(), &cursor); e != nullptr && !builder.stopped()) {
    // Only the first: what follows a syntax error is its echo.
    problems.push_back({"syntax",
                        severity::error,
                        "not YAML: " + std::string(e->msg == nullptr ? "unreadable" : e->msg),
                        "a text with a comma, a colon or a leading bracket must be quoted",
                        {file.path, e->line > 0 ? static_cast<unsigned>(e->line) : 1U,
                         e->column > 0 ? static_cast<unsigned>(e->column) : 1U},
                        1});
  }
  if (problems.size() == before && builder.documents() == 0) {
    problems.push_back(
        {"empty-file", severity::error, "the file is empty", "fill it or delete it", {file.path, 0, 0}, 1});
  }
  if (problems.size() != before) return std::nullopt;
  return builder.take_root();
}

}  // namespace mainstay::rules
