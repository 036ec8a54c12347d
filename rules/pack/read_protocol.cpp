#include "rules/pack/read_protocol.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "rules/evidence/read_evidence.hpp"
#include "rules/pack/asked.hpp"
#include "rules/pack/read_advice.hpp"
#include "rules/pack/read_group.hpp"
#include "rules/pack/suggest.hpp"

namespace mainstay::rules {

namespace {

constexpr std::array<std::pair<std::string_view, protocol_status>, 5> statuses{
    {{"draft", protocol_status::draft},
     {"shadow", protocol_status::shadow},
     {"research", protocol_status::research},
     {"production", protocol_status::production},
     {"retired", protocol_status::retired}}};

class protocol_reader {
 public:
  protocol_reader(pack_reading& r, const yaml_node& n, protocol& p) : r_(r), n_(n), p_(p) {}

  void run(const yaml_node& id) {
    r_.keys(n_, "a protocol",
            {"protocol", "title", "evidence", "status", "applies", "require", "confirm", "risk", "timing", "show",
             "arms", "advice"});
    p_.title = plain("title", id);
    if (const yaml_node* e = n_.find("evidence"); e == nullptr) {
      if (r_.lacks(n_, "evidence")) r_.error("missing-key", id, "a protocol needs `evidence`", "add `evidence: PAPER`");
    } else if (const auto i = r_.name(*e, r_.papers)) {
      p_.evidence = *i;
    }
    status(id);
    applies(id);
    criteria("require", criterion_class::require);
    criteria("confirm", criterion_class::confirm);
    if (p_.criteria.empty() && r_.lacks(n_, "require"))
      r_.error("missing-key", id, "a protocol needs `require`", "add the criteria that the chart decides");
    r_.each(n_, "risk", "a risk factor", [&](const yaml_member& m) { risk(m); });
    r_.each(n_, "arms", "an arm", [&](const yaml_member& m) { arm(m); });
    read_timing(r_, n_, p_);
    if (const yaml_node* s = n_.find("show")) {
      for (const yaml_node* f : r_.several(*s, "`show`")) {
        if (const auto i = r_.name(*f, r_.facts)) p_.facts_shown.push_back(*i);
      }
    }
    read_advice(r_, n_, id, p_);
    every_sign_is_asked();
  }

 private:
  std::string plain(std::string_view key, const yaml_node& at) {
    std::string t = r_.needed(n_, key, "a protocol", at);
    if (const yaml_node* n = n_.find(key))
      r_.no_digits(*n, {}, "a name with digits belongs under `names` of pack.yaml");
    return t;
  }

  void status(const yaml_node& id) {
    const std::string s = r_.needed(n_, "status", "a protocol", id);
    if (s.empty()) return;
    std::vector<std::string> known;
    for (const auto& [name, value] : statuses) {
      known.emplace_back(name);
      if (name == s) return static_cast<void>(p_.status = value);
    }
    r_.error("status", *n_.find("status"), "`" + s + "` is not a status",
             did_you_mean(s, known, "write `draft`, `shadow`, `research`, `production` or `retired`"));
  }

  void applies(const yaml_node& id) {
    const yaml_node* a = n_.find("applies");
    if (a == nullptr) {
      if (r_.lacks(n_, "applies"))
        r_.error("missing-key", id, "a protocol needs `applies`",
                 "list the facts that must be on record, else every chart gets a card");
      return;
    }
    for (const yaml_node* f : r_.several(*a, "`applies`")) {
      const auto i = r_.name(*f, r_.facts);
      if (!i) continue;
      const fact_type t = r_.made.facts[*i].type;
      if (t != fact_type::truth && t != fact_type::event)
        r_.error("type", *f, "`" + f->text + "` is a value, not something that is on record or not",
                 "name a fact with `any`, `first` or `last`");
      else
        p_.applies.push_back(*i);
    }
  }

  /// `from: p3.inclusion_1`: the statement's numbers, for the check of those typed.
  std::vector<std::string> from(const yaml_node& n, std::string& paper, std::string& statement) {
    const yaml_node* f = n.find("from");
    if (f == nullptr) return {};
    const auto ref = refer_to_paper(r_, *f, 0, f->text);
    const auto s = ref ? find_statement(r_, *f, *ref) : std::nullopt;
    if (!s) return {};
    paper = r_.made.papers[ref->paper].id;
    statement = std::string(ref->rest);
    return numbers_in(r_.made.papers[ref->paper].statements[*s].quote);
  }

  /// Numbers of a criterion have an owner; digits of its text are those of its expression or quote.
  void numbers(const yaml_member& m, const std::vector<literal>& typed, std::vector<std::string> printed,
               bool has_quote, bool ours, const yaml_node* where, const read_group_result& group = {}) {
    for (std::size_t i = 0; i < typed.size(); ++i) {
      const literal& l = typed[i];
      if (ours || occurs(l.number, printed)) continue;
      r_.error("unowned-number", i < group.typed_in.size() ? *group.typed_in[i] : *where,
               "`" + l.number.to_string() + "` does not stand in the quote of its " + (has_quote ? "source" : "`from`"),
               "quote the place that has it, or write `ours:` with the reason, or make it a setting");
      break;
    }
    for (const literal& l : typed) printed.push_back(l.number.to_string());
    std::vector<const yaml_node*> texts = group.texts;
    if (const yaml_node* t = m.value.find("text")) texts.insert(texts.begin(), t);
    for (const yaml_node* t : texts)
      r_.no_digits(*t, printed, "only the numbers of its own `when`, `unless` or quote may stand in a text");
  }

  void criteria(std::string_view section, criterion_class type) {
    r_.each(n_, section, "a criterion", [&](const yaml_member& m) {
      r_.keys(m.value, "a criterion", {"text", "when", "unless", "any", "all", "at_least", "of", "from", "ours", "ask"});
      criterion c;
      c.id = m.key.text;
      c.type = type;
      c.at = m.key.at;
      if (!ids_.insert(c.id).second)
        r_.error("duplicate-criterion", m.key, "the criterion `" + c.id + "` stands under `require` and `confirm`",
                 "keep one of them");
      c.text = r_.needed(m.value, "text", "a criterion", m.key);
      c.ours = r_.text(m.value, "ours");
      const std::size_t before = r_.count();
      const std::vector<std::string> printed = from(m.value, c.from_paper, c.from_statement);
      // A paper that is broken leaves out a statement without a word.
      const bool sourced = r_.count() == before && (m.value.find("from") == nullptr || !c.from_statement.empty());
      const yaml_node *when = m.value.find("when"), *unless = m.value.find("unless");
      std::vector<literal> typed;
      auto group = read_group(r_, m, typed);
      if (group.there) {
        c.when = std::move(group.when);
        if (!group.words.empty()) c.text += " (" + group.words + ")";
      } else if (when != nullptr && unless != nullptr) {
        r_.error("form", *unless, "a criterion has `when` or `unless`, not both",
                 "write what should be so as `text`, and one of them");
      } else if (when != nullptr) {
        c.when = r_.read_expression(*when, r_.fact_scope(), &typed);
      } else if (unless != nullptr) {
        c.written_as_unless = true;
        if (auto e = r_.read_expression(*unless, r_.fact_scope(), &typed)) c.when = negation_of(std::move(*e));
      } else if (type == criterion_class::require && r_.lacks(m.value, "when") && r_.lacks(m.value, "unless")) {
        r_.error("missing-key", m.key, "the chart cannot decide `" + c.id + "`: it has neither `when` nor `unless`",
                 "add one, or move it to `confirm`");
      }
      if (r_.lacks(m.value, "from") && r_.lacks(m.value, "ours"))
        r_.error("unowned-criterion", m.key, "the criterion `" + c.id + "` has no owner",
                 "write `from: PAPER.STATEMENT`, or `ours:` with the reason");
      if (sourced)
        numbers(m, typed, printed, !c.from_statement.empty(), !c.ours.empty(), when != nullptr ? when : unless, group);
      if (c.when) ask(r_.made, *c.when, asked_);
      read_ask(m.value, c);
      p_.criteria.push_back(std::move(c));
    });
  }

  void read_ask(const yaml_node& n, criterion& c) {
    const yaml_node* a = n.find("ask");
    if (a == nullptr) return;
    const auto t = r_.name(*a, r_.terms);
    if (!t) return;
    c.ask = *t;
    std::set<index> facts;
    if (c.when) ask(r_.made, *c.when, facts);
    const bool broken =
        std::any_of(facts.begin(), facts.end(), [&](index f) { return r_.facts.is_broken(r_.made.facts[f].id); });
    if (c.when && !broken && !reads(r_.made, facts, *t)) {
      r_.error("ask", *a, "what `" + a->text + "` files is read by no fact of this criterion",
               "add a source with `code: " + a->text + "` to its event");
    }
  }

  void risk(const yaml_member& m) {
    r_.keys(m.value, "a risk factor", {"text", "when", "figures"});
    risk_factor f;
    f.id = m.key.text;
    f.at = m.key.at;
    f.text = r_.needed(m.value, "text", "a risk factor", m.key);
    std::vector<std::string> printed;
    const std::size_t before = r_.count();
    bool found_all = true;  // a paper that is broken leaves out some without a word
    if (const yaml_node* list = m.value.find("figures"); list == nullptr) {
      if (r_.lacks(m.value, "figures"))
        r_.error("missing-key", m.key, "a risk factor needs `figures`", "add `figures: [PAPER.FIGURE]`");
    } else {
      for (const yaml_node* x : r_.several(*list, "`figures`")) {
        const auto ref = refer_to_paper(r_, *x, 0, x->text);
        const auto i = ref ? find_figure(r_, *x, *ref) : std::nullopt;
        found_all = found_all && i;
        if (!i) continue;
        f.figures.emplace_back(ref->paper, *i);
        for (std::string& number : numbers_in(r_.made.papers[ref->paper].figures[*i].quote))
          printed.push_back(std::move(number));
      }
    }
    const bool sourced = r_.count() == before && found_all;
    std::vector<literal> typed;
    const yaml_node* when = m.value.find("when");
    if (when == nullptr) {
      if (r_.lacks(m.value, "when")) r_.error("missing-key", m.key, "a risk factor needs `when`", "add `when: ...`");
      return;
    }
    auto e = r_.read_expression(*when, r_.fact_scope(), &typed);
    if (sourced) numbers(m, typed, printed, true, false, when);
    if (!e) return;
    f.when = std::move(*e);
    p_.risk.push_back(std::move(f));
  }

  void arm(const yaml_member& m) {
    r_.keys(m.value, "an arm", {"text", "when", "from"});
    protocol::arm a;
    a.id = m.key.text;
    a.text = r_.needed(m.value, "text", "an arm", m.key);
    const std::vector<std::string> printed = from(m.value, a.from_paper, a.from_statement);
    std::vector<literal> typed;
    const yaml_node* when = m.value.find("when");
    if (when != nullptr) a.when = r_.read_expression(*when, r_.fact_scope(), &typed);
    if (m.value.find("from") == nullptr || !a.from_statement.empty())
      numbers(m, typed, printed, !a.from_statement.empty(), false, when);
    if (!p_.arms.empty() && !p_.arms.back().when)
      r_.error("arm", m.key, "the arm `" + a.id + "` is never reached", "an arm without `when` stands last");
    p_.arms.push_back(std::move(a));
  }

  /// `applies` asks only for a sign; whether it is so must be asked, too.
  void every_sign_is_asked() {
    const yaml_node* a = n_.find("applies");
    for (const index f : p_.applies) {
      if (asked_.contains(f)) continue;
      const std::string& id = r_.made.facts[f].id;
      const yaml_node* at = a;
      for (const yaml_node& item : a->items) {
        if (item.text == id) at = &item;
      }
      const bool unread = std::any_of(p_.criteria.begin(), p_.criteria.end(),
                                      [](const criterion& c) { return c.type == criterion_class::require && !c.when; });
      const bool broken =
          std::any_of(asked_.begin(), asked_.end(), [&](index i) { return r_.facts.is_broken(r_.made.facts[i].id); });
      if (!unread && !broken)
        r_.error("unasked-sign", *at, "no criterion asks `" + id + "`, itself or as an anchor",
                 "a sign on record is not yet true: add a criterion with `when: " + id + "`");
    }
  }

  pack_reading& r_;
  const yaml_node& n_;
  protocol& p_;
  std::set<std::string> ids_;
  std::set<index> asked_;
};

}  // namespace

void read_protocol(pack_reading& r, const parsed_file& file, name_table& protocols) {
  if (r.map(file.root, "a protocol") == nullptr) return;
  const yaml_node* id = file.root.find("protocol");
  if (id == nullptr) {
    r.keys(file.root, "a protocol",
           {"protocol", "title", "evidence", "status", "applies", "require", "confirm", "risk", "timing", "show",
            "arms", "advice"});
    r.error("missing-key", file.root, "a protocol needs `protocol`", "begin with `protocol: its_name`");
    return;
  }
  if (!r.identifier(*id, "a protocol")) return;
  if (!protocols.at.emplace(id->text, r.made.protocols.size()).second) {
    r.error("duplicate-protocol", *id, "the protocol `" + id->text + "` is defined twice", "keep one of them");
    return;
  }
  protocol p;
  p.id = id->text;
  p.at = id->at;
  const std::size_t before = r.count();
  protocol_reader(r, file.root, p).run(*id);
  if (r.count() != before) protocols.broken.emplace(p.id, true);
  r.made.protocols.push_back(std::move(p));
}

}  // namespace mainstay::rules
