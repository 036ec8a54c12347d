#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "cds/hooks/hooks.hpp"

namespace mainstay::cds::hooks {

std::string uuid_v5(std::string_view name) {
  // a8b875fe-45e1-4617-92a3-182044e93685: ours, drawn once; a change of it would change every card's uuid.
  static constexpr std::array<unsigned char, 16> name_space{0xa8, 0xb8, 0x75, 0xfe, 0x45, 0xe1, 0x46, 0x17,
                                                            0x92, 0xa3, 0x18, 0x20, 0x44, 0xe9, 0x36, 0x85};
  return uuid_v5(name_space, name);
}

// RFC 9562 section 5.5: SHA-1 over the namespace's octets and the name, its first 16 octets, then version and variant.
std::string uuid_v5(std::span<const unsigned char, 16> name_space, std::string_view name) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha1(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), name_space.data(), name_space.size()) != 1 ||
      EVP_DigestUpdate(context.get(), name.data(), name.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1)
    throw std::runtime_error("SHA-1 is not available from OpenSSL");
  digest[6] = static_cast<unsigned char>((digest[6] & 0x0f) | 0x50);
  digest[8] = static_cast<unsigned char>((digest[8] & 0x3f) | 0x80);

  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 0x0f];
  }
  return text;
}

}  // namespace mainstay::cds::hooks
