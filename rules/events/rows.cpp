#include "rules/events/rows.hpp"

#include <algorithm>
#include <array>

#include "rules/events/read_value.hpp"
#include "rules/events/resource.hpp"

namespace mainstay::rules {

using fhir::json::node;

namespace {

constexpr fhir::json::key code_key = "code", coding_key = "coding", system_key = "system";
/// By name.
constexpr std::array types{resource_type::condition, resource_type::observation, resource_type::procedure};

struct candidate {
  const node* resource;
  code_match how;
  std::size_t place;  // in named_resources
};
/// By type and term, the resources whose code matches it.
using candidates = std::array<std::vector<std::vector<candidate>>, types.size()>;

/// What the chart's resources are called, by type and then as the chart has them.
struct named_resources {
  std::vector<std::string_view> names;
  std::unique_ptr<char[]> text;
};

named_resources name_resources(const fhir::chart& chart) {
  named_resources result;
  std::vector<source_parts> parts;
  std::size_t size = 0;
  for (const auto type : types)
    for (const node* resource : chart.resources(to_text(type))) {
      parts.push_back(source_of(*resource));
      size += parts.back().type.size() + 1 + parts.back().id.size();
    }
  result.text = std::make_unique_for_overwrite<char[]>(size);
  result.names.reserve(parts.size());
  char* at = result.text.get();
  for (const auto& p : parts) {
    const char* const begin = at;
    at = std::copy(p.type.begin(), p.type.end(), at);
    *at++ = '/';
    at = std::copy(p.id.begin(), p.id.end(), at);
    result.names.emplace_back(begin, static_cast<std::size_t>(at - begin));
  }
  return result;
}

void add_candidate(std::vector<candidate>& to, const node* resource, code_match how, std::size_t place) {
  if (to.empty() || to.back().resource != resource) {
    to.push_back({resource, how, place});
  } else if (how == code_match::none || to.back().how == code_match::none) {
    to.back().how = code_match::none;  // one `not` among the codings excludes the resource
  } else if (how == code_match::yes) {
    to.back().how = how;
  }
}

candidates find_candidates(const fhir::chart& chart, const pack& p) {
  candidates result;
  std::size_t next = 0;
  for (const auto type : types) {
    auto& of_type = result[static_cast<std::size_t>(type)];
    of_type.resize(p.terms.size());
    for (const node* resource : chart.resources(to_text(type))) {
      const std::size_t place = next++;
      const node* code = resource->find(code_key);
      const node* codings = code == nullptr ? nullptr : code->find(coding_key);
      if (codings == nullptr) continue;
      for (const auto& c : codings->items())
        for (const auto& m : p.terms_of(c.string(system_key), c.string(code_key)))
          add_candidate(of_type[m.term], resource, m.how, place);
    }
  }
  return result;
}

reach reach_of(const fhir::chart& chart, const pack& p, resource_type type) {
  reach result;
  bool asked = false;
  for (const auto& need : p.requirements) {
    if (need.query.type != to_text(type)) continue;
    asked = true;
    const auto& answer = chart.answer_for(need.key);
    switch (answer.how) {
      case fhir::completeness::complete: continue;
      case fhir::completeness::null: result.closed = false; continue;
      case fhir::completeness::newest_page_only:
        result.all = result.closed = false;
        result.down_to = std::max(result.down_to, answer.down_to.value_or(fhir::latest_day));
        result.why = "older pages were not fetched";
        continue;
      case fhir::completeness::partial:
      case fhir::completeness::failed:
      case fhir::completeness::not_asked: break;
    }
    result.all = result.newest = result.closed = false;
    result.why = answer.reason.empty() ? std::string(to_text(answer.how)) : answer.reason;
  }
  if (!asked) {
    result.all = result.newest = result.closed = false;
    result.why = "no search asks for it";
  }
  return result;
}

class reading {
 public:
  reading(const fhir::chart& chart, const pack& p, const fhir::now& at, const row_limits& limit)
      : pack_(p), at_(at), limit_(limit), found_(find_candidates(chart, p)), named_(name_resources(chart)) {
    for (const auto type : types) reach_[static_cast<std::size_t>(type)] = reach_of(chart, p, type);
    rows_.resize(p.events.size());
    done_.resize(p.events.size(), false);
  }

  rows_of_chart all() {
    for (index e = 0; e < pack_.events.size(); ++e) read(e);
    return {std::move(rows_), std::move(named_.text)};
  }

 private:
  void read(index e) {
    if (done_[e]) return;
    done_[e] = true;  // the loader refuses circles; this ends one all the same
    const event& what = pack_.events[e];
    event_rows result;
    for (std::size_t s = 0; s < what.sources.size(); ++s) {
      const auto& source = what.sources[s];
      if (what.prefer && !result.rows.empty()) break;
      if (source.from_event) {
        read(*source.from_event);
        take_over(what, source, s, result);
      } else {
        narrow(result.searched, reach_[static_cast<std::size_t>(source.find)]);
        search(what, source, s, result);
      }
    }
    if (what.counted) {
      narrow(result.searched, reach_[static_cast<std::size_t>(what.counted->find)]);
      count(*what.counted, result);
    }
    rows_[e] = std::move(result);
  }

  /// Rows of another event; its particulars keep their names, the source's own are added.
  void take_over(const event& what, const event_source& source, std::size_t s, event_rows& to) {
    const auto& other = pack_.events[*source.from_event];
    const auto& from = rows_[*source.from_event];
    narrow(to.searched, from.searched);
    to.rows.reserve(to.rows.size() + from.rows.size());
    for (const auto& r : from.rows) {
      row copy{r.when, r.undated, r.statement || !source.own.empty(), r.doubts, {}, r.source, r.place, s};
      copy.values.resize(what.space.size());
      for (std::size_t i = 0; i < what.space.size(); ++i) {
        const auto& space = what.space[i];
        const auto at = std::find_if(other.space.begin(), other.space.end(), [&](const auto& x) { return x.name == space.name; });
        if (at != other.space.end()) {
          copy.values[i] = r.values[static_cast<std::size_t>(at - other.space.begin())];
          copy.values[i].codes = translate(copy.values[i].codes, *at, space);
        }
        for (const auto& own : source.own)
          if (own.name == space.name) {
            const auto said = read_particular(nothing_, resource_type::condition, own, space, pack_, {}, copy.doubts);
            narrow(copy.values[i], said);
          }
      }
      to.rows.push_back(std::move(copy));
    }
  }

  static std::uint64_t translate(std::uint64_t codes, const particular_space& from, const particular_space& to) {
    if (codes == value_set::anything) return codes;
    std::uint64_t result = 0;
    for (std::size_t i = 0; i < from.values.size(); ++i) {
      if ((codes >> i & 1) == 0) continue;
      const auto at = std::find(to.values.begin(), to.values.end(), from.values[i]);
      if (at != to.values.end()) result |= std::uint64_t{1} << (at - to.values.begin());
    }
    return result;
  }

  void search(const event& what, const event_source& source, std::size_t s, event_rows& to) {
    const auto& found = found_[static_cast<std::size_t>(source.find)][source.term];
    to.rows.reserve(std::min(to.rows.size() + found.size(), limit_.rows));
    for (const auto& c : found) {
      if (c.how == code_match::none) continue;
      if (to.rows.size() >= limit_.rows) {
        to.searched.all = to.searched.closed = to.searched.newest = false;
        to.searched.why = "more rows than the limit";
        return;
      }
      row& r = to.rows.emplace_back();
      r.from = s;
      if (!read_row(what, source, c, r)) to.rows.pop_back();
    }
  }

  static void add_doubt(std::vector<reason>& to, std::string why) {
    to.push_back({reason_kind::doubtful, std::move(why), {}});
  }
  /// What its status and its code leave open, of a row and of a counted one.
  static void add_doubts(std::vector<reason>& to, standing its, code_match how) {
    if (its.is == standing::kind::doubtful) add_doubt(to, std::move(its.why));
    if (how == code_match::may) add_doubt(to, "the code may not mean it");
  }
  static void name_source(auto& r) {
    for (auto& d : r.doubts) d.source = r.source;
  }

  /// False where it is not to be taken.
  bool read_row(const event& what, const event_source& source, const candidate& c, row& r) {
    const node& resource = *c.resource;
    auto standing = read_standing(resource, source.find);
    if (standing.is == standing::kind::never) return false;
    const auto day = read_day(resource, source.find, source.when, at_);
    if (day.future) return false;
    r.source = named_.names[c.place];
    r.place = c.place;
    const auto doubt = [&](std::string why) { add_doubt(r.doubts, std::move(why)); };
    add_doubts(r.doubts, std::move(standing), c.how);
    if (!source.doubt.empty()) doubt(source.doubt);
    if (source.specimen) {
      const auto specimen = match_specimen(resource, pack_, *source.specimen);
      if (specimen == fhir::truth::no) return false;
      if (specimen == fhir::truth::unknown) doubt("specimen not stated");
    }
    r.when = day.when;
    r.undated = day.undated;
    r.statement = !source.own.empty();
    r.values.resize(what.space.size());
    const auto& sensitivity = pack_.terms[source.term].sensitivity;
    const node& said_by = value_holder(resource, pack_, source.term);
    if (&said_by != &resource)
      if (auto why = modified(said_by); !why.empty()) doubt(std::move(why));
    const auto read_into = [&](const particular& part) {
      for (std::size_t i = 0; i < what.space.size(); ++i) {
        if (what.space[i].name != part.name) continue;
        narrow(r.values[i], read_particular(said_by, source.find, part, what.space[i], pack_, sensitivity, r.doubts));
      }
    };
    for (const auto& part : what.has) read_into(part);
    for (const auto& part : source.own) read_into(part);
    name_source(r);
    for (auto& v : r.values)
      for (auto& why : v.reasons) why.source = r.source;
    return true;
  }

  void count(const event_source& source, event_rows& to) {
    for (const auto& c : found_[static_cast<std::size_t>(source.find)][source.term]) {
      if (c.how == code_match::none) continue;
      auto standing = read_standing(*c.resource, source.find);
      const auto day = read_day(*c.resource, source.find, source.when, at_);
      const auto number = read_count(*c.resource);
      if (standing.is == standing::kind::never || day.future || !number) continue;
      counted_row r{day.when, *number, {}, named_.names[c.place]};
      add_doubts(r.doubts, std::move(standing), c.how);
      name_source(r);
      to.counted.push_back(std::move(r));
    }
  }

  const pack& pack_;
  const fhir::now& at_;
  const row_limits& limit_;
  candidates found_;
  named_resources named_;
  std::array<reach, types.size()> reach_;
  std::vector<event_rows> rows_;
  std::vector<bool> done_;
  node nothing_;  // for constant readers, which look at no resource
};

}  // namespace

void narrow(reach& whole, const reach& part) {
  whole.all = whole.all && part.all;
  whole.newest = whole.newest && part.newest;
  whole.closed = whole.closed && part.closed;
  whole.down_to = std::max(whole.down_to, part.down_to);
  if (whole.why.empty()) whole.why = part.why;
}

rows_of_chart read_rows(const fhir::chart& chart, const pack& p, const fhir::now& at, const row_limits& limit) {
  return reading(chart, p, at, limit).all();
}

}  // namespace mainstay::rules
