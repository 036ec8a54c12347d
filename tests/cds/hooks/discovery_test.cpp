#include <gtest/gtest.h>

#include "cds/hooks/hooks.hpp"

namespace mainstay::cds::hooks {
namespace {

TEST(discovery, services_with_their_templates) {
  rules::pack p;
  rules::service s;
  s.id = "maintenance-options";
  s.hook = "patient-view";
  s.title = "Options";
  s.description = "Published options";
  p.services = {s};
  rules::requirement patient;
  patient.key = "patient";
  patient.query.type = "Patient";
  patient.query.read_id = "";
  rules::requirement observation;
  observation.key = "observation";
  observation.query.type = "Observation";
  observation.query.codes = {{{"http://loinc.org", "1-8"}}};
  observation.query.count = 100;
  observation.query.sort = {"-date"};
  p.requirements = {patient, observation};
  const auto parsed = fhir::json::parse(discovery(p));
  ASSERT_TRUE(parsed.has_value());
  const auto services = parsed->root().find("services")->items();
  ASSERT_EQ(services.size(), 1u);
  EXPECT_EQ(services[0].string("hook"), "patient-view");
  EXPECT_EQ(services[0].string("id"), "maintenance-options");
  EXPECT_EQ(services[0].string("title"), "Options");
  EXPECT_EQ(services[0].string("description"), "Published options");
  EXPECT_EQ(services[0].find("prefetch")->string("patient"), "Patient/{{context.patientId}}");
  const auto observations = services[0].find("prefetch")->string("observation");
  EXPECT_EQ(observations.substr(0, 12), "Observation?") << observations;
  EXPECT_NE(observations.find("{{context.patientId}}"), std::string_view::npos) << observations;
}

TEST(discovery, no_services_and_a_service_without_words) {
  rules::pack p;
  EXPECT_EQ(discovery(p), R"({"services":[]})");
  rules::service s;
  s.id = "a";
  s.hook = "patient-view";
  p.services = {s};
  // `description` is required, and no member may be empty.
  EXPECT_EQ(discovery(p), R"({"services":[{"hook":"patient-view","id":"a","description":"a"}]})");
}

}  // namespace
}  // namespace mainstay::cds::hooks
