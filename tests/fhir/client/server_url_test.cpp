#include "fhir/client/server_url.hpp"

#include <gtest/gtest.h>

namespace mainstay::fhir::client {
namespace {

TEST(server_url, takes_a_base) {
  struct row {
    std::string_view name, base, text;
  };  // empty text: refused
  const row rows[] = {
      {"plain", "https://h.example/fhir", "https://h.example/fhir"},
      {"trailing slash", "https://h.example/fhir/", "https://h.example/fhir"},
      {"no path", "http://h.example", "http://h.example"},
      {"port", "http://127.0.0.1:8080/fhir/r4", "http://127.0.0.1:8080/fhir/r4"},
      {"other scheme", "ftp://h.example/fhir", ""},
      {"file", "file:///etc/passwd", ""},
      {"relative", "fhir", ""},
      {"no host", "http:///fhir", ""},
      {"user", "https://user:pw@h.example/fhir", ""},
      {"query", "https://h.example/fhir?x=1", ""},
      {"fragment", "https://h.example/fhir#x", ""},
      {"encoded dots", "https://h.example/%2e%2E/fhir", ""},
      {"encoded slash", "https://h.example/a%2Ffhir", ""},
      {"line break", "https://h.example/fhir\r\nX: y", ""},
      {"backslash", "https://h.example\\@evil.example/fhir", ""},
      {"nul", std::string_view("https://h.example/fhir\0x", 24), ""},
      {"empty", "", ""},
  };
  for (const row& r : rows) {
    SCOPED_TRACE(r.name);
    const auto made = server_url::parse(r.base);
    EXPECT_EQ(made.has_value(), !r.text.empty());
    if (made) EXPECT_EQ(made->text(), r.text);
  }
}

TEST(server_url, keeps_next_links_on_the_server) {
  struct row {
    std::string_view name, base, link, url;
  };  // empty url: refused
  constexpr std::string_view base = "https://h.example/fhir";
  const row rows[] = {
      {"absolute", base, "https://h.example/fhir/Observation?page=2", "https://h.example/fhir/Observation?page=2"},
      {"the base itself with a query", base, "https://h.example/fhir?_getpages=ab-1&_getpagesoffset=5",
       "https://h.example/fhir?_getpages=ab-1&_getpagesoffset=5"},
      {"default port written out", base, "https://h.example:443/fhir?x=1", "https://h.example:443/fhir?x=1"},
      {"default port left out", "https://h.example:443/fhir", "https://h.example/fhir?x=1",
       "https://h.example/fhir?x=1"},
      {"http port 80", "http://h.example/fhir", "http://h.example:80/fhir?x=1", "http://h.example:80/fhir?x=1"},
      {"case of scheme and host", base, "HTTPS://H.Example/fhir?x=1", "https://H.Example/fhir?x=1"},
      {"query only", base, "?page=2", "https://h.example/fhir/Observation?page=2"},
      {"relative to the base", base, "Observation?page=2", "https://h.example/fhir/Observation?page=2"},
      {"absolute path", base, "/fhir/Observation?page=2", "https://h.example/fhir/Observation?page=2"},
      {"already encoded", base, "?c=a%7Cb%2C1", "https://h.example/fhir/Observation?c=a%7Cb%2C1"},
      {"a space", base, "?c=a b", "https://h.example/fhir/Observation?c=a+b"},
      {"fragment dropped", base, "?page=2#top", "https://h.example/fhir/Observation?page=2"},
      {"base without path", "https://h.example", "https://h.example/x?y", "https://h.example/x?y"},

      {"other host", base, "https://evil.example/fhir?x=1", ""},
      {"longer host", base, "https://h.example.evil.org/fhir?x=1", ""},
      {"trailing dot", base, "https://h.example./fhir?x=1", ""},
      {"user", base, "https://h.example@evil.example/fhir?x=1", ""},
      {"user on the same host", base, "https://a:b@h.example/fhir?x=1", ""},
      {"backslash", base, "https://h.example\\@evil.example/fhir?x=1", ""},
      {"without scheme", base, "//evil.example/fhir?x=1", ""},
      {"other port", base, "https://h.example:8443/fhir?x=1", ""},
      {"downgrade", base, "http://h.example/fhir?x=1", ""},
      {"downgrade on the port", "https://h.example:443/fhir", "http://h.example:443/fhir?x=1", ""},
      {"other scheme", base, "ftp://h.example/fhir", ""},
      {"script", base, "javascript:alert(1)", ""},
      {"other path", base, "https://h.example/admin?x=1", ""},
      {"path that begins alike", base, "https://h.example/fhir2?x=1", ""},
      {"dots", base, "https://h.example/fhir/../admin", ""},
      {"relative dots", base, "../admin", ""},
      {"encoded dots", base, "https://h.example/fhir/%2e%2e/admin", ""},
      {"encoded dots, mixed", base, "https://h.example/fhir/.%2E/admin", ""},
      {"encoded slash", base, "https://h.example/fhir/..%2fadmin", ""},
      {"line break", base, "https://h.example/fhir?x=1\r\nHost: evil", ""},
      {"tab", base, "?x=\t1", ""},
      {"numeric host", "http://127.0.0.1/fhir", "http://127.0.0.2/fhir", ""},
  };
  for (const row& r : rows) {
    SCOPED_TRACE(r.name);
    const auto server = server_url::parse(r.base);
    ASSERT_TRUE(server.has_value());
    const auto next = server->next(server->url_of("Observation?patient=p1"), r.link);
    EXPECT_EQ(next.has_value(), !r.url.empty());
    if (next) EXPECT_EQ(*next, r.url);
  }
}

TEST(server_url, refuses_an_endless_link) {
  const auto server = server_url::parse("https://h.example/fhir");
  ASSERT_TRUE(server.has_value());
  const std::string url = server->url_of("Observation");
  EXPECT_TRUE(server->next(url, "?x=" + std::string(16000, 'a')).has_value());
  const auto next = server->next(url, "?x=" + std::string(17000, 'a'));
  ASSERT_FALSE(next.has_value());
  EXPECT_EQ(next.error(), url_errc::next_not_understood);
}

}  // namespace
}  // namespace mainstay::fhir::client
