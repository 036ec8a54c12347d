#include "fhir/client/curl_handles.hpp"

#include <cstring>
#include <mutex>
#include <stdexcept>

namespace mainstay::fhir::client {

void header_list_deleter::operator()(curl_slist* list) const {
  for (curl_slist* at = list; at != nullptr; at = at->next) {
    volatile char* text = at->data;
    for (std::size_t i = 0, size = std::strlen(at->data); i < size; ++i) text[i] = '\0';
  }
  curl_slist_free_all(list);
}

void ensure_curl() {
  static std::once_flag once;
  static CURLcode code = CURLE_OK;
  std::call_once(once, [] { code = curl_global_init(CURL_GLOBAL_DEFAULT); });
  if (code != CURLE_OK) throw std::runtime_error("libcurl cannot be initialised");
}

}  // namespace mainstay::fhir::client
