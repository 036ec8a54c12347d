#include "rules/cases/read_expect.hpp"

#include <algorithm>

#include "rules/pack/suggest.hpp"

namespace mainstay::rules::case_files {

namespace {

class expectation_reader {
 public:
  expectation_reader(yaml_reader& reader, const pack& p) : reader_(reader), pack_(p) {}

  expectation read_expectation(const yaml_node& key, const yaml_node& n, index protocol) {
    expectation e;
    e.protocol = protocol;
    e.at = key.at;
    if (!reader_.is_map(n, "what is expected of a protocol")) return e;
    reader_.known_keys(n, {"verdict", "confirm", "missing", "arms", "risk", "facts", "says"});
    const auto& def = pack_.protocols[protocol];
    if (const auto* v = n.find("verdict")) {
      static const std::vector<std::string> verdicts{"not applicable", "not eligible", "eligible", "to confirm",
                                                     "cannot assess"};
      e.verdict = v->text;
      if (std::find(verdicts.begin(), verdicts.end(), v->text) == verdicts.end())
        reader_.error(*v, "unknown-verdict", "`" + v->text + "` is not a verdict",
                      did_you_mean(v->text, verdicts, "verdicts: " + list_of(verdicts)));
    }
    if (const auto* v = n.find("confirm")) {
      e.confirm = reader_.words(*v);
      std::vector<std::string> known;
      for (const auto& c : def.criteria) known.push_back(c.id);
      reader_.check_names(*v, *e.confirm, known, "criterion");
    }
    if (const auto* v = n.find("missing")) {
      e.missing = reader_.words(*v);
      std::vector<std::string> known;
      for (const auto& f : pack_.facts) known.push_back(f.id);
      reader_.check_names(*v, *e.missing, known, "fact");
    }
    if (const auto* v = n.find("arms")) e.arms = reader_.words(*v);
    if (const auto* v = n.find("risk")) {
      e.risk = reader_.pairs(*v, "`risk`");
      std::vector<std::string> known, names;
      for (const auto& r : def.risk) known.push_back(r.id);
      for (const auto& [name, state] : e.risk) names.push_back(name);
      reader_.check_names(*v, names, known, "risk factor");
      for (const auto& [name, state] : e.risk)
        if (state != "present" && state != "absent" && state != "not known")
          reader_.error(*v, "unknown-state", "`" + state + "` is not a state of a risk factor",
                        "write `present`, `absent` or `not known`");
    }
    if (const auto* v = n.find("facts")) e.facts = read_facts(*v);
    if (const auto* v = n.find("says")) e.says = reader_.words(*v);
    return e;
  }

  std::map<std::string, std::string> read_facts(const yaml_node& n) {
    auto out = reader_.pairs(n, "`facts`");
    std::vector<std::string> known, names;
    for (const auto& f : pack_.facts) known.push_back(f.id);
    for (const auto& [name, value] : out) names.push_back(name);
    reader_.check_names(n, names, known, "fact");
    return out;
  }

  expectations read_expect(const yaml_node& n) {
    expectations out;
    out.at = n.at;
    if (!reader_.is_map(n, "`expect`")) return out;
    if (n.members.empty())
      reader_.error(n, "nothing-expected", "a case that expects nothing cannot fail",
                    "write `expect: {PROTOCOL: {verdict: to confirm}}`");
    for (const auto& m : n.members) {
      if (m.key.text == "facts")
        out.facts = read_facts(m.value);
      else if (m.key.text == "silent")
        out.silent = m.value.text;
      else if (const auto p = pack_.find_protocol(m.key.text))
        out.protocols.push_back(read_expectation(m.key, m.value, *p));
      else {
        std::vector<std::string> known{"facts", "silent"};
        for (const auto& x : pack_.protocols) known.push_back(x.id);
        reader_.error(m.key, "unknown-protocol", "`" + m.key.text + "` is not a protocol of the pack",
                      did_you_mean(m.key.text, known, "known here: " + list_of(known)));
      }
    }
    return out;
  }

 private:
  yaml_reader& reader_;
  const pack& pack_;
};

}  // namespace

expectations read_expect(yaml_reader& reader, const pack& p, const yaml_node& n) {
  return expectation_reader(reader, p).read_expect(n);
}

}  // namespace mainstay::rules::case_files
