#include "fhir/client/retry_after.hpp"

#include <gtest/gtest.h>

namespace mainstay::fhir::client {
namespace {

TEST(retry_after, reads_seconds_and_dates) {
  constexpr std::time_t now = 784111770;  // Sun, 06 Nov 1994 08:49:30 GMT
  struct row {
    std::string_view header;
    std::optional<int> seconds;
  };
  const row rows[] = {
      {"0", 0},
      {"3", 3},
      {"86400", 86400},
      {"86401", std::nullopt},
      {"999999", std::nullopt},
      {"99999999999999999999", std::nullopt},
      {"", std::nullopt},
      {"-5", std::nullopt},
      {"1.5", std::nullopt},
      {"3 s", std::nullopt},
      {"soon", std::nullopt},
      {"Sun, 06 Nov 1994 08:49:37 GMT", 7},
      {"Sunday, 06-Nov-94 08:49:37 GMT", 7},
      {"Sun Nov  6 08:49:37 1994", 7},
      {"Sun, 06 Nov 1994 08:49:00 GMT", 0},
      {"Fri, 06 Nov 2026 08:49:37 GMT", std::nullopt},
  };
  for (const row& r : rows) {
    SCOPED_TRACE(r.header);
    const auto wait = retry_after(std::string(r.header), now);
    EXPECT_EQ(wait.has_value(), r.seconds.has_value());
    if (wait && r.seconds) EXPECT_EQ(wait->count(), *r.seconds);
  }
}

}  // namespace
}  // namespace mainstay::fhir::client
