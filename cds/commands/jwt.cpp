#include "cds/commands/jwt.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <stdexcept>
#include <vector>

namespace mainstay::cds::commands {

namespace {
struct releases {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
using key_handle = std::unique_ptr<EVP_PKEY, releases>;

[[noreturn]] void cannot_sign() { throw std::runtime_error("OpenSSL cannot sign a token"); }

key_handle make_key(jwt_algorithm a) {
  key_handle key(a == jwt_algorithm::es384 ? EVP_EC_gen("P-384") : EVP_RSA_gen(2048));
  if (!key) cannot_sign();
  return key;
}

std::string signature_of(EVP_PKEY* key, std::string_view text) {
  const std::unique_ptr<EVP_MD_CTX, releases> context(EVP_MD_CTX_new());
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha384(), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, data, text.size()) != 1)
    cannot_sign();
  std::string out(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, data, text.size()) != 1) cannot_sign();
  out.resize(size);
  return out;
}

// RFC 7518 section 3.4: R and S as 48 bytes each, where OpenSSL gives them as DER.
std::string raw_es384(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<ECDSA_SIG, releases> signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  constexpr int half = 48;
  std::string out(2 * half, '\0');
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), to, half) != half ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), to + half, half) != half)
    cannot_sign();
  return out;
}
}  // namespace

std::string_view to_text(jwt_algorithm a) { return a == jwt_algorithm::es384 ? "ES384" : "RS384"; }

std::string base64url(std::string_view bytes) {
  std::vector<unsigned char> text(4 * ((bytes.size() + 2) / 3) + 1);
  const int size = EVP_EncodeBlock(text.data(), reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  std::string out(text.begin(), text.begin() + size);
  while (out.ends_with('=')) out.pop_back();
  for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

std::string sign_jwt(jwt_algorithm a, std::string_view header, std::string_view claims) {
  const std::string text = base64url(header) + "." + base64url(claims);
  const auto key = make_key(a);
  const std::string signature = signature_of(key.get(), text);
  return text + "." + base64url(a == jwt_algorithm::es384 ? raw_es384(signature) : signature);
}

}  // namespace mainstay::cds::commands
