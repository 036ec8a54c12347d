// A JSON Web Token as an EHR sends it (RFC 7519; CDS Hooks 2.0.1 "Trusting CDS Clients"), signed with a key that is made for it
// and thrown away: it has the form of a real one and proves nothing. For `mainstay call` alone; checking tokens is another matter.
#pragma once

#include <string>
#include <string_view>

namespace mainstay::cds::commands {

enum class jwt_algorithm { es384, rs384 };
/// "ES384", "RS384" (RFC 7518 section 3.1).
std::string_view to_text(jwt_algorithm a);

/// The compact form (RFC 7515 section 7.1) of two JSON texts, `header` with the `alg` that is meant. Throws std::runtime_error where
/// OpenSSL cannot sign.
std::string sign_jwt(jwt_algorithm a, std::string_view header, std::string_view claims);

/// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes);

}  // namespace mainstay::cds::commands
