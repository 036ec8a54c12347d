#include "fhir/client/client.hpp"

namespace mainstay::fhir::client {

// Through a volatile pointer, so that the compiler may not leave the writes out.
secret::~secret() {
  volatile char* at = value_.data();
  for (std::size_t i = 0; i < value_.size(); ++i) at[i] = '\0';
}

}  // namespace mainstay::fhir::client
