#include "cds/commands/jwt.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace mainstay::cds::commands {
namespace {

struct row { std::string bytes; const char* text; };

// RFC 4648 section 10, without padding; RFC 7515 appendix C.
TEST(base64url, vectors) {
  const row table[] = {{"", ""},       {"f", "Zg"},         {"fo", "Zm8"},           {"foo", "Zm9v"},
                       {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\x03\xec\xff\xe0\xc1", "A-z_4ME"}};
  for (const auto& r : table) EXPECT_EQ(base64url(r.bytes), r.text);
}

TEST(sign_jwt, has_three_parts_and_a_signature_of_the_algorithms_size) {
  struct { jwt_algorithm algorithm; std::size_t size; } const table[] = {{jwt_algorithm::es384, 96}, {jwt_algorithm::rs384, 256}};
  for (const auto& r : table) {
    SCOPED_TRACE(to_text(r.algorithm));
    const auto token = sign_jwt(r.algorithm, R"({"typ":"JWT"})", R"({"a":1})");
    EXPECT_EQ(std::count(token.begin(), token.end(), '.'), 2);
    EXPECT_TRUE(token.starts_with(base64url(R"({"typ":"JWT"})") + "." + base64url(R"({"a":1})") + "."));
    EXPECT_EQ(token.size() - token.rfind('.') - 1, (r.size * 4 + 2) / 3);
    EXPECT_NE(token, sign_jwt(r.algorithm, R"({"typ":"JWT"})", R"({"a":1})")) << "the key is made for it";
  }
}

}  // namespace
}  // namespace mainstay::cds::commands
