#include "tests/cds/http/echo.hpp"
#include "tests/cds/http/raw_client.hpp"

namespace mainstay::cds::http {
namespace {

using namespace testing;

struct wire_form {
  const char* name;
  std::string bytes;
  unsigned status;
};

TEST(server, bad_bytes_are_refused_and_nothing_behind_them_is_read_as_a_request) {
  options o;
  o.header_bytes = 2000;
  o.body_bytes = 1000;
  running s(o, echo);
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  const wire_form forms[] = {
      {"coding gzip",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: gzip\r\n\r\n" + smuggled,
       400},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + smuggled, 400},
      {"folded line", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n" + smuggled, 400},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n" + smuggled, 505},
      {"bare LF without an end", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"TLS hello", std::string("\x16\x03\x01\x02\x00\x01", 6), 400},
      {"header at one byte over", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000 - 31, 'x') + "\r\n\r\n", 431},
      {"header without an end", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(5000, 'x'), 431},
      {"length over the limit", post("/", std::string(1001, ' ')), 413},
      {"chunks over the limit", chunked("3e8\r\n" + std::string(1000, ' ') + "\r\n1\r\n \r\n0\r\n\r\n"), 413},
      {"one chunk over the limit", chunked("3e9\r\n" + std::string(1001, ' ')), 413},
      {"chunk size beyond 64 bits", chunked("10000000000000001\r\na\r\n0\r\n\r\n"), 400},
      {"chunk size negative", chunked("-1\r\na\r\n0\r\n\r\n"), 400},
      {"chunk size with a prefix", chunked("0x1\r\na\r\n0\r\n\r\n"), 400},
      {"chunk size empty", chunked("\r\na\r\n0\r\n\r\n"), 400},
      {"chunk longer than its size", chunked("1\r\nab\r\n0\r\n\r\n"), 400},
      {"chunk end with bare LF", chunked("1\r\na\n0\r\n\r\n"), 400},
      {"chunk size line with bare LF", chunked("1\na\r\n0\r\n\r\n"), 400},
      {"chunk extension of a megabyte", chunked("1;x=" + std::string(1 << 20, 'x') + "\r\na\r\n0\r\n\r\n"), 400},
      {"chunk extension one byte over", chunked("1;" + std::string(1024, 'x') + "\r\na\r\n0\r\n\r\n"), 400},
      {"many chunk extensions", chunked([] {
         std::string all;
         for (int i = 0; i < 20; ++i) all += "1;" + std::string(99, 'x') + "\r\na\r\n";
         return all;
       }() + "0\r\n\r\n"),
       400},
      {"trailer with a bare LF", chunked("0\r\nX: 1\n\r\n"), 400},
      {"other type", "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nContent-Length: 2\r\n\r\nab", 415},
      {"gzip", post("/", "ab", "Content-Encoding: gzip\r\n"), 415},
      {"expectation", post("/", "ab", "Expect: nothing\r\n"), 417},
  };
  for (const auto& form : forms) {
    SCOPED_TRACE(form.name);
    raw_client c(s->port());
    c.send(form.bytes);
    c.end_of_sending();  // where a bare LF hides the end of a line, Beast would wait for the rest
    auto a = c.receive();
    ASSERT_TRUE(a);
    EXPECT_EQ(a->status, form.status);
    EXPECT_TRUE(a->has("Connection: close\r\n"));
    EXPECT_EQ(a->body.substr(0, 3), std::to_string(form.status));
    EXPECT_EQ(a->body.find("smuggled"), std::string::npos);
    EXPECT_TRUE(c.closed());
    raw_client good(s->port());
    ASSERT_TRUE(good.send(get));
    EXPECT_EQ(good.receive()->status, 200u);
  }
}

TEST(server, limits_hold_what_is_just_inside) {
  options o;
  o.header_bytes = 2000;
  o.body_bytes = 1000;
  running s(o, echo);
  raw_client c(s->port());
  std::string header = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  header += std::string(2000 - header.size() - 4, 'x') + "\r\n\r\n";
  ASSERT_TRUE(c.send(header));
  EXPECT_EQ(c.receive()->status, 200u);
  // The same size with a body, which Beast sees too.
  header = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\nX: ";
  header += std::string(2000 - header.size() - 4, 'x') + "\r\n\r\n";
  ASSERT_TRUE(c.send(header + std::string(1000, ' ')));
  EXPECT_EQ(c.receive()->status, 200u);
  ASSERT_TRUE(c.send(chunked("3e8;" + std::string(1023, 'x') + "\r\n" + std::string(1000, ' ') + "\r\n0\r\n\r\n")));
  EXPECT_EQ(c.receive()->status, 200u);
}

TEST(server, body_that_ends_early) {
  running s({}, echo);
  raw_client c(s->port());
  ASSERT_TRUE(c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\nabc"));
  c.end_of_sending();
  EXPECT_EQ(c.receive()->status, 400u);
  EXPECT_TRUE(c.closed());
}

TEST(server, continue_is_sent_before_the_body) {
  running s({}, echo);
  raw_client c(s->port());
  ASSERT_TRUE(
      c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: "
             "100-continue\r\n\r\n"));
  auto interim = c.receive();
  ASSERT_TRUE(interim);
  EXPECT_EQ(interim->status, 100u);
  ASSERT_TRUE(c.send("[]"));
  EXPECT_EQ(c.receive()->body, "POST /  application/json []");
  // Refused before anything is sent: no interim answer.
  ASSERT_TRUE(c.send(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(c.receive()->status, 415u);
  EXPECT_TRUE(c.closed());
}

}  // namespace
}  // namespace mainstay::cds::http
