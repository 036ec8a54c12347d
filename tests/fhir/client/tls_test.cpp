// Certificates are verified: chain, name, time and version.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "tests/fhir/client/fixture.hpp"

namespace mainstay::fhir::client::test {
namespace {

template <auto F>
struct free_by {
  template <typename T>
  void operator()(T* p) const {
    F(p);
  }
};
using key_ptr = std::unique_ptr<EVP_PKEY, free_by<EVP_PKEY_free>>;
using cert_ptr = std::unique_ptr<X509, free_by<X509_free>>;

struct identity {
  key_ptr key;
  cert_ptr cert;
};

void add_extension(X509* cert, int nid, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  X509_add_ext(cert, extension, -1);
  X509_EXTENSION_free(extension);
}

// Signed by itself, and so its own authority.
identity make_identity(const std::string& alternative_name, long valid_from, long valid_to) {
  identity id{key_ptr(EVP_EC_gen("P-256")), cert_ptr(X509_new())};
  X509* cert = id.cert.get();
  X509_set_version(cert, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert), valid_from);
  X509_gmtime_adj(X509_getm_notAfter(cert), valid_to);
  X509_set_pubkey(cert, id.key.get());
  const std::string name = "mainstay test";
  X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(cert, X509_get_subject_name(cert));
  add_extension(cert, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(cert, NID_subject_alt_name, alternative_name);
  X509_sign(cert, id.key.get(), EVP_sha256());
  return id;
}

std::unique_ptr<boost::asio::ssl::context> server_context(const identity& id) {
  auto context = std::make_unique<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
  SSL_CTX_use_certificate(context->native_handle(), id.cert.get());
  SSL_CTX_use_PrivateKey(context->native_handle(), id.key.get());
  return context;
}

// The certificate as a file, for options::ca_file.
class ca_file {
 public:
  explicit ca_file(const identity& id) : path_(testing::TempDir() + "mainstay-ca-XXXXXX") {
    FILE* file = ::fdopen(::mkstemp(path_.data()), "w");
    PEM_write_X509(file, id.cert.get());
    std::fclose(file);
  }
  ~ca_file() { ::unlink(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(client_tls, verifies_the_server) {
  constexpr long day = 86400;
  struct row {
    std::string name, alternative_name;
    long from, to;
    bool trusted, old_tls;
    std::string reason;
  };
  const row rows[] = {
      {"good", "IP:127.0.0.1", -day, day, true, false, ""},
      {"unknown authority", "IP:127.0.0.1", -day, day, false, false, "tls"},
      {"another address", "IP:127.0.0.2", -day, day, true, false, "tls"},
      {"another name", "DNS:other.example", -day, day, true, false, "tls"},
      {"expired", "IP:127.0.0.1", -2 * day, -day, true, false, "tls"},
      {"not yet valid", "IP:127.0.0.1", day, 2 * day, true, false, "tls"},
      {"TLS 1.1", "IP:127.0.0.1", -day, day, true, true, "tls"},
  };
  for (const row& r : rows) {
    SCOPED_TRACE(r.name);
    const identity id = make_identity(r.alternative_name, r.from, r.to);
    auto context = server_context(id);
    if (r.old_tls) {
      SSL_CTX_set_security_level(context->native_handle(), 0);
      SSL_CTX_set_max_proto_version(context->native_handle(), TLS1_1_VERSION);
    }
    stub_server server([](const stub_request&) { return answer(200, bundle("o1")); }, std::move(context));
    const ca_file ca(id);
    options o;
    if (r.trusted) o.ca_file = ca.path();
    client c(o);
    request asked = ask(server.base(), {{"key", search_for("Observation")}});
    asked.token = secret("t0k");
    const result got = wait_for(c, std::move(asked));
    EXPECT_EQ(got.queries[0].reason, r.reason);
    EXPECT_EQ(server.requests().size(), r.reason.empty() ? 1u : 0u);
  }
}

TEST(client_tls, names_an_authority_file_that_is_missing) {
  stub_server server([](const stub_request&) { return std::string(); },
                     server_context(make_identity("IP:127.0.0.1", -1, 60)));
  options o;
  o.ca_file = testing::TempDir() + "mainstay-no-such-file.pem";
  client c(o);
  EXPECT_EQ(fetch_one(c, server.base(), search_for("Observation")).reason, "tls");
}

TEST(client_tls, names_a_server_without_tls) {
  stub_server server([](const stub_request&) { return answer(200, bundle("o1"), "Connection: close\r\n"); });
  client c;
  EXPECT_EQ(fetch_one(c, "https://127.0.0.1:" + std::to_string(server.port()) + "/fhir", search_for("Observation"),
                      std::chrono::milliseconds(500))
                .how,
            completeness::failed);
}

}  // namespace
}  // namespace mainstay::fhir::client::test
