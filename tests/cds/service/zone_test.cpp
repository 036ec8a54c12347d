#include "cds/service/zone.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <filesystem>

namespace mainstay::cds::service {
namespace {

using std::chrono::milliseconds;
using instant = std::chrono::sys_time<milliseconds>;

TEST(zone, fixed_offsets) {
  const std::pair<const char*, int> good[] = {{"Z", 0}, {"UTC", 0}, {"+00:00", 0}, {"+01:00", 60}, {"-03:30", -210}, {"+14:00", 840}};
  for (const auto& [text, minutes] : good) {
    SCOPED_TRACE(text);
    const auto z = zone::parse(text);
    ASSERT_TRUE(z.has_value());
    EXPECT_EQ(z->offset_minutes(instant{}), minutes);
  }
  for (const char* bad : {"", "+1:00", "+01:60", "+14:01", "01:00", "+0a:00", "Mars/Olympus", "../passwd", "/etc/localtime", "Europe", "UTC0", "CET-1CEST"}) {
    SCOPED_TRACE(bad);
    EXPECT_FALSE(zone::parse(bad).has_value());
  }
}

TEST(zone, the_day_is_the_hospitals) {
  const auto at = fhir::parse_now("2026-03-01T23:30:00Z")->instant;
  EXPECT_EQ(fhir::to_string(zone::parse("Z")->now_at(at).local_date), "2026-03-01");
  EXPECT_EQ(fhir::to_string(zone::parse("+01:00")->now_at(at).local_date), "2026-03-02");
  EXPECT_EQ(fhir::to_string(zone::parse("-11:00")->now_at(at).local_date), "2026-03-01");
}

TEST(zone, named_zones_know_summer) {
  if (!std::filesystem::exists("/usr/share/zoneinfo/Europe/Berlin")) GTEST_SKIP() << "no time zone database on this machine";
  const char* was = std::getenv("TZ");
  const std::string before = was ? was : "";
  const auto z = zone::parse("Europe/Berlin");
  ASSERT_TRUE(z.has_value());
  EXPECT_EQ(z->offset_minutes(fhir::parse_now("2026-01-15T12:00:00Z")->instant), 60);
  EXPECT_EQ(z->offset_minutes(fhir::parse_now("2026-07-15T12:00:00Z")->instant), 120);
  // The hour of the change, to the second.
  EXPECT_EQ(z->offset_minutes(fhir::parse_now("2026-03-29T00:59:59Z")->instant), 60);
  EXPECT_EQ(z->offset_minutes(fhir::parse_now("2026-03-29T01:00:00Z")->instant), 120);
  if (was) ::setenv("TZ", before.c_str(), 1);
  else ::unsetenv("TZ");
  ::tzset();
}

TEST(to_text, is_read_back) {
  EXPECT_TRUE(rc::check("now to text and back", [] {
    const auto at = instant{milliseconds{*rc::gen::inRange<long long>(-62135596800000LL / 2, 253402300799999LL / 2)}};
    fhir::now n;
    n.instant = at;
    n.offset_minutes = *rc::gen::inRange(-12 * 60, 14 * 60 + 1);
    const auto back = fhir::parse_now(to_text(n));
    RC_ASSERT(back.has_value());
    RC_ASSERT(back->instant == n.instant);
    RC_ASSERT(back->offset_minutes == n.offset_minutes);
  }));
}

}  // namespace
}  // namespace mainstay::cds::service
