#include "rules/pack/hash.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace mainstay::rules {

std::string hash_of(const std::vector<pack_file>& files) {
  std::vector<const pack_file*> sorted;
  for (const pack_file& f : files) sorted.push_back(&f);
  std::sort(sorted.begin(), sorted.end(), [](const pack_file* a, const pack_file* b) { return a->path < b->path; });

  struct free_context {
    void operator()(EVP_MD_CTX* c) const { EVP_MD_CTX_free(c); }
  };
  const std::unique_ptr<EVP_MD_CTX, free_context> context(EVP_MD_CTX_new());
  bool good = context != nullptr && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  const auto add = [&](std::string_view bytes) {
    good = good && EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1;
  };
  constexpr std::string_view nul("\0", 1);
  for (const pack_file* f : sorted) {
    add(f->path);
    add(nul);
    add(std::to_string(f->text.size()));
    add(nul);
    add(f->text);
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  good = good && EVP_DigestFinal_ex(context.get(), digest.data(), &length) == 1;
  if (!good) throw std::runtime_error("SHA-256 is not available");  // a broken OpenSSL, not a broken pack

  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < length; ++i) {
    out += digits[digest[i] >> 4U];
    out += digits[digest[i] & 15U];
  }
  return out;
}

}  // namespace mainstay::rules
