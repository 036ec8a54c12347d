#include "rules/pack/read_advice.hpp"

#include <utility>

#include "rules/evidence/read_evidence.hpp"
#include "rules/pack/texts.hpp"

namespace mainstay::rules {

namespace {

void shown_table(pack_reading& r, const yaml_node& n, protocol& to) {
  if (r.map(n, "a table") == nullptr) return;
  r.keys(n, "a shown table", {"of", "columns", "rows"});
  r.needed(n, "of", "a shown table", n);
  const yaml_node* of = n.find("of");
  const auto ref = of == nullptr ? std::nullopt : refer_to_paper(r, *of, 0, of->text);
  const auto i = ref ? find_table(r, *of, *ref) : std::nullopt;
  if (!i) return;
  const paper& p = r.made.papers[ref->paper];
  const table& t = p.tables[*i];
  protocol::shown_table shown{ref->paper, *i, {}, {}};
  if (const yaml_node* c = n.find("columns")) {
    for (const yaml_node* x : r.several(*c, "`columns`")) {
      if (const auto k = find_column(r, *x, 0, p, t, x->text)) shown.columns.push_back(*k);
    }
  } else {
    for (index k = 0; k < t.columns.size(); ++k) shown.columns.push_back(k);
  }
  if (const yaml_node* rows = n.find("rows")) {
    for (const yaml_node* x : r.several(*rows, "`rows`")) {
      if (const auto k = find_row(r, *x, 0, p, t, x->text)) shown.rows.push_back(*k);
    }
  } else {
    for (index k = 0; k < t.rows.size(); ++k) shown.rows.push_back(k);
  }
  to.tables.push_back(std::move(shown));
}

}  // namespace

void read_timing(pack_reading& r, const yaml_node& from, protocol& to) {
  const yaml_node* t = from.find("timing");
  if (t == nullptr || r.map(*t, "`timing`") == nullptr) return;
  r.keys(*t, "`timing`", {"since", "study"});
  r.needed(*t, "since", "`timing`", *t);
  r.needed(*t, "study", "`timing`", *t);
  if (const yaml_node* s = t->find("since")) {
    if (const auto i = r.name(*s, r.facts)) {
      if (r.made.facts[*i].type != fact_type::event)
        r.error("not-an-event", *s, "`" + s->text + "` does not name one event",
                "an anchor is a fact with `first:` or `last:` and without `value:`");
      else
        to.timing_since = *i;
    }
  }
  if (const yaml_node* s = t->find("study")) {
    const auto ref = refer_to_paper(r, *s, 0, s->text);
    const auto i = ref ? find_figure(r, *s, *ref) : std::nullopt;
    if (!i) return;
    const paper& p = r.made.papers[ref->paper];
    if (!p.figures[*i].range) {
      if (!r.papers.is_broken(p.id))
        r.error("timing", *s, "the figure `" + s->text + "` has no range", "name a figure with `range: [low, high]`");
      return;
    }
    to.timing_study = std::pair{ref->paper, *i};
  }
}

void read_advice(pack_reading& r, const yaml_node& from, const yaml_node& id, protocol& to) {
  const yaml_node* a = from.find("advice");
  if (a == nullptr) {
    if (r.lacks(from, "advice"))
      r.error("missing-key", id, "a protocol needs `advice`", "add `advice: {summary: ...}`");
    return;
  }
  if (r.map(*a, "`advice`") == nullptr) return;
  r.keys(*a, "`advice`", {"summary", "text", "tables", "not_assessed"});
  r.needed(*a, "summary", "`advice`", *a);
  if (const yaml_node* s = a->find("summary"); s != nullptr && s->type == yaml_node::kind::scalar)
    to.summary = read_text(r, *s);
  if (const yaml_node* t = a->find("text")) to.text = read_text(r, *t);
  if (const yaml_node* list = a->find("not_assessed")) {
    for (const yaml_node* x : r.several(*list, "`not_assessed`")) {
      r.no_digits(*x, {}, "a name with digits belongs under `names` of pack.yaml");
      to.not_assessed.push_back(x->text);
    }
  }
  if (const yaml_node* t = a->find("tables")) {
    if (t->type != yaml_node::kind::list)
      r.error("form", *t, "`tables` is a list", "write `tables: [{of: PAPER.TABLE, columns: [...]}]`");
    for (const yaml_node& x : t->items) shown_table(r, x, to);
  }
}

}  // namespace mainstay::rules
