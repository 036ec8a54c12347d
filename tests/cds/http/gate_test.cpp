#include "cds/http/gate.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

namespace mainstay::cds::http {
namespace {

using namespace std::string_literals;

options fhir_limits() {
  options o;
  o.media_types = {"application/json", "application/fhir+json"};
  o.body_bytes = 1000;
  return o;
}

struct refused_form {
  const char* name;
  std::string block;
  unsigned status;
  const char* code;
};

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";
const std::string post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

std::string target(std::string_view t) {
  return "GET " + std::string(t) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}
std::string host(std::string_view h) {
  return "GET / HTTP/1.1\r\nHost: " + std::string(h) + "\r\n\r\n";
}
std::string type(std::string_view t) {
  return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Type: " + std::string(t) + "\r\n\r\n";
}

const refused_form refused_forms[] = {
    // What Beast 345 lets through.
    {"coding gzip, then length", post + "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\n", 400, "bad_framing"},
    {"length, then coding gzip", post + "Content-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\n", 400, "bad_framing"},
    {"coding gzip alone", post + "Transfer-Encoding: gzip\r\n\r\n", 400, "bad_framing"},
    {"coding xchunked with length", post + "Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\n", 400,
     "bad_framing"},
    {"chunked with length", post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", 400, "bad_framing"},
    {"length with chunked", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "bad_framing"},
    {"HTTP/1.0 chunked", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "bad_framing"},
    {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 400, "bad_framing"},
    {"no Host", "GET / HTTP/1.1\r\n\r\n", 400, "bad_framing"},
    {"two Hosts", get + "Host: b\r\n\r\n", 400, "bad_framing"},
    {"the same Host twice", get + "Host: a\r\n\r\n", 400, "bad_framing"},
    {"absolute form of another host", target("http://b/"), 400, "bad_target"},
    {"absolute form of another port", target("http://a:81/"), 400, "bad_target"},
    {"absolute form of a longer host", target("http://a.b/"), 400, "bad_target"},
    {"absolute form with a user", target("http://u@a/"), 400, "bad_target"},
    {"absolute form without a host", target("http:///"), 400, "bad_target"},
    {"absolute form without a path", target("http://a"), 400, "bad_target"},
    {"absolute form with a query alone", target("http://a?b"), 400, "bad_target"},
    {"absolute form in another scheme", target("ftp://a/"), 400, "bad_target"},
    {"absolute form and a way up", target("http://a/../b"), 400, "bad_target"},
    {"folded line", get + "X: 1\r\n 2\r\n\r\n", 400, "bad_framing"},
    {"folded line with a tab", get + "X: 1\r\n\t2\r\n\r\n", 400, "bad_framing"},
    {"fold before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400, "bad_framing"},
    {"length list", post + "Content-Length: 5, 5\r\n\r\n", 400, "bad_framing"},
    {"length twice, equal", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", 400, "bad_framing"},
    {"length twice, different", post + "Content-Length: 5\r\ncontent-length: 6\r\n\r\n", 400, "bad_framing"},
    // Framing fields, other spellings.
    {"gzip, chunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 400, "bad_framing"},
    {"chunked, chunked", post + "Transfer-Encoding: chunked, chunked\r\n\r\n", 400, "bad_framing"},
    {"chunked twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "bad_framing"},
    {"chunked, identity in two lines", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n", 400,
     "bad_framing"},
    {"coding identity", post + "Transfer-Encoding: identity\r\n\r\n", 400, "bad_framing"},
    {"coding empty", post + "Transfer-Encoding:\r\n\r\n", 400, "bad_framing"},
    {"coding with a comma", post + "Transfer-Encoding: chunked,\r\n\r\n", 400, "bad_framing"},
    {"coding with a parameter", post + "Transfer-Encoding: chunked;q=1\r\n\r\n", 400, "bad_framing"},
    {"coding quoted", post + "Transfer-Encoding: \"chunked\"\r\n\r\n", 400, "bad_framing"},
    {"coding with a vertical tab",
     post + "Transfer-Encoding: \x0b"
            "chunked\r\n\r\n",
     400, "bad_framing"},
    {"length +5", post + "Content-Length: +5\r\n\r\n", 400, "bad_framing"},
    {"length -5", post + "Content-Length: -5\r\n\r\n", 400, "bad_framing"},
    {"length 0x5", post + "Content-Length: 0x5\r\n\r\n", 400, "bad_framing"},
    {"length 05", post + "Content-Length: 05\r\n\r\n", 400, "bad_framing"},
    {"length 5.0", post + "Content-Length: 5.0\r\n\r\n", 400, "bad_framing"},
    {"length with a space inside", post + "Content-Length: 5 5\r\n\r\n", 400, "bad_framing"},
    {"length empty", post + "Content-Length:\r\n\r\n", 400, "bad_framing"},
    {"length beyond 64 bits", post + "Content-Length: 18446744073709551617\r\n\r\n", 413, "too_large"},
    {"length one over the limit", post + "Content-Length: 1001\r\n\r\n", 413, "too_large"},
    // Lines and bytes.
    {"bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400, "bad_framing"},
    {"bare LF in a value", get + "X: 1\nY: 2\r\n\r\n", 400, "bad_framing"},
    {"bare CR in a value", get + "X: 1\rY: 2\r\n\r\n", 400, "bad_framing"},
    {"NUL in a value", get + "X: \0\r\n\r\n"s, 400, "bad_framing"},
    {"DEL in a value", get + "X: \x7f\r\n\r\n", 400, "bad_framing"},
    {"escape character in a name", get + "X\x1b: 1\r\n\r\n", 400, "bad_framing"},
    {"space before the colon", get + "X : 1\r\n\r\n", 400, "bad_framing"},
    {"Content-Length with a space before the colon", post + "Content-Length : 5\r\n\r\n", 400, "bad_framing"},
    {"no colon", get + "X\r\n\r\n", 400, "bad_framing"},
    {"no name", get + ": 1\r\n\r\n", 400, "bad_framing"},
    {"non-ASCII name", get + "X\xc3\xa9: 1\r\n\r\n", 400, "bad_framing"},
    {"quote in a name", get + "\"X\": 1\r\n\r\n", 400, "bad_framing"},
    {"empty line first", "\r\n" + get + "\r\n", 400, "bad_framing"},
    {"nothing", "", 400, "bad_framing"},
    {"only the empty line", "\r\n", 400, "bad_framing"},
    {"only two empty lines", "\r\n\r\n", 400, "bad_framing"},
    {"no empty line", get, 400, "bad_framing"},
    {"bytes after the block", get + "\r\nGET", 400, "bad_framing"},
    // The request line.
    {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request"},
    {"space at the end", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "bad_request"},
    {"one character", "G\r\nHost: a\r\n\r\n", 400, "bad_request"},
    {"space first", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request"},
    {"tab between", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request"},
    {"space in the target", target("/a b"), 400, "bad_request"},
    {"no version", "GET /\r\nHost: a\r\n\r\n", 400, "bad_request"},
    {"lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n", 400, "bad_request"},
    {"HTTP/1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400, "bad_request"},
    {"HTTP/01.1", "GET / HTTP/01.1\r\nHost: a\r\n\r\n", 400, "bad_request"},
    {"HTTP/1", "GET / HTTP/1\r\nHost: a\r\n\r\n", 400, "bad_request"},
    {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505, "http_version"},
    {"HTTP/0.9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505, "http_version"},
    {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\n", 505, "http_version"},
    {"method with a slash", "G/T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request"},
    {"method of 33 characters", std::string(33, 'M') + " / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request"},
    // Targets.
    {"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"authority form", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 400, "bad_target"},
    {"CONNECT in origin form", "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"relative path", target("a/b"), 400, "bad_target"},
    {"two slashes first", target("//a"), 400, "bad_target"},
    {"two slashes inside", target("/a//b"), 400, "bad_target"},
    {"two slashes last", target("/a//"), 400, "bad_target"},
    {"dot segment", target("/a/./b"), 400, "bad_target"},
    {"dot segment last", target("/a/."), 400, "bad_target"},
    {"up", target("/a/../b"), 400, "bad_target"},
    {"up at the end", target("/a/.."), 400, "bad_target"},
    {"encoded up", target("/a/%2e%2e/b"), 400, "bad_target"},
    {"half encoded up", target("/a/.%2E/b"), 400, "bad_target"},
    {"twice encoded up", target("/a/%252e%252e/b"), 400, "bad_target"},
    {"encoded slash", target("/a%2fb"), 400, "bad_target"},
    {"encoded backslash", target("/a%5Cb"), 400, "bad_target"},
    {"backslash", target("/a\\b"), 400, "bad_target"},
    {"encoded NUL", target("/a%00"), 400, "bad_target"},
    {"encoded LF", target("/a%0a"), 400, "bad_target"},
    {"encoded DEL", target("/a%7f"), 400, "bad_target"},
    {"cut escape", target("/a%2"), 400, "bad_target"},
    {"escape that is none", target("/a%zz"), 400, "bad_target"},
    {"fragment", target("/a#b"), 400, "bad_target"},
    {"non-ASCII path", target("/\xc3\xa9"), 400, "bad_target"},
    {"angle bracket", target("/<a>"), 400, "bad_target"},
    {"bar in the path", target("/a|b"), 400, "bad_target"},
    {"fragment in the query", target("/a?b#c"), 400, "bad_target"},
    {"encoded NUL in the query", target("/a?b=%00"), 400, "bad_target"},
    {"encoded CR LF in the query", target("/a?b=%0d%0a"), 400, "bad_target"},
    {"cut escape in the query", target("/a?b=%"), 400, "bad_target"},
    {"quote in the query", target("/a?b=\"c\""), 400, "bad_target"},
    // Host.
    {"empty Host", host(""), 400, "bad_framing"},
    {"Host list", host("a, b"), 400, "bad_framing"},
    {"Host with user", host("u@a"), 400, "bad_framing"},
    {"Host with path", host("a/b"), 400, "bad_framing"},
    {"Host with a letter as port", host("a:b"), 400, "bad_framing"},
    {"Host with a long port", host("a:123456"), 400, "bad_framing"},
    {"Host with two ports", host("a:1:2"), 400, "bad_framing"},
    {"Host with an open bracket", host("[::1"), 400, "bad_framing"},
    {"Host with text after the bracket", host("[::1]a"), 400, "bad_framing"},
    // What the body is.
    {"two Content-Types", post + "Content-Length: 2\r\nContent-Type: application/json\r\n\r\n", 400, "bad_framing"},
    {"two Authorizations", get + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", 400, "bad_framing"},
    {"body without Content-Type", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n", 415, "media_type"},
    {"chunked without Content-Type", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 415,
     "media_type"},
    {"other type", type("text/plain"), 415, "media_type"},
    {"type with a suffix", type("application/jsonx"), 415, "media_type"},
    {"type list", type("application/json, text/plain"), 415, "media_type"},
    {"other charset", type("application/json; charset=iso-8859-1"), 415, "media_type"},
    {"utf-16", type("application/json;charset=\"UTF-16\""), 415, "media_type"},
    {"two charsets", type("application/json; charset=utf-8; charset=utf-16"), 415, "media_type"},
    {"empty charset", type("application/json; charset="), 415, "media_type"},
    {"open quote", type("application/json; charset=\"utf-8"), 415, "media_type"},
    {"gzip body", post + "Content-Length: 2\r\nContent-Encoding: gzip\r\n\r\n", 415, "content_encoding"},
    {"identity, gzip", post + "Content-Length: 2\r\nContent-Encoding: identity\r\nContent-Encoding: gzip\r\n\r\n", 415,
     "content_encoding"},
    {"other expectation", post + "Content-Length: 2\r\nExpect: 200-ok\r\n\r\n", 417, "expectation"},
    {"two expectations", post + "Content-Length: 2\r\nExpect: 100-continue\r\nExpect: 100-continue\r\n\r\n", 400,
     "bad_framing"},
};

TEST(gate, refuses) {
  for (const auto& form : refused_forms) {
    SCOPED_TRACE(form.name);
    auto checked = check_raw_header(form.block, fhir_limits());
    ASSERT_FALSE(checked.has_value());
    EXPECT_EQ(checked.error().status, form.status);
    EXPECT_EQ(checked.error().code, form.code);
    EXPECT_FALSE(checked.error().message.empty());
  }
}

struct accepted_form {
  const char* name;
  std::string block;
  const char* path;
  const char* query;
  const char* content_type;
  std::uint64_t length;
  bool chunked, close, expects;
};

const accepted_form accepted_forms[] = {
    {"plain", get + "\r\n", "/", "", "", 0, false, false, false},
    {"unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "/", "", "", 0, false, false, false},
    {"query", target("/fhir/Observation?code=http%3A%2F%2Floinc.org%7C1,b|c&_sort=-date"), "/fhir/Observation",
     "code=http%3A%2F%2Floinc.org%7C1,b|c&_sort=-date", "", 0, false, false, false},
    {"second question mark", target("/a?b?c"), "/a", "b?c", "", 0, false, false, false},
    {"trailing slash", target("/a/"), "/a/", "", "", 0, false, false, false},
    {"escapes stay", target("/a%20b/$everything"), "/a%20b/$everything", "", "", 0, false, false, false},
    {"dots in a name", target("/a..b/...c"), "/a..b/...c", "", "", 0, false, false, false},
    {"host and port", host("a.b-c:8080"), "/", "", "", 0, false, false, false},
    {"IPv6 host", host("[::1]:80"), "/", "", "", 0, false, false, false},
    {"body", type("Application/JSON"), "/", "", "application/json", 2, false, false, false},
    {"charset", type("application/fhir+json;charset=UTF-8"), "/", "", "application/fhir+json", 2, false, false, false},
    {"quoted charset", type("application/json; charset=\"utf-8\""), "/", "", "application/json", 2, false, false,
     false},
    {"another parameter", type("application/fhir+json; fhirVersion=4.0"), "/", "", "application/fhir+json", 2, false,
     false, false},
    {"chunked", post + "Transfer-Encoding: Chunked\r\n\r\n", "/", "", "application/json", 0, true, true, false},
    {"length at the limit", post + "Content-Length: 1000\r\n\r\n", "/", "", "application/json", 1000, false, false,
     false},
    {"length zero", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "/", "", "", 0, false, false, false},
    {"close", get + "Connection: keep-alive, Close\r\n\r\n", "/", "", "", 0, false, true, false},
    {"expectation", post + "Content-Length: 2\r\nExpect: 100-Continue\r\n\r\n", "/", "", "application/json", 2, false,
     false, true},
    {"expectation without a body", get + "Expect: 100-continue\r\n\r\n", "/", "", "", 0, false, false, false},
    {"identity", post + "Content-Length: 2\r\nContent-Encoding: identity\r\n\r\n", "/", "", "application/json", 2,
     false, false, false},
    {"no space after the colon", "GET / HTTP/1.1\r\nHost:a\r\nX:\r\n\r\n", "/", "", "", 0, false, false, false},
    {"obsolete text in a value", get + "X: \xe9\r\n\r\n", "/", "", "", 0, false, false, false},
    {"HTTP/1.0", "GET /a HTTP/1.0\r\nHost: a\r\n\r\n", "/a", "", "", 0, false, true, false},
    {"HTTP/1.0 kept alive", "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", "/", "", "", 0, false, true,
     false},
    {"HTTP/1.0 with an expectation",
     "POST / HTTP/1.0\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: "
     "100-continue\r\n\r\n",
     "/", "", "application/json", 2, false, true, false},
    {"absolute form", target("http://a/b?c"), "/b", "c", "", 0, false, false, false},
    {"absolute form, other case", target("HTTPS://A/b"), "/b", "", "", 0, false, false, false},
    {"an upgrade is not taken up", get + "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n", "/", "", "", 0, false, false,
     false},
};

TEST(gate, accepts) {
  for (const auto& form : accepted_forms) {
    SCOPED_TRACE(form.name);
    auto checked = check_raw_header(form.block, fhir_limits());
    ASSERT_TRUE(checked.has_value()) << checked.error().message;
    EXPECT_EQ(checked->fields.path, form.path);
    EXPECT_EQ(checked->fields.query, form.query);
    EXPECT_EQ(checked->fields.content_type, form.content_type);
    EXPECT_EQ(checked->content_length, form.length);
    EXPECT_EQ(checked->chunked, form.chunked);
    EXPECT_EQ(checked->close, form.close);
    EXPECT_EQ(checked->expects_continue, form.expects);
  }
}

TEST(gate, fields_are_lower_case_and_trimmed) {
  auto checked = check_raw_header("GET / HTTP/1.1\r\nHOST: a\r\nX-One: \t two words \t\r\nx-one: second\r\n\r\n", {});
  ASSERT_TRUE(checked.has_value());
  EXPECT_EQ(checked->fields.header("x-one"), "two words");
  EXPECT_EQ(checked->fields.header("host"), "a");
  EXPECT_EQ(checked->fields.header("absent"), "");
  EXPECT_TRUE(checked->fields.has("x-one"));
  EXPECT_FALSE(checked->fields.has("absent"));
}

TEST(gate, header_limits_at_the_edge) {
  options limits;
  limits.header_bytes = get.size() + 2;
  EXPECT_TRUE(check_raw_header(get + "\r\n", limits).has_value());
  --limits.header_bytes;
  EXPECT_EQ(check_raw_header(get + "\r\n", limits).error().status, 431u);
  limits = {};
  limits.header_fields = 2;
  EXPECT_TRUE(check_raw_header(get + "X: 1\r\n\r\n", limits).has_value());
  EXPECT_EQ(check_raw_header(get + "X: 1\r\nY: 1\r\n\r\n", limits).error().status, 431u);
}

TEST(gate, scan_ends_alike_however_the_bytes_come) {
  const std::string block = post + "Content-Length: 5\r\n\r\n";
  for (std::size_t step = 1; step <= block.size(); ++step) {
    header_scan scan;
    for (std::size_t n = step; n < block.size(); n += step)
      ASSERT_EQ(scan.advance(std::string_view(block).substr(0, n)), header_scan::progress::need_more);
    ASSERT_EQ(scan.advance(block + "GET \n"), header_scan::progress::complete);
    EXPECT_EQ(scan.size(), block.size());
  }
}

TEST(gate, scan_refuses_at_the_first_wrong_byte) {
  for (const std::string& bytes :
       {"\x16\x03\x01"s, "GET / HTTP/1.1\n"s, "GET / HTTP/1.1\rX"s, "\0"s, "GET / HTTP/1.1\r\r"s}) {
    header_scan scan;
    EXPECT_EQ(scan.advance(bytes), header_scan::progress::bad_byte) << bytes;
  }
}

TEST(gate, any_bytes_are_judged_without_a_crash_and_never_framed_two_ways) {
  bool held = rc::check("mutated blocks", [] {
    std::string block = *rc::gen::elementOf(
        std::vector<std::string>{get + "\r\n", post + "Content-Length: 5\r\n\r\n",
                                 post + "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"});
    int changes = *rc::gen::inRange(0, 6);
    for (int i = 0; i < changes; ++i) {
      auto at = *rc::gen::inRange<std::size_t>(0, block.size());
      std::string piece =
          *rc::gen::oneOf(rc::gen::element<std::string>("\r\n", " ", ":", "\n", "Host: b\r\n", "Content-Length: 1\r\n",
                                                        "%2f", "chunked", ","),
                          rc::gen::map(rc::gen::arbitrary<char>(), [](char c) { return std::string(1, c); }));
      if (*rc::gen::arbitrary<bool>())
        block.insert(at, piece);
      else
        block.replace(at, 1, piece);
    }
    auto checked = check_raw_header(block, fhir_limits());
    if (!checked) {
      RC_ASSERT(checked.error().status >= 400u);
      return;
    }
    const request& r = checked->fields;
    RC_ASSERT(r.path.starts_with("/") && r.path.find("//") == std::string::npos);
    RC_ASSERT(!(checked->chunked && r.has("content-length")));
    RC_ASSERT(std::count_if(r.headers.begin(), r.headers.end(), [](const auto& h) { return h.first == "host"; }) == 1);
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace mainstay::cds::http
