// A JSON text comes as the answer to a search, as a chart's Bundle and as a transaction: nothing of another patient is
// ever in a chart, what is in it matches the search, and a refused transaction leaves the store as it was.
#include <cstdint>

#include "fhir/chart/chart.hpp"
#include "fhir/store/store.hpp"
#include "target.hpp"

using namespace mainstay::fhir;
using mainstay::fuzz::require;

namespace {

const search::query& observations() {
  static const search::query q = search::parse_url("Observation?patient=p1&code=c&_sort=-date").value();
  return q;
}

void check_rows(const chart& c, const search::query& q) {
  for (const json::node* row : c.resources("Observation")) {
    require(row->string("resourceType") == "Observation");
    require(q.codes.empty() || search::matches(search::query{.type = "Observation", .codes = q.codes}, *row));
    const auto bundle_alone = search::link_to_patient(*row, c.patient_id(), "");
    require(bundle_alone != search::patient_link::other_patient);
  }
  if (c.patient() != nullptr && !c.patient()->string("id").empty())
    require(c.patient()->string("id") == c.patient_id());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(mainstay::fuzz::text_of(data, size));
  const auto read = [&] { return json::parse(text); };
  if (!read()) return 0;
  for (const auto from : {chart::origin::prefetch, chart::origin::fetched}) {
    chart c("p1");
    std::vector<json::document> documents;
    documents.push_back(*read());
    const auto added = c.add("k", observations(), std::move(documents), completeness::complete, "", from);
    require(added.has_value() || (from == chart::origin::prefetch && c.resources("Observation").empty()));
    check_rows(c, observations());
    const answer& a = c.answer_for("k");
    require(a.down_to.has_value() == (a.how == completeness::newest_page_only));
  }
  chart whole("");
  const std::string keys[] = {"k"};
  if (whole.add_bundle(*read(), keys)) check_rows(whole, {.type = "Observation"});

  store::store s;
  (void)s.put(*read());
  const std::size_t before = s.size();
  const auto document = read();
  const auto answered = s.transaction(document->root());
  require(answered.has_value() ? json::parse(*answered).has_value() : s.size() == before);
  std::size_t all = 0;
  for (const auto& [type, n] : s.counts()) {
    search::query q;
    q.type = type;
    const auto page = s.search(q).value();
    require(page.total == n);
    require(json::parse(store::to_bundle(page, q, "http://h/fhir")).has_value());
    all += n;
  }
  require(all == s.size());
  return 0;
}
