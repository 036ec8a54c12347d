#include "rules/pack/read_group.hpp"

#include <charconv>
#include <utility>

namespace mainstay::rules {

namespace {

using kind = expression::kind;

expression joined(kind how, std::vector<expression> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  expression e;
  e.type = how;
  for (const auto& p : parts)
    e.text += (e.text.empty() ? "" : how == kind::and_ ? " and " : " or ") + ("(" + p.text + ")");
  e.children = std::move(parts);
  return e;
}

/// Every choice of k of the members, each as their conjunction: Kleene's `or` of these is yes where k are yes, no where
/// too many are no for k to be left, else unknown.
void choices(const std::vector<expression>& members, std::size_t k, std::size_t from, std::vector<expression>& chosen,
             std::vector<expression>& to) {
  if (chosen.size() == k) {
    to.push_back(joined(kind::and_, chosen));
    return;
  }
  for (std::size_t i = from; i + (k - chosen.size()) <= members.size(); ++i) {
    chosen.push_back(members[i]);
    choices(members, k, i + 1, chosen, to);
    chosen.pop_back();
  }
}

class group_reader {
 public:
  group_reader(pack_reading& r, const yaml_member& criterion, std::vector<literal>& typed, const group_limits& limit)
      : r_(r), criterion_(criterion), n_(criterion.value), typed_(typed), limit_(limit) {}

  read_group_result run() {
    const yaml_node *any = n_.find("any"), *all = n_.find("all"), *least = n_.find("at_least"), *of = n_.find("of");
    if (any == nullptr && all == nullptr && least == nullptr && of == nullptr) return std::move(out_);
    out_.there = true;
    if (!alone(any, all, least, of)) return std::move(out_);
    const std::string_view key = any != nullptr ? "any" : all != nullptr ? "all" : "of";
    members(key);
    if (wrong_) return std::move(out_);
    std::size_t wanted = key == "any" ? 1 : members_.size();
    if (least != nullptr && !number(*least, wanted)) return std::move(out_);
    combine(key, wanted);
    return std::move(out_);
  }

 private:
  /// One of them, and neither `when` nor `unless` beside it.
  bool alone(const yaml_node* any, const yaml_node* all, const yaml_node* least, const yaml_node* of) {
    const int several = (any != nullptr) + (all != nullptr) + (least != nullptr || of != nullptr) +
                        (n_.find("when") != nullptr) + (n_.find("unless") != nullptr);
    if (several > 1) {
      r_.error("form", criterion_.key, "`" + criterion_.key.text + "` asks in more than one way",
               "keep one of `when`, `unless`, `any`, `all`, and `at_least` with `of`");
      return false;
    }
    if ((least == nullptr) == (of == nullptr)) return true;
    r_.error("form", criterion_.key, "`at_least` and `of` stand together", "write `at_least: 2` and `of: {...}`");
    return false;
  }

  void members(std::string_view key) {
    const std::size_t before = r_.count();
    r_.each(n_, key, "a member of a group", [&](const yaml_member& m) {
      r_.keys(m.value, "a member of a group", {"text", "when", "unless"});
      const auto text = r_.needed(m.value, "text", "a member of a group", m.key);
      if (const auto* t = m.value.find("text")) out_.texts.push_back(t);
      const yaml_node *when = m.value.find("when"), *unless = m.value.find("unless");
      if ((when == nullptr) == (unless == nullptr)) {
        if (when != nullptr || (r_.lacks(m.value, "when") && r_.lacks(m.value, "unless")))
          r_.error("form", m.key, "a member of a group has `when` or `unless`, one of them",
                   "write `when:` with what shows it");
        return;
      }
      const yaml_node& asked = when != nullptr ? *when : *unless;
      auto e = r_.read_expression(asked, r_.fact_scope(), &typed_);
      out_.typed_in.resize(typed_.size(), &asked);
      if (!e) return;
      members_.push_back(when != nullptr ? std::move(*e) : negation_of(std::move(*e)));
      words_ += (words_.empty() ? "" : ", ") + text;
    });
    wrong_ = r_.count() != before || members_.size() != n_.find(key)->members.size();
    if (wrong_ || (members_.size() >= 2 && members_.size() <= limit_.members)) return;
    wrong_ = true;
    r_.error("group", criterion_.key,
             "a group of " + std::to_string(members_.size()) + ", and it has 2 to " + std::to_string(limit_.members),
             members_.size() < 2 ? "write `when:` for one" : "put what belongs together into a fact with `is`");
  }

  bool number(const yaml_node& n, std::size_t& to) {
    const auto& t = n.text;
    const auto read = std::from_chars(t.data(), t.data() + t.size(), to);
    if (read.ec == std::errc() && read.ptr == t.data() + t.size() && to >= 1 && to <= members_.size()) return true;
    r_.error("group", n, "`" + t + "` is not a number of its " + std::to_string(members_.size()) + " members",
             "write `at_least: 2`");
    return false;
  }

  void combine(std::string_view key, std::size_t wanted) {
    std::vector<expression> chosen, all;
    choices(members_, wanted, 0, chosen, all);
    out_.when = joined(kind::or_, std::move(all));
    out_.words = (key == "of" ? "at least " + std::to_string(wanted) : std::string(key)) + " of: " + words_;
  }

  pack_reading& r_;
  const yaml_member& criterion_;
  const yaml_node& n_;
  std::vector<literal>& typed_;
  const group_limits& limit_;
  read_group_result out_;
  std::vector<expression> members_;
  std::string words_;
  bool wrong_ = false;
};

}  // namespace

expression negation_of(expression e) {
  expression no;
  no.type = kind::not_;
  no.text = e.text;
  no.children.push_back(std::move(e));
  return no;
}

read_group_result read_group(pack_reading& r, const yaml_member& criterion, std::vector<literal>& typed,
                             const group_limits& limit) {
  return group_reader(r, criterion, typed, limit).run();
}

}  // namespace mainstay::rules
