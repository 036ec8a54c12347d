// Rows, pages and queries that the tests of the chart are made of.
#pragma once

#include <string>
#include <vector>

#include "fhir/chart/chart.hpp"
#include "tests/fhir/search/quoted.hpp"

namespace mainstay::fhir {

inline constexpr const char* base = "https://h.example/fhir";

inline search::query query_of(const std::string& url) {
  return search::parse_url(url).value();
}

inline std::string row(const std::string& id, const std::string& day = "2024-03-10",
                       const std::string& subject = "'subject':{'reference':'Patient/p1'}") {
  return "{'resourceType':'Observation','id':'" + id + "','code':{'coding':[{'system':'s','code':'c'}]}" +
         (subject.empty() ? "" : "," + subject) + (day.empty() ? "" : ",'effectiveDateTime':'" + day + "'") + "}";
}
inline std::string entry(const std::string& resource) {
  return "{'resource':" + resource + ",'search':{'mode':'match'}}";
}
inline std::string searchset(const std::string& entries, const std::string& more = "") {
  return "{'resourceType':'Bundle','type':'searchset'" + more + ",'entry':[" + entries + "]}";
}
inline const std::string next_link = ",'link':[{'relation':'self','url':'a'},{'relation':'next','url':'b'}]";

template <class... Text>
std::vector<json::document> documents(const Text&... texts) {
  std::vector<json::document> out;
  (out.push_back(document_of(texts)), ...);
  return out;
}

inline std::string ids(const chart& c, std::string_view type = "Observation") {
  std::string out;
  for (const json::node* n : c.resources(type))
    out += std::string(out.empty() ? "" : " ") + std::string(n->string("id"));
  return out;
}

inline const search::query observations = query_of("Observation?patient=p1&code=s|c&_sort=-date&_count=100");

}  // namespace mainstay::fhir
