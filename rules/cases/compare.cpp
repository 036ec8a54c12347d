#include "rules/cases/compare.hpp"

#include <algorithm>

#include "rules/assess/assess.hpp"
#include "rules/explain/plain.hpp"

namespace mainstay::rules::case_files {

namespace {

std::string list_of(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  std::string out;
  for (const auto& n : names) out += (out.empty() ? "" : ", ") + n;
  return "[" + out + "]";
}

bool same(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

std::string differs(const std::string& what, const std::string& expected, const std::string& got) {
  return what + ": expected " + expected + ", got " + got;
}

/// Markdown as a reader sees it, as far as escapes go; white space collapsed, so that a line's end does not matter.
std::string as_read(const std::string& markdown) {
  std::string out;
  for (std::size_t i = 0; i < markdown.size(); ++i) {
    const auto entity = [&](std::string_view e, char c) {
      if (markdown.compare(i, e.size(), e) != 0) return false;
      out += c;
      i += e.size() - 1;
      return true;
    };
    if (entity("&lt;", '<') || entity("&gt;", '>') || entity("&amp;", '&')) continue;
    if (markdown[i] == '\\' && i + 1 < markdown.size()) continue;
    if (markdown[i] == '*' && (i == 0 || markdown[i - 1] != '\\')) continue;
    const bool space = markdown[i] == '\n' || markdown[i] == ' ';
    if (space && (out.empty() || out.back() == ' ')) continue;
    out += space ? ' ' : markdown[i];
  }
  return out;
}

/// "67" stands for "67 days" where the fact has that unit.
bool fact_is(const fact& def, const finding& f, const std::string& expected) {
  const auto value = plain_value(def, f);
  return value == expected || (!def.unit.empty() && value == expected + " " + def.unit);
}

void compare_facts(const pack& p, const assessment& a, const std::map<std::string, std::string>& expected,
                   std::vector<std::string>& to) {
  for (const auto& [name, value] : expected) {
    const auto f = *p.find_fact(name);
    if (!fact_is(p.facts[f], a.facts[f].strict, value))
      to.push_back(
          differs("fact `" + name + "`", "`" + value + "`", "`" + plain_value(p.facts[f], a.facts[f].strict) + "`"));
  }
}

std::vector<std::string> checklist_of(const protocol& def, const protocol_result& r) {
  std::vector<std::string> out;
  for (const auto& c : r.criteria)
    if (c.strict != fhir::truth::yes) out.push_back(def.criteria[c.criterion].id);
  return out;
}

void compare_protocol(const pack& p, const expectation& e, const assessment& a, const std::vector<card_content>& cards,
                      std::vector<std::string>& to) {
  const auto& def = p.protocols[e.protocol];
  const auto at =
      std::find_if(a.protocols.begin(), a.protocols.end(), [&](const auto& r) { return r.protocol == e.protocol; });
  if (at == a.protocols.end()) {
    to.push_back(def.id + " was not assessed");
    return;
  }
  std::vector<std::string> wrong;
  if (e.verdict && *e.verdict != to_text(at->is))
    wrong.push_back(differs("verdict", "`" + *e.verdict + "`", "`" + std::string(to_text(at->is)) + "`"));
  if (e.confirm)
    if (const auto got = checklist_of(def, *at); !same(*e.confirm, got))
      wrong.push_back(differs("confirm", list_of(*e.confirm), list_of(got)));
  if (e.missing) {
    std::vector<std::string> got;
    for (const auto f : at->missing) got.push_back(p.facts[f].id);
    if (!same(*e.missing, got)) wrong.push_back(differs("missing", list_of(*e.missing), list_of(got)));
  }
  if (e.arms && *e.arms != at->arms) wrong.push_back(differs("arms", list_of(*e.arms), list_of(at->arms)));
  for (std::size_t i = 0; i < at->risk.size(); ++i) {
    const auto expected = e.risk.find(def.risk[i].id);
    if (expected != e.risk.end() && expected->second != to_text(at->risk[i]))
      wrong.push_back(differs("risk `" + expected->first + "`", "`" + expected->second + "`",
                              "`" + std::string(to_text(at->risk[i])) + "`"));
  }
  compare_facts(p, a, e.facts, wrong);
  std::string said;
  for (const auto& c : cards)
    if (std::find(c.protocols.begin(), c.protocols.end(), def.id) != c.protocols.end())
      said += c.summary + "\n" + c.detail + "\n";
  const auto read = as_read(said);
  for (const auto& piece : e.says)
    if (said.find(piece) == std::string::npos && read.find(piece) == std::string::npos)
      wrong.push_back("the card should say `" + piece + "`; " +
                      (said.empty() ? std::string("there is no card") : "it says\n" + said));
  if (wrong.empty()) return;
  for (auto& w : wrong) to.push_back(def.id + ": " + w);
  to.push_back(explain_protocol(p, a, *at));
}

}  // namespace

std::vector<std::string> compare(const pack& p, const expectations& expect, const assessment& a,
                                 const std::vector<card_content>& cards) {
  std::vector<std::string> out;
  if (expect.silent) {
    if (*expect.silent != a.silent)
      out.push_back(differs("silent", "`" + *expect.silent + "`",
                            a.silent.empty() ? "a patient who is not silent" : "`" + a.silent + "`"));
    if (!expect.silent->empty() && !cards.empty())
      out.push_back("a silent patient has " + std::to_string(cards.size()) + " cards");
  }
  compare_facts(p, a, expect.facts, out);
  for (const auto& e : expect.protocols) compare_protocol(p, e, a, cards, out);
  return out;
}

std::vector<std::string> unknown_never_decides(const pack& p, const assessment& a) {
  std::vector<std::string> out;
  for (index f = 0; f < a.facts.size(); ++f) {
    assessment less = a;
    for (auto* reading : {&less.facts[f].strict, &less.facts[f].face}) {
      const auto type = reading->type;
      *reading = {};
      reading->type = type;
    }
    decide(p, less);
    for (std::size_t i = 0; i < a.protocols.size(); ++i) {
      const auto before = a.protocols[i].is, after = less.protocols[i].is;
      const bool swapped = (before == verdict::eligible && after == verdict::not_eligible) ||
                           (before == verdict::not_eligible && after == verdict::eligible);
      const bool decided = before != verdict::eligible && before != verdict::not_eligible &&
                           (after == verdict::eligible || after == verdict::not_eligible);
      if (swapped || decided)
        out.push_back(p.protocols[a.protocols[i].protocol].id + ": with `" + p.facts[f].id +
                      "` unknown the verdict goes from `" + std::string(to_text(before)) + "` to `" +
                      std::string(to_text(after)) + "`");
    }
  }
  return out;
}

}  // namespace mainstay::rules::case_files
