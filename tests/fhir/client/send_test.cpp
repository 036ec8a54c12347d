// The blocking request for loading, calling and tests.
#include <gtest/gtest.h>

#include "tests/fhir/client/fixture.hpp"

namespace mainstay::fhir::client::test {
namespace {

using plain_request = client::plain_request;

TEST(client_send, sends_any_method_with_its_body) {
  stub_server server([](const stub_request& r) {
    return answer(r.method == "PUT" ? 201 : 200, r.method == "HEAD" ? "" : r.method + " " + r.body);
  });
  client c;
  struct row {
    std::string method, body, content_type;
    unsigned status;
    std::string answer;
  };
  const row rows[] = {
      {"GET", "", "", 200, "GET "},
      {"POST", "{}", "application/json", 200, "POST {}"},
      {"POST", "", "", 200, "POST "},
      {"PUT", std::string(300000, 'x'), "application/fhir+json", 201, "PUT " + std::string(300000, 'x')},
      {"DELETE", "", "", 200, "DELETE "},
      {"HEAD", "", "", 200, ""},
  };
  for (const row& r : rows) {
    SCOPED_TRACE(r.method);
    plain_request p{r.method, server.base() + "/x?y=1", r.body, r.content_type, secret("t0k"), long_deadline};
    const auto got = c.send(p);
    EXPECT_EQ(got.error, "");
    EXPECT_EQ(got.status, r.status);
    EXPECT_EQ(got.body, r.answer);
    EXPECT_EQ(got.content_type, "application/fhir+json");
    const stub_request asked = server.requests().back();
    EXPECT_EQ(asked.target, "/fhir/x?y=1");
    EXPECT_TRUE(asked.has_header("Authorization: Bearer t0k\r\n"));
    if (!r.content_type.empty())
      EXPECT_TRUE(asked.has_header("Content-Type: " + r.content_type + "\r\n")) << asked.head;
    EXPECT_FALSE(asked.has_header("Expect:"));
  }
  EXPECT_EQ(server.connections(), 1u);
}

TEST(client_send, says_what_went_wrong) {
  stub_server* self = nullptr;
  stub_server server([&](const stub_request& r) {
    if (r.target == "/fhir/moved") return answer(302, "", "Location: /fhir/there\r\n");
    if (r.target == "/fhir/error") return answer(500, "why");
    if (r.target == "/fhir/large") return answer(200, std::string(101, 'x'));
    if (r.target == "/fhir/slow") self->wait_for_stop();
    return std::string();
  });
  self = &server;
  options o;
  o.body_bytes = 100;
  client c(o);
  struct row {
    std::string method, url, token, error;
    unsigned status;
  };
  const row rows[] = {
      {"GET", server.base() + "/moved", "", "", 302},
      {"GET", server.base() + "/error", "", "", 500},
      {"GET", server.base() + "/large", "", "too large", 200},
      {"GET", server.base() + "/closes", "", "connection lost", 0},
      {"GET", server.base() + "/slow", "", "timeout", 0},
      {"GET", "ftp://127.0.0.1/x", "", "not http", 0},
      {"GET", "file:///etc/passwd", "", "not http", 0},
      {"GET", "", "", "url not understood", 0},
      {"GET x HTTP/1.1\r\nX: ", server.base(), "", "method not understood", 0},
      {"", server.base(), "", "method not understood", 0},
      {"GET", server.base(), "a\r\nX: y", "token not usable", 0},
  };
  for (const row& r : rows) {
    SCOPED_TRACE(r.error + " " + r.url);
    const auto got = c.send({r.method, r.url, "", "", secret(r.token),
                             r.error == "timeout" ? std::chrono::milliseconds(200) : long_deadline});
    EXPECT_EQ(got.error, r.error);
    EXPECT_EQ(got.status, r.status);
  }
}

}  // namespace
}  // namespace mainstay::fhir::client::test
