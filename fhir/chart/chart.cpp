#include "fhir/chart/chart.hpp"

#include <algorithm>
#include <boost/throw_exception.hpp>
#include <deque>
#include <set>
#include <stdexcept>

#include "fhir/chart/rows.hpp"
#include "fhir/json/writer.hpp"
#include "fhir/search/reference.hpp"

namespace mainstay::fhir {
namespace {

constexpr json::key id_key = "id";
constexpr json::key reference_key = "reference";
using search::patient_link;

// Rows and reasons of two answers under one key add up: what either holds is in the chart.
void merge(answer& into, answer other) {
  if (into.how == completeness::not_asked) {
    into = std::move(other);
    return;
  }
  const std::size_t unusable = into.unusable + other.unusable;
  if (other.how < into.how) {
    into = std::move(other);
  } else if (other.how == into.how && into.down_to && other.down_to) {
    into.down_to = std::min(*into.down_to, *other.down_to);
  }
  into.unusable = unusable;
}

// "-date" under our name or the type's.
bool newest_first(const search::query& q) {
  return !q.sort.empty() && q.sort.front().starts_with('-') && q.sort.front() != "-_id" &&
         q.sort.front() != "-_lastUpdated";
}

}  // namespace

struct chart::state {
  std::string patient_id;
  std::string base;
  std::vector<std::shared_ptr<const void>> owners;  // of the documents that the rows are in
  std::vector<answer> answers;
  struct named {
    std::string_view name;  // in a document or in made_names
    const json::node* resource;
  };
  struct of_type {
    std::string_view type;
    std::vector<named> rows;  // sorted by name and each once up to index()'s last call
    std::vector<const json::node*> list;
  };
  std::vector<of_type> types;            // few: a pack asks for four
  std::deque<std::string> made_names;    // of resources without id; in place for as long as the chart

  // "Patient/p1", as nearly every row says it, and the element in which the last row's type says it. Empty where the
  // id is none.
  std::string usual_link;
  std::string last_type;
  const json::key* last_element = nullptr;

  patient_link link(const chart_row& row, const chart_rows& all) {
    if (row.type != last_type) {
      last_type = row.type;
      last_element = search::patient_element(row.type);
    }
    if (last_element != nullptr && !usual_link.empty())
      if (const json::node* says = row.resource->find(*last_element);
          says != nullptr && says->string(reference_key) == usual_link)
        return patient_link::this_patient;
    // A Patient of a transaction may have no id yet; its fullUrl is its name there.
    if (row.type == "Patient" && row.resource->string(id_key).empty() && !row.full_url.empty())
      return row.full_url == patient_id ? patient_link::this_patient : patient_link::other_patient;
    return search::link_to_patient(*row.resource, patient_id, base,
                                   [&](std::string_view urn) { return all.resolve(urn); });
  }

  void keep(const chart_row& row) {
    // Without an id it is itself wherever it says the same.
    std::string_view name = row.resource->string(id_key);
    if (name.empty()) name = row.full_url.empty() ? made_names.emplace_back(json::to_text(*row.resource)) : row.full_url;
    auto at = find(row.type);
    if (at == types.end()) at = types.insert(at, of_type{row.type, {}, {}});
    at->rows.push_back({name, row.resource});
  }

  std::vector<of_type>::iterator find(std::string_view type) {
    return std::find_if(types.begin(), types.end(), [&](const of_type& t) { return t.type == type; });
  }

  /// Of each name the newest version, by name: what was kept since the last call comes in.
  void index() {
    for (auto& t : types) {
      if (t.list.size() == t.rows.size()) continue;
      std::sort(t.rows.begin(), t.rows.end(), [](const named& a, const named& b) { return a.name < b.name; });
      std::size_t kept = 0;
      for (const named& row : t.rows) {
        if (kept == 0 || t.rows[kept - 1].name != row.name)
          t.rows[kept++] = row;
        else if (is_newer(*row.resource, *t.rows[kept - 1].resource))
          t.rows[kept - 1] = row;
      }
      t.rows.resize(kept);
      t.list.clear();
      for (const named& row : t.rows) t.list.push_back(row.resource);
    }
  }

  void set_patient(std::string id) {
    patient_id = std::move(id);
    usual_link = is_id(patient_id) ? "Patient/" + patient_id : "";
  }

  answer& slot(std::string_view key) {
    for (answer& a : answers)
      if (a.key == key) return a;
    answers.push_back({std::string(key), completeness::not_asked, "", std::nullopt, 0});
    return answers.back();
  }
};

chart::chart(std::string patient_id, std::string base) : state_(std::make_unique<state>()) {
  state_->set_patient(std::move(patient_id));
  state_->base = std::move(base);
}
chart::~chart() = default;
chart::chart(chart&&) noexcept = default;
chart& chart::operator=(chart&&) noexcept = default;

const std::string& chart::patient_id() const {
  return state_->patient_id;
}

const json::node* chart::patient() const {
  const auto found = resources("Patient");
  return found.empty() ? nullptr : found.front();
}

std::span<const json::node* const> chart::resources(std::string_view type) const {
  const auto at = state_->find(type);
  return at == state_->types.end() ? std::span<const json::node* const>() : at->list;
}

const answer& chart::answer_for(std::string_view key) const {
  static const answer none;
  const auto at =
      std::find_if(state_->answers.begin(), state_->answers.end(), [&](const answer& a) { return a.key == key; });
  return at == state_->answers.end() ? none : *at;
}

std::span<const answer> chart::answers() const {
  return state_->answers;
}

void chart::add_answer(answer a) {
  merge(state_->slot(a.key), std::move(a));
}

boost::system::result<void, foreign_patient> chart::add(std::string key, const search::query& q,
                                                        std::vector<json::document> documents, completeness how,
                                                        std::string reason, origin from) {
  auto kept = std::make_shared<const std::vector<json::document>>(std::move(documents));
  std::vector<const json::node*> roots;
  for (const json::document& d : *kept) roots.push_back(&d.root());
  return add(std::move(key), q, roots, kept, how, std::move(reason), from);
}

boost::system::result<void, foreign_patient> chart::add(std::string key, const search::query& q,
                                                        std::span<const json::node* const> documents,
                                                        std::shared_ptr<const void> owner, completeness how,
                                                        std::string reason, origin from) {
  state& s = *state_;
  const bool null_only = !documents.empty() && std::all_of(documents.begin(), documents.end(),
                                                           [](const json::node* d) { return d->is_null(); });
  if (null_only) {
    merge(s.slot(key), {key, worse(how, completeness::null), std::move(reason), std::nullopt, 0});
    return {};
  }
  chart_rows read = read_rows(documents, bundle_use::answer);
  std::vector<chart_row> usable;
  bool foreign = false;
  bool answered = false;  // by rows of any type
  bool of_type = false;
  for (const chart_row& row : read.rows) {
    const patient_link link = s.link(row, read);
    if (link == patient_link::other_patient) {
      if (from == origin::prefetch) return foreign_patient{key, std::string(row.type)};
      foreign = true;
      continue;
    }
    if (row.included) continue;
    answered = true;
    if (row.type != q.type) {
      ++read.unusable;
      continue;
    }
    of_type = true;
    if (link == patient_link::none) {
      // It may be this patient's: without it nothing is complete.
      ++read.unusable;
      read.lower(completeness::partial, "a row does not say whose it is");
      continue;
    }
    // Whose a row is has been judged above: a `urn:` subject, say, is the patient and matches no parameter.
    if (search::matches_of_patient(q, *row.resource, search::date_edges::any_zone)) usable.push_back(row);
  }

  answer a{key, how, std::move(reason), std::nullopt, read.unusable};
  const auto lower = [&](completeness to, std::string_view why) {
    if (to <= a.how) return;
    a.how = to;
    a.reason = why;
  };
  lower(read.how, read.reason);
  if (answered && !of_type) lower(completeness::failed, "the answer is of another type");
  // One resource answers a read. For a search it says nothing of others.
  if (read.lone && !q.read_id && q.type != "Patient") lower(completeness::partial, "the answer is not a Bundle");
  if (read.more) {
    lower(completeness::newest_page_only, "");
    if (!newest_first(q)) lower(completeness::partial, "more pages were not read");
  }
  if (a.how == completeness::newest_page_only) {
    a.down_to = complete_down_to(read.rows);
    if (!a.down_to) lower(completeness::partial, "more pages were not read");
  }
  if (foreign) lower(completeness::failed, "another patient's resource was sent");
  if (a.how != completeness::newest_page_only) a.down_to.reset();
  merge(s.slot(key), std::move(a));
  for (const chart_row& row : usable) s.keep(row);
  s.owners.push_back(std::move(owner));
  s.index();
  return {};
}

boost::system::result<void, foreign_patient> chart::add_bundle(json::document bundle,
                                                               std::span<const std::string> keys) {
  state& s = *state_;
  auto kept = std::make_shared<const json::document>(std::move(bundle));
  const json::node* const root = &kept->root();
  chart_rows read = read_rows(std::span(&root, 1), bundle_use::whole);
  if (s.patient_id.empty()) {
    // The Patients of the Bundle decide, or, where there is none, those whom the rows are about.
    std::set<std::string> patients;
    for (const chart_row& row : read.rows) {
      if (row.type != "Patient") continue;
      const std::string_view id = row.resource->string(id_key);
      if (!id.empty() || !row.full_url.empty()) patients.emplace(id.empty() ? row.full_url : id);
    }
    if (patients.empty())
      for (const chart_row& row : read.rows)
        for (const reference& r : search::subject_references(*row.resource))
          if (r.type == "Patient") patients.insert(r.id);
    if (patients.size() > 1) return foreign_patient{"", "Patient"};
    if (!patients.empty()) s.set_patient(*patients.begin());
  }
  std::vector<chart_row> usable;
  for (const chart_row& row : read.rows) {
    const patient_link link = s.link(row, read);
    if (link == patient_link::other_patient) return foreign_patient{"", std::string(row.type)};
    if (link == patient_link::none)
      ++read.unusable;
    else
      usable.push_back(row);
  }
  if (read.more) read.lower(completeness::partial, "more pages were not read");
  for (const std::string& key : keys) merge(s.slot(key), {key, read.how, read.reason, std::nullopt, read.unusable});
  for (const chart_row& row : usable) s.keep(row);
  s.owners.push_back(std::move(kept));
  s.index();
  return {};
}

[[noreturn]] void throw_exception_from_error(const foreign_patient& e, const boost::source_location& where) {
  boost::throw_exception(std::logic_error("value() of a chart call that met another patient's " + e.type), where);
}

}  // namespace mainstay::fhir
