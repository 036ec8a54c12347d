#include "tests/bench/workload.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

#include "fhir/json/writer.hpp"

namespace mainstay::bench {
namespace {

namespace json = fhir::json;
constexpr std::string_view patient_token = "{{context.patientId}}";

json::document get(fhir::client::client& client, const std::string& url) {
  auto answer = client.send({"GET", url, "", "", {}, std::chrono::seconds(10)});
  if (answer.status != 200)
    throw std::runtime_error("`" + url + "` answers " + std::to_string(answer.status) + " " + answer.error);
  return json::parse(std::move(answer.body)).value();
}

void begin_request(json::writer& w) {
  w.begin_object().member("hook", "patient-view").member("hookInstance", "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea");
  w.key("context").begin_object().member("userId", "Practitioner/example").member("patientId", patient).end_object();
}

void copy_with_id(json::writer& w, const json::node& resource, const std::string& id) {
  w.begin_object();
  for (const json::member& m : resource.members()) {
    if (m.name() == "id")
      w.member("id", id);
    else
      w.key(m.name()).value(m.value);
  }
  w.end_object();
}

// A search's Bundle as it came, its Observations `copies` times more.
void write_bundle(json::writer& w, const json::node& bundle, unsigned copies) {
  w.begin_object().member("resourceType", "Bundle").member("type", "searchset").key("entry").begin_array();
  if (const json::node* entries = bundle.find("entry"))
    for (const json::node& entry : entries->items()) {
      const json::node& resource = *entry.find("resource");
      w.begin_object().key("resource").value(resource).end_object();
      for (unsigned i = 0; i < copies && resource.string("resourceType") == "Observation"; ++i) {
        w.begin_object().key("resource");
        copy_with_id(w, resource, std::string(resource.string("id")) + "-" + std::to_string(i));
        w.end_object();
      }
    }
  w.end_array().end_object();
}

}  // namespace

std::string make_prefetch_request(fhir::client::client& client, const std::string& service, const std::string& fhir,
                                  std::size_t size) {
  const json::document discovery = get(client, service + "/cds-services");
  std::vector<std::pair<std::string, json::document>> answers;
  for (const json::node& s : discovery.root().find("services")->items()) {
    if (!service_path.ends_with("/" + std::string(s.string("id")))) continue;
    for (const json::member& m : s.find("prefetch")->members()) {
      std::string query(m.value.text());
      if (const std::size_t at = query.find(patient_token); at != std::string::npos)
        query.replace(at, patient_token.size(), patient);
      answers.emplace_back(m.name(), get(client, fhir + "/" + query));
    }
  }
  std::string text;
  for (unsigned copies = 0; text.size() < size; ++copies) {
    json::writer w;
    begin_request(w);
    w.key("prefetch").begin_object();
    for (const auto& [key, answer] : answers) {
      w.key(key);
      if (answer.root().string("resourceType") == "Bundle")
        write_bundle(w, answer.root(), copies);
      else
        w.value(answer.root());
    }
    w.end_object().end_object();
    if (copies > 0 && w.text().size() == text.size())
      throw std::runtime_error("the example patient has no Observation to repeat");
    text = std::move(w).text();
  }
  return text;
}

std::string make_fetch_request(const std::string& fhir) {
  json::writer w;
  begin_request(w);
  w.member("fhirServer", fhir).end_object();
  return std::move(w).text();
}

}  // namespace mainstay::bench
