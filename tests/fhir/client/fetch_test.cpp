// One answer at a time: what each is worth, and what is asked.
#include <gtest/gtest.h>

#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/crc.hpp>

#include "tests/fhir/client/fixture.hpp"

namespace mainstay::fhir::client::test {
namespace {

constexpr std::string_view patient = R"({"resourceType":"Patient","id":"p1"})";
constexpr std::string_view outcome = R"({"resourceType":"OperationOutcome","issue":[]})";

TEST(client_fetch, judges_an_answer) {
  struct row {
    std::string name, reply;
    completeness how;
    std::string reason;
    std::size_t pages = 0;
    bool read = false;
  };
  const std::string good = bundle("o1");
  const row rows[] = {
      {"bundle", answer(200, good), completeness::complete, "", 1},
      {"empty bundle", answer(200, R"({"resourceType":"Bundle","type":"searchset","total":0})"), completeness::complete,
       "", 1},
      {"total as found", answer(200, bundle("o1", "", R"("total":1,)")), completeness::complete, "", 1},
      {"total above", answer(200, bundle("o1", "", R"("total":2,)")), completeness::partial,
       "fewer entries than the total", 1},
      {"chunked",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n" +
           [&] {
             std::ostringstream hex;
             hex << std::hex << good.size() - 1;
             return hex.str();
           }() +
           "\r\n" + good.substr(1) + "\r\n0\r\n\r\n",
       completeness::complete, "", 1},
      {"until close", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + good, completeness::complete, "", 1},
      {"html", answer(200, "<html><body>Sign in</body></html>"), completeness::failed, "not json"},
      {"empty body", answer(200, ""), completeness::failed, "not json"},
      {"half a json", answer(200, good.substr(0, good.size() / 2)), completeness::failed, "not json"},
      {"json of something else", answer(200, R"({"cards":[]})"), completeness::failed, "not a resource"},
      {"an array", answer(200, "[]"), completeness::failed, "not a resource"},
      {"resource type not a text", answer(200, R"({"resourceType":1})"), completeness::failed, "not a resource"},
      {"a resource, not a bundle", answer(200, patient), completeness::failed, "not a Bundle"},
      {"outcome with 200", answer(200, outcome), completeness::failed, "OperationOutcome"},
      {"outcome with 200 to a read", answer(200, outcome), completeness::failed, "OperationOutcome", 0, true},
      {"deep", answer(200, std::string(100, '[') + std::string(100, ']')), completeness::failed, "too large"},
      {"no content", "HTTP/1.1 204 \r\n\r\n", completeness::failed, "status 204"},
      {"redirect", answer(302, "", "Location: /fhir/Observation?moved=1\r\n"), completeness::failed, "status 302"},
      {"not modified", "HTTP/1.1 304 \r\n\r\n", completeness::failed, "status 304"},
      {"bad request as html", answer(400, "<h1>no</h1>"), completeness::failed, "status 400"},
      {"unauthorized", answer(401, outcome), completeness::failed, "status 401"},
      {"forbidden", answer(403, outcome), completeness::failed, "status 403"},
      {"search not found", answer(404, outcome), completeness::failed, "status 404"},
      {"gone", answer(410, outcome), completeness::failed, "status 410"},
      {"server error", answer(500, outcome), completeness::failed, "status 500"},
      {"busy without Retry-After", answer(503, outcome), completeness::failed, "status 503"},
      {"read", answer(200, patient), completeness::complete, "", 1, true},
      {"read not found", answer(404, outcome), completeness::complete, "", 0, true},
      {"read deleted", answer(410, outcome), completeness::failed, "status 410", 0, true},
      {"read of another", answer(200, R"({"resourceType":"Patient","id":"p2"})"), completeness::failed,
       "not the resource asked for", 0, true},
      {"read of another type", answer(200, R"({"resourceType":"Group","id":"p1"})"), completeness::failed,
       "not the resource asked for", 0, true},
      {"closed", "", completeness::failed, "connection lost"},
      {"truncated", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n" + good, completeness::failed,
       "truncated"},
      {"truncated chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nfff\r\n{",
       completeness::failed, "truncated"},
      {"not http", "SSH-2.0-OpenSSH\r\nConnection: close\r\n", completeness::failed, "not http"},
      {"endless header", "HTTP/1.1 200 OK\r\nX: " + std::string(70000, 'x') + "\r\nConnection: close\r\n\r\n",
       completeness::failed, "too large"},
  };
  for (const row& r : rows) {
    SCOPED_TRACE(r.name);
    stub_server server([&](const stub_request&) { return r.reply; });
    client c;
    const query_result got = fetch_one(c, server.base(), r.read ? read_of("Patient", "p1") : search_for("Observation"));
    EXPECT_EQ(got.key, "key");
    EXPECT_EQ(got.how, r.how);
    EXPECT_EQ(got.reason, r.reason);
    EXPECT_EQ(got.pages.size(), r.pages);
    for (const page& p : got.pages) {
      EXPECT_EQ(p.status, 200u);
      EXPECT_FALSE(p.body.root().string("resourceType").empty());
    }
    for (const stub_request& asked : server.requests()) EXPECT_EQ(asked.target.find("moved"), std::string::npos);
  }
}

TEST(client_fetch, asks_as_fhir_says) {
  stub_server server([](const stub_request&) { return answer(200, bundle("o1")); });
  options o;
  o.user_agent = "mainstay-test";
  client c(o);
  const query_result got = fetch_one(c, server.base() + "/", search_for("Observation"));
  ASSERT_EQ(got.pages.size(), 1u);
  EXPECT_EQ(got.pages[0].url, server.base() + "/Observation?patient=p1");
  const auto asked = server.requests();
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].method, "GET");
  EXPECT_EQ(asked[0].target, "/fhir/Observation?patient=p1");
  EXPECT_TRUE(asked[0].has_header("Accept: application/fhir+json\r\n")) << asked[0].head;
  EXPECT_TRUE(asked[0].has_header("Cache-Control: no-cache\r\n"));
  EXPECT_TRUE(asked[0].has_header("User-Agent: mainstay-test\r\n"));
  EXPECT_FALSE(asked[0].has_header("Authorization:"));
  EXPECT_FALSE(asked[0].has_header("Cookie:"));
}

TEST(client_fetch, sends_the_token) {
  stub_server server([](const stub_request&) { return answer(401, ""); });
  client c;
  request r = ask(server.base(), {{"key", search_for("Observation")}});
  r.token = secret("abc.DEF-1_~+/==");
  const result got = wait_for(c, std::move(r));
  EXPECT_EQ(got.queries[0].reason, "status 401");
  ASSERT_EQ(server.requests().size(), 1u);
  EXPECT_TRUE(server.requests()[0].has_header("Authorization: Bearer abc.DEF-1_~+/==\r\n"));
}

TEST(client_fetch, refuses_a_token_that_would_be_more_than_a_token) {
  stub_server server([](const stub_request&) { return answer(200, bundle("o1")); });
  client c;
  for (const char* token : {"a\r\nX-Evil: 1", "a b", "a\n", "\"a\"", "=", "a=b", "\xc3\xa4"}) {
    SCOPED_TRACE(token);
    request r = ask(server.base(), {{"key", search_for("Observation")}});
    r.token = secret(token);
    const result got = wait_for(c, std::move(r));
    EXPECT_EQ(got.queries[0].how, completeness::failed);
    EXPECT_EQ(got.queries[0].reason, "token not usable");
  }
  EXPECT_EQ(server.connections(), 0u);
}

TEST(client_fetch, refuses_a_base_that_is_none) {
  client c;
  for (const char* base : {"", "fhir", "ftp://127.0.0.1/fhir", "http://a@127.0.0.1/fhir", "http://127.0.0.1/fhir?x"}) {
    SCOPED_TRACE(base);
    EXPECT_EQ(fetch_one(c, base, search_for("Observation")).reason, "base url not understood");
  }
}

TEST(client_fetch, answers_no_queries_at_once) {
  client c;
  EXPECT_TRUE(wait_for(c, ask("http://127.0.0.1:1/fhir", {})).queries.empty());
}

TEST(client_fetch, keeps_the_order_asked) {
  stub_server server([](const stub_request& r) {
    if (r.target.starts_with("/fhir/Condition")) return answer(500, "");
    return r.target.starts_with("/fhir/Patient/") ? answer(200, patient) : answer(200, bundle("o1"));
  });
  client c;
  const result got = wait_for(
      c, ask(server.base(),
             {{"a", search_for("Observation")}, {"b", search_for("Condition")}, {"c", read_of("Patient", "p1")}}));
  ASSERT_EQ(got.queries.size(), 3u);
  EXPECT_EQ(got.queries[0].key, "a");
  EXPECT_EQ(got.queries[0].how, completeness::complete);
  EXPECT_EQ(got.queries[1].key, "b");
  EXPECT_EQ(got.queries[1].reason, "status 500");
  EXPECT_EQ(got.queries[2].key, "c");
  ASSERT_EQ(got.queries[2].pages.size(), 1u);
  EXPECT_EQ(got.queries[2].pages[0].body.root().string("id"), "p1");
  EXPECT_GT(got.took.count(), 0);
}

TEST(client_fetch, names_a_dead_port_and_an_unknown_host) {
  unsigned short dead = 0;
  {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor taken(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
    dead = taken.local_endpoint().port();
  }
  client c;
  EXPECT_EQ(fetch_one(c, "http://127.0.0.1:" + std::to_string(dead) + "/fhir", search_for("Observation")).reason,
            "connection refused");
  // A label of more than 63 characters cannot be asked of any name server.
  EXPECT_EQ(fetch_one(c, "http://" + std::string(64, 'h') + ".invalid/fhir", search_for("Observation")).reason,
            "cannot resolve host");
}

TEST(client_fetch, takes_a_body_up_to_the_limit_and_no_byte_more) {
  const std::string body = bundle("o1");
  stub_server server([&](const stub_request& r) {
    return r.target.starts_with("/fhir/Procedure") ? answer(200, body + " ") : answer(200, body);
  });
  options o;
  o.body_bytes = body.size();
  client c(o);
  EXPECT_EQ(fetch_one(c, server.base(), search_for("Observation")).how, completeness::complete);
  const query_result got = fetch_one(c, server.base(), search_for("Procedure"));
  EXPECT_EQ(got.how, completeness::failed);
  EXPECT_EQ(got.reason, "too large");
}

// RFC 1952: header, deflated data, CRC-32 and length.
std::string gzip(const std::string& text) {
  boost::beast::zlib::deflate_stream deflate;
  std::string out(deflate.upper_bound(text.size()) + 64, '\0');
  boost::beast::zlib::z_params z;
  z.next_in = text.data();
  z.avail_in = text.size();
  z.next_out = out.data();
  z.avail_out = out.size();
  boost::system::error_code error;
  deflate.write(z, boost::beast::zlib::Flush::finish, error);
  out.resize(z.total_out);
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  for (const std::size_t word : {std::size_t{crc.checksum()}, text.size()})
    for (unsigned i = 0; i < 4; ++i) out += static_cast<char>(word >> (8 * i) & 0xff);
  return std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10) + out;
}

TEST(client_fetch, unpacks_up_to_the_limit) {
  const std::string body = bundle("o1") + std::string(200000, ' ');
  stub_server server([&](const stub_request& r) {
    const std::string packed = gzip(r.target.starts_with("/fhir/Procedure") ? body + " " : body);
    EXPECT_TRUE(r.has_header("Accept-Encoding: gzip\r\n"));
    EXPECT_LT(packed.size(), 2000u);
    return r.target.starts_with("/fhir/Condition")
               ? answer(200, packed.substr(0, 20) + "rubbish", "Content-Encoding: gzip\r\n")
               : answer(200, packed, "Content-Encoding: gzip\r\n");
  });
  options o;
  o.body_bytes = body.size();
  client c(o);
  EXPECT_EQ(fetch_one(c, server.base(), search_for("Observation")).reason, "");
  EXPECT_EQ(fetch_one(c, server.base(), search_for("Procedure")).reason, "too large");
  EXPECT_EQ(fetch_one(c, server.base(), search_for("Condition")).reason, "encoding not understood");
}

TEST(client_fetch, retries_once_when_the_server_says_when) {
  struct row {
    std::string name, header;
    std::size_t asked;
    std::string reason;
  };
  const row rows[] = {
      {"at once", "Retry-After: 0\r\n", 2, ""},
      {"a past date", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 2, ""},
      {"after the deadline", "Retry-After: 600\r\n", 1, "status 503"},
      {"absurd", "Retry-After: 999999\r\n", 1, "status 503"},
      {"negative", "Retry-After: -1\r\n", 1, "status 503"},
      {"garbage", "Retry-After: soon\r\n", 1, "status 503"},
      {"none", "", 1, "status 503"},
  };
  for (const row& r : rows) {
    SCOPED_TRACE(r.name);
    std::atomic<int> asked = 0;
    stub_server server(
        [&](const stub_request&) { return ++asked == 1 ? answer(503, "", r.header) : answer(200, bundle("o1")); });
    client c;
    EXPECT_EQ(fetch_one(c, server.base(), search_for("Observation")).reason, r.reason);
    EXPECT_EQ(server.requests().size(), r.asked);
  }
  stub_server server([&](const stub_request&) { return answer(429, "", "Retry-After: 0\r\n"); });
  client c;
  EXPECT_EQ(fetch_one(c, server.base(), search_for("Observation")).reason, "status 429");
  EXPECT_EQ(server.requests().size(), 2u);
}

}  // namespace
}  // namespace mainstay::fhir::client::test
