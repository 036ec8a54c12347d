// Owners of libcurl's handles, for the files of this folder.
#pragma once

#include <curl/curl.h>

#include <memory>

namespace mainstay::fhir::client {

struct easy_deleter {
  void operator()(CURL* h) const { curl_easy_cleanup(h); }
};
struct multi_deleter {
  void operator()(CURLM* h) const { curl_multi_cleanup(h); }
};
/// Overwrites the texts first: one of them may be a bearer token.
struct header_list_deleter {
  void operator()(curl_slist* list) const;
};
struct url_deleter {
  void operator()(CURLU* h) const { curl_url_cleanup(h); }
};
struct text_deleter {
  void operator()(char* text) const { curl_free(text); }
};

using easy_handle = std::unique_ptr<CURL, easy_deleter>;
using multi_handle = std::unique_ptr<CURLM, multi_deleter>;
using header_list = std::unique_ptr<curl_slist, header_list_deleter>;
using url_handle = std::unique_ptr<CURLU, url_deleter>;
using curl_text = std::unique_ptr<char, text_deleter>;

/// curl_global_init, once in the process; throws std::runtime_error when it fails.
void ensure_curl();

}  // namespace mainstay::fhir::client
