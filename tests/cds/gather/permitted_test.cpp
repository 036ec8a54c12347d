#include "cds/gather/permitted.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace mainstay::cds::gather {
namespace {

const std::vector<permitted_server> servers{{"https://hosp.org/r4", true}, {"http://127.0.0.1:8081/fhir", false}, {"https://other.example:8443", false}};

struct row { const char* url; const char* base; };  // base: nullptr where it is not permitted

TEST(find_permitted, compares_parsed_parts) {
  const row table[] = {
      {"https://hosp.org/r4", "https://hosp.org/r4"},
      {"https://hosp.org/r4/", "https://hosp.org/r4"},
      {"https://hosp.org:443/r4", "https://hosp.org/r4"},
      {"https://HOSP.Org/r4", "https://hosp.org/r4"},
      {"HTTPS://hosp.org/r4", "https://hosp.org/r4"},
      {"https://hosp.org:0443/r4", "https://hosp.org/r4"},
      {"http://127.0.0.1:8081/fhir/", "http://127.0.0.1:8081/fhir"},
      {"https://other.example:8443", "https://other.example:8443"},
      {"https://other.example:8443/", "https://other.example:8443"},
      {"", nullptr},
      {"hosp.org/r4", nullptr},
      {"//hosp.org/r4", nullptr},
      {"/r4", nullptr},
      {"http://hosp.org/r4", nullptr},
      {"ftp://hosp.org/r4", nullptr},
      {"file:///r4", nullptr},
      {"https:hosp.org/r4", nullptr},
      {"https:///r4", nullptr},
      {"https://hosp.org.evil.com/r4", nullptr},
      {"https://evil.com/hosp.org/r4", nullptr},
      {"https://evilhosp.org/r4", nullptr},
      {"https://hosp.org@evil.com/r4", nullptr},
      {"https://user@hosp.org/r4", nullptr},
      {"https://user:word@hosp.org/r4", nullptr},
      {"https://@hosp.org/r4", nullptr},
      {"https://hosp.org./r4", nullptr},
      {"https://hosp.org:8443/r4", nullptr},
      {"https://hosp.org:80/r4", nullptr},
      {"https://hosp.org:/r4", nullptr},
      {"https://hosp.org:443443/r4", nullptr},
      {"https://hosp.org:65979/r4", nullptr},  // 443 + 65536
      {"https://hosp.org", nullptr},
      {"https://hosp.org/", nullptr},
      {"https://hosp.org/R4", nullptr},
      {"https://hosp.org/r4x", nullptr},
      {"https://hosp.org/r4/admin", nullptr},
      {"https://hosp.org/r4/../admin", nullptr},
      {"https://hosp.org/x/../r4", nullptr},
      {"https://hosp.org/./r4", nullptr},
      {"https://hosp.org/r4/.", nullptr},
      {"https://hosp.org/%2e%2e/r4", nullptr},
      {"https://hosp.org/r4/%2E%2E/admin", nullptr},
      {"https://hosp.org/%72%34", nullptr},
      {"https://hosp.org/r4%2f..", nullptr},
      {"https://hosp.org/r4%00", nullptr},
      {"https://%68osp.org/r4", nullptr},
      {"https://hosp.org//r4", nullptr},
      {"https://hosp.org/r4//", nullptr},
      {"https://hosp.org/r4?x=1", nullptr},
      {"https://hosp.org/r4?", nullptr},
      {"https://hosp.org/r4#x", nullptr},
      {"https://hosp.org/r4#", nullptr},
      {"https://hosp.org\\@evil.com/r4", nullptr},
      {"https://hosp.org/r4 ", nullptr},
      {" https://hosp.org/r4", nullptr},
      {"https://hosp.org/r4\n", nullptr},
      {"https://hosp.org/r4\r\nHost: evil", nullptr},
      {"https://xn--hosp-.org/r4", nullptr},
      {"http://2130706433:8081/fhir", nullptr},  // 127.0.0.1 as one number
      {"http://0x7f.1:8081/fhir", nullptr},
      {"http://[::ffff:127.0.0.1]:8081/fhir", nullptr},
      {"http://localhost:8081/fhir", nullptr},
      {"javascript:alert(1)", nullptr},
  };
  for (const auto& [url, base] : table) {
    SCOPED_TRACE(url);
    const auto* found = find_permitted(servers, url);
    ASSERT_EQ(found != nullptr, base != nullptr);
    if (base) { EXPECT_EQ(found->base, base); }
  }
  EXPECT_EQ(find_permitted(servers, "https://hosp.org/" + std::string(5000, 'a')), nullptr);
  EXPECT_EQ(find_permitted({}, "https://hosp.org/r4"), nullptr);
}

// Nothing that is permitted has another host or path than a server of the list.
TEST(find_permitted, one_changed_byte_permits_nothing_else) {
  EXPECT_TRUE(rc::check("one byte changed", [] {
    std::string url = "https://hosp.org/r4";
    const auto at = *rc::gen::inRange<std::size_t>(0, url.size());
    const char was = url[at];
    url[at] = *rc::gen::arbitrary<char>();
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    const bool same = url[at] == was || (at < 16 && lower(url[at]) == was);  // scheme and host have no case
    RC_ASSERT((find_permitted(servers, url) != nullptr) == same);
  }));
}

TEST(parse_permitted, url_and_token) {
  const auto plain = parse_permitted("https://hosp.org/r4");
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(plain->base, "https://hosp.org/r4");
  EXPECT_FALSE(plain->needs_token);
  const auto token = parse_permitted("https://hosp.org/r4,token");
  ASSERT_TRUE(token.has_value());
  EXPECT_EQ(token->base, "https://hosp.org/r4");
  EXPECT_TRUE(token->needs_token);
  for (const char* bad : {"", ",token", "hosp.org", "https://hosp.org/r4?x", "https://u@hosp.org", "https://hosp.org/../x"}) {
    SCOPED_TRACE(bad);
    EXPECT_FALSE(parse_permitted(bad).has_value());
  }
}

}  // namespace
}  // namespace mainstay::cds::gather
