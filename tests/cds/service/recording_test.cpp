#include "cds/service/recording.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "fhir/json/writer.hpp"

namespace mainstay::cds::service {
namespace {

recording example() {
  recording r;
  r.service = "s";
  r.now = "2026-03-01T10:00:00.000+01:00";
  r.pack_id = "p";
  r.pack_version = "1";
  r.pack_hash = "h";
  r.permitted = {{"https://h.example/fhir", true}};
  r.request = R"({"hook":"patient-view","n":1.50})";
  r.fetched = {{"observation", fhir::completeness::newest_page_only, "why", {{"https://h.example/fhir/Observation?x", 200, R"({"v":0.040})"}}},
               {"patient", fhir::completeness::failed, "timeout", {}}};
  r.status = 200;
  r.response = R"({"cards":[]})";
  return r;
}

TEST(recording, is_read_back) {
  const auto text = to_json(example());
  const auto back = read_recording(text);
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(to_json(*back), text);
  EXPECT_EQ(back->request, R"({"hook":"patient-view","n":1.50})") << "numbers keep their digits";
  ASSERT_EQ(back->fetched.size(), 2u);
  EXPECT_EQ(back->fetched[0].how, fhir::completeness::newest_page_only);
  EXPECT_EQ(back->fetched[0].pages[0].body, R"({"v":0.040})");
  EXPECT_TRUE(back->permitted[0].needs_token);
}

TEST(recording, refuses_other_files) {
  for (const char* bad : {"", "[]", "{}", "null", R"({"mainstay_recording":2,"request":{},"pack":{}})", R"({"mainstay_recording":1,"request":[],"pack":{}})",
                          R"({"mainstay_recording":1,"request":{}})"}) {
    SCOPED_TRACE(bad);
    EXPECT_FALSE(read_recording(bad).has_value());
  }
}

TEST(without_token, takes_the_token_alone) {
  const auto parsed = fhir::json::parse(R"({"a":1.0,"fhirAuthorization":{"access_token":"secret","scope":"x"},"access_token":"kept"})");
  EXPECT_EQ(without_token(parsed->root()), R"({"a":1.0,"fhirAuthorization":{"access_token":"removed","scope":"x"},"access_token":"kept"})");
}

TEST(write_private, for_the_owner_alone_and_never_over_another) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "mainstay_recording_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto path = (folder / "r.json").string();
  EXPECT_EQ(write_private(path, "text"), std::nullopt);
  struct stat s {};
  ASSERT_EQ(::stat(path.c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777u, 0600u);
  EXPECT_TRUE(write_private(path, "other").has_value());
  EXPECT_EQ(std::filesystem::file_size(path), 4u);
  EXPECT_TRUE(write_private((folder / "not-there" / "r.json").string(), "x").has_value());
  std::filesystem::remove_all(folder);
}

// What a keeper copies is what a replay gives.
TEST(page_keeper, keeps_what_came_and_gives_it_again) {
  const gather::fetcher inner = [](fhir::client::request asked, std::function<void(fhir::client::result)> done) {
    fhir::client::result out;
    for (const auto& [key, query] : asked.queries) {
      fhir::client::query_result one{key, fhir::completeness::partial, "too large", {}};
      one.pages.push_back({"u", 200, fhir::json::parse(R"({"resourceType":"Bundle"})").value()});
      out.queries.push_back(std::move(one));
    }
    done(std::move(out));
    return fhir::client::ticket{};
  };
  fhir::client::request asked;
  asked.queries.emplace_back("a", fhir::search::query{});
  page_keeper keeper;
  int called = 0;
  keeper.around(inner)(asked, [&](const fhir::client::result& r) { called += r.queries.size() == 1; });
  const auto kept = keeper.take();
  ASSERT_EQ(kept.size(), 1u);
  fetcher_of(kept)(asked, [&](const fhir::client::result& r) {
    ++called;
    ASSERT_EQ(r.queries.size(), 1u);
    EXPECT_EQ(r.queries[0].how, fhir::completeness::partial);
    EXPECT_EQ(r.queries[0].reason, "too large");
    EXPECT_EQ(fhir::json::to_text(r.queries[0].pages[0].body.root()), R"({"resourceType":"Bundle"})");
  });
  asked.queries.emplace_back("b", fhir::search::query{});
  fetcher_of(kept)(asked, [&](const fhir::client::result& r) {
    ++called;
    EXPECT_EQ(r.queries[1].how, fhir::completeness::failed);
  });
  EXPECT_EQ(called, 3);
}

}  // namespace
}  // namespace mainstay::cds::service
