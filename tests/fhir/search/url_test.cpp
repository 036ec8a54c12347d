#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <regex>

#include "fhir/search/query.hpp"

namespace mainstay::fhir::search {
namespace {

date_bound bound(date_prefix prefix, std::string_view text) {
  return {prefix, *date_time::parse(text)};
}

query observation() {
  query q;
  q.type = "Observation";
  return q;
}

TEST(to_url, prints_each_parameter) {
  query whole = observation();
  whole.patients = {"p1"};
  whole.codes = {{{"http://loinc.org", "1234-5"}, {std::nullopt, "x y"}}};
  whole.sort = {"-date"};
  whole.count = 100;
  query escapes = observation();
  escapes.codes = {{{"", "a,b"}, {"urn:s", ""}, {std::nullopt, "c|d$e\\f"}}};
  query dates = observation();
  dates.dates = {bound(date_prefix::ge, "2024-01-01"), bound(date_prefix::eq, "2024"),
                 bound(date_prefix::lt, "2024-02-03T10:00:00+01:00")};
  query condition;
  condition.type = "Condition";
  condition.subjects = {"Patient/p1"};
  condition.dates = {bound(date_prefix::le, "2024-01")};
  condition.sort = {"-date", "_id"};
  query read;
  read.type = "Patient";
  read.read_id = "p1";
  query hostile = read;
  hostile.read_id = "p/1?x=&#";
  query status = observation();
  status.statuses = {{{std::nullopt, "final"}, {std::nullopt, "amended"}}, {{std::nullopt, "final"}}};
  status.ids = {"a", "b"};
  status.offset = 50;

  const struct {
    std::string name;
    query q;
    std::string expected;
  } rows[] = {
      {"nothing", observation(), "Observation"},
      {"the usual", whole, "Observation?patient=p1&code=http%3A%2F%2Floinc.org%7C1234-5,x%20y&_sort=-date&_count=100"},
      {"escapes", escapes, "Observation?code=%7Ca%5C%2Cb,urn%3As%7C,c%5C%7Cd%5C%24e%5C%5Cf"},
      {"dates", dates, "Observation?date=ge2024-01-01&date=2024&date=lt2024-02-03T10%3A00%3A00%2B01%3A00"},
      {"a type with its own names", condition,
       "Condition?subject=Patient%2Fp1&recorded-date=le2024-01&_sort=-recorded-date,_id"},
      {"read", read, "Patient/p1"},
      {"read of a hostile id", hostile, "Patient/p%2F1%3Fx%3D%26%23"},
      {"repeated", status, "Observation?_id=a,b&status=final,amended&status=final&_offset=50"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(to_url(row.q), row.expected);
  }
}

TEST(to_template, has_the_token_for_the_patient) {
  query q = observation();
  q.codes = {{{"http://loinc.org", "1234-5"}, {"urn:oid:1.2", "a b"}}};
  q.dates = {bound(date_prefix::ge, "2024-01-01")};
  q.sort = {"-date"};
  q.count = 100;
  query patient;
  patient.type = "Patient";
  query read = patient;
  read.read_id = "";
  query medication;
  medication.type = "Medication";
  medication.ids = {"m1"};
  query filled = q;
  filled.patients = {"p1"};
  const std::string expected =
      "Observation?patient={{context.patientId}}&code=http://loinc.org|1234-5,urn:oid:1.2|a%20b&_sort=-date&_count=100";
  EXPECT_EQ(to_template(q), expected);
  EXPECT_EQ(to_template(filled), expected);
  EXPECT_EQ(to_template(patient), "Patient/{{context.patientId}}");
  EXPECT_EQ(to_template(read), "Patient/{{context.patientId}}");
  EXPECT_EQ(to_template(medication), "Medication?_id=m1");
}

TEST(to_template, filled_in_is_the_url) {
  query q = observation();
  q.codes = {{{"http://loinc.org", "1234-5"}, {"http://snomed.info/sct", "1,2|3"}}};
  q.sort = {"-date"};
  q.count = 100;
  const std::string filled = std::regex_replace(to_template(q), std::regex(R"(\{\{context\.patientId\}\})"), "p1");
  q.patients = {"p1"};
  ASSERT_TRUE(parse_url(filled)) << filled;
  EXPECT_EQ(parse_url(filled).value(), q);
}

TEST(parse_url, reads) {
  query codes = observation();
  codes.codes = {{{"http://loinc.org", "1"}, {"", "2"}, {"s", ""}, {std::nullopt, "a,b|c"}}, {{std::nullopt, "3"}}};
  query patient = observation();
  patient.patients = {"p1", "p2"};
  query plus = observation();
  plus.codes = {{{std::nullopt, "a b"}}};
  query date = observation();
  date.dates = {bound(date_prefix::ge, "2024-01-01T00:00:00+02:00"), bound(date_prefix::eq, "2024")};
  query sort;
  sort.type = "Condition";
  sort.sort = {"-date", "_id", "-_lastUpdated"};
  query tags;
  tags.type = "Medication";
  tags.tags = {{{"urn:a", "x"}}, {{std::nullopt, "y"}}};
  query count = observation();
  count.count = 0;
  query read;
  read.type = "Patient";
  read.read_id = "p1";
  query subject = observation();
  subject.subjects = {"Patient/p1", "g"};
  query vaccine;
  vaccine.type = "Immunization";
  vaccine.codes = {{{std::nullopt, "x"}}};
  const struct {
    std::string url;
    query expected;
  } rows[] = {
      {"Observation", observation()},
      {"Observation?", observation()},
      {"Observation?&", observation()},
      {"Observation?code=http://loinc.org|1,|2,s|,a%5C,b%5C%7Cc&code=3", codes},
      {"Observation?code=http%3A%2F%2Floinc.org%7C1%2C%7C2%2Cs%7C%2Ca\\,b\\|c&code=3", codes},
      {"Observation?patient=p1,Patient/p2", patient},
      {"Observation?patient=Patient%2fp1%2cp2", patient},
      {"Observation?code=a+b", plus},
      {"Observation?date=ge2024-01-01T00:00:00%2B02:00&date=eq2024", date},
      {"Observation?date=ge2024-01-01T00:00:00+02:00&date=2024", date},
      {"Condition?_sort=-recorded-date,_id,-_lastUpdated", sort},
      {"Medication?_tag=urn:a%7Cx&_tag=y", tags},
      {"Observation?_count=0", count},
      {"Patient/p1", read},
      {"Patient/p1?_format=json&_pretty=true", read},
      {"Observation?subject=Patient/p1/_history/2,g", subject},
      {"Immunization?vaccine-code=x", vaccine},
      {"Observation?_format=json&_pretty=true&_total=accurate&_summary=false", observation()},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.url);
    const auto parsed = parse_url(row.url);
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(to_url(*parsed), to_url(row.expected));
    EXPECT_TRUE(*parsed == row.expected);
  }
}

TEST(parse_url, refuses_and_names_the_parameter) {
  const struct {
    std::string url, names;
  } rows[] = {
      {"", "resource type"},
      {"?patient=p1", "resource type"},
      {"/Observation?patient=p1", "resource type"},
      {"observation?patient=p1", "resource type"},
      {"http://h/fhir/Observation", "resource type"},
      {"Observation?foo=1", "`foo`"},
      {"Observation?Patient=p1", "`Patient`"},
      {"Observation?subject:Patient=p1", "`subject:Patient`"},
      {"Observation?code:not=1", "`code:not`"},
      {"Observation?category=laboratory", "`category`"},
      {"Condition?status=active", "`status`"},
      {"Condition?date=2024", "`date`"},
      {"Immunization?code=1", "`code`"},
      {"AllergyIntolerance?subject=Patient/p1", "`subject`"},
      {"Patient?patient=p1", "`patient`"},
      {"Observation?_include=Observation:subject", "`_include`"},
      {"Observation?_summary=count", "`_summary`"},
      {"Observation?patient=", "`patient`"},
      {"Observation?patient", "`patient`"},
      {"Observation?patient=p1,", "`patient`"},
      {"Observation?patient=http://other/fhir/Patient/p1", "`patient`"},
      {"Observation?patient=Group/p1", "`patient`"},
      {"Observation?patient=..", "`patient`"},
      {"Observation?patient=p1&patient=p2", "`patient`"},
      {"Observation?_id=", "`_id`"},
      {"Observation?_tag=", "`_tag`"},
      {"Observation?_tag:not=x", "`_tag:not`"},
      {"Patient/p1?_tag=x", "`_tag`"},
      {"Observation?subject=a/b", "`subject`"},
      {"Observation?subject=http://h/fhir/Patient/p1", "`subject`"},
      {"Observation?code=", "`code`"},
      {"Observation?code=|", "`code`"},
      {"Observation?code=a,,b", "`code`"},
      {"Observation?code=a|b|c", "`code`"},
      {"Observation?code=a\\", "`code`"},
      {"Observation?code=a\\b", "`code`"},
      {"Observation?code=%4", "`code`"},
      {"Observation?code=%zz", "`code`"},
      {"Observation?code=%00", "`code`"},
      {"Observation?date=", "`date`"},
      {"Observation?date=yesterday", "`date`"},
      {"Observation?date=2024-13-01", "`date`"},
      {"Observation?date=2023-02-29", "`date`"},
      {"Observation?date=ge", "`date`"},
      {"Observation?date=ap2024", "`date`"},
      {"Observation?date=GE2024", "`date`"},
      {"Observation?date=2024,2025", "`date`"},
      {"Observation?_count=abc", "`_count`"},
      {"Observation?_count=-1", "`_count`"},
      {"Observation?_count=", "`_count`"},
      {"Observation?_count=1.5", "`_count`"},
      {"Observation?_count=99999999999", "`_count`"},
      {"Observation?_count=1&_count=2", "`_count`"},
      {"Observation?_sort=name", "`_sort`"},
      {"Observation?_sort=-", "`_sort`"},
      {"Condition?_sort=date", "`_sort`"},
      {"Patient?_sort=date", "`_sort`"},
      {"Patient/", "read"},
      {"Patient/a/b", "read"},
      {"Patient/..", "read"},
      {"Patient/%2e%2e", "read"},
      {"Patient/p1?code=x", "`code`"},
      {"Observation?%60=1", "name"},
      {"Observation?=1", "name"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.url);
    const auto parsed = parse_url(row.url);
    ASSERT_FALSE(parsed);
    EXPECT_NE(parsed.error().message.find(row.names), std::string::npos) << parsed.error().message;
  }
}

TEST(parse_url, keeps_values_out_of_its_errors) {
  for (const std::string url :
       {"Observation?patient=secret!", "Observation?date=secret", "Observation?code=secret\\", "Patient/secret!"})
    EXPECT_EQ(parse_url(url).error().message.find("secret"), std::string::npos) << url;
}

// ---- properties

rc::Gen<std::string> id() {
  return rc::gen::resize(
      12, rc::gen::suchThat(rc::gen::container<std::string>(rc::gen::elementOf(std::string("abcXYZ019-_."))),
                            [](const std::string& s) { return is_id(s); }));
}
rc::Gen<std::string> word() {
  return rc::gen::nonEmpty(rc::gen::resize(
      8, rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab1 ,|$\\&=+%#?/:;{}\"<>~\xc3\xa4")))));
}
rc::Gen<token> any_token() {
  return rc::gen::apply(
      [](int kind, std::string system, std::string code) {
        switch (kind) {
          case 0:
            return token{system, code};
          case 1:
            return token{"", code};
          case 2:
            return token{system, ""};
          default:
            return token{std::nullopt, code};
        }
      },
      rc::gen::inRange(0, 4), word(), word());
}
rc::Gen<std::vector<std::vector<token>>> repetitions() {
  return rc::gen::resize(3, rc::gen::container<std::vector<std::vector<token>>>(
                                rc::gen::nonEmpty(rc::gen::container<std::vector<token>>(any_token()))));
}
rc::Gen<date_bound> any_bound() {
  return rc::gen::apply([](int prefix, std::string text) { return bound(static_cast<date_prefix>(prefix), text); },
                        rc::gen::inRange(0, 6),
                        rc::gen::elementOf(std::vector<std::string>{
                            "2024", "2024-02", "2024-02-29", "2024-02-29T23:59", "2024-02-29T23:59:01Z",
                            "2024-02-29T23:59:01.250+05:30", "1999-12-31T00:00:00-08:00", "0001", "9999-12-31"}));
}
rc::Gen<query> any_query() {
  return rc::gen::exec([] {
    query q;
    q.type =
        *rc::gen::elementOf(std::vector<std::string>{"Observation", "Procedure", "Condition", "MedicationRequest"});
    const auto few = [](auto gen) { return rc::gen::resize(3, rc::gen::container<std::vector<std::string>>(gen)); };
    q.ids = *few(id());
    q.patients = *few(id());
    q.subjects = *few(rc::gen::map(id(), [](std::string s) { return "Patient/" + s; }));
    q.codes = *repetitions();
    if (q.type != "Condition") q.statuses = *repetitions();
    q.tags = *repetitions();
    q.dates = *rc::gen::resize(3, rc::gen::container<std::vector<date_bound>>(any_bound()));
    if (*rc::gen::arbitrary<bool>()) q.count = *rc::gen::arbitrary<unsigned>();
    q.sort = *few(
        rc::gen::elementOf(std::vector<std::string>{"date", "-date", "_id", "-_id", "_lastUpdated", "-_lastUpdated"}));
    q.offset = *rc::gen::inRange<std::size_t>(0, 1000);
    return q;
  });
}

TEST(url_property, a_query_comes_back_from_its_url) {
  EXPECT_TRUE(rc::check([] {
    const query q = *any_query();
    const auto parsed = parse_url(to_url(q));
    if (!parsed) RC_FAIL(parsed.error().message);
    RC_ASSERT(*parsed == q);
  }));
}

TEST(url_property, a_url_has_only_characters_of_rfc_3986) {
  EXPECT_TRUE(rc::check([] {
    const std::string url = to_url(*any_query());
    RC_ASSERT(url.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%?&=,") ==
              std::string::npos);
  }));
}

TEST(url_property, any_text_is_a_query_or_an_error) {
  EXPECT_TRUE(rc::check([] {
    const auto text =
        *rc::gen::container<std::string>(rc::gen::elementOf(std::string("Observation?code=dtpi%2C7F\\|,&+_/.0\xff")));
    for (const std::string& url :
         {text, "Observation?" + text, "Observation?code=" + text, "Observation?date=ge2024" + text}) {
      const auto parsed = parse_url(url);
      if (parsed) RC_ASSERT(parse_url(to_url(*parsed)).value() == *parsed);
    }
  }));
}

}  // namespace
}  // namespace mainstay::fhir::search
