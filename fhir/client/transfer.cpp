#include "fhir/client/transfer.hpp"

#include <algorithm>
#include <new>

namespace mainstay::fhir::client {
namespace {

// Constant texts only: libcurl's own carry the URL, and with it the patient's id.
std::string reason(CURLcode code) {
  switch (code) {
    case CURLE_OK: return {};
    case CURLE_OPERATION_TIMEDOUT: return "timeout";
    case CURLE_COULDNT_CONNECT: return "connection refused";
    case CURLE_COULDNT_RESOLVE_HOST: return "cannot resolve host";
    case CURLE_URL_MALFORMAT: return "url not understood";
    case CURLE_PARTIAL_FILE: return "truncated";
    case CURLE_BAD_CONTENT_ENCODING: return "encoding not understood";
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return "connection lost";
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY: return "not http";
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_SHUTDOWN_FAILED: return "tls";
    default: return "transfer failed";
  }
}

bool knows_gzip() {
  static const bool known = (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_LIBZ) != 0;
  return known;
}

long milliseconds_until(steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now()).count();
  return static_cast<long>(std::clamp<long long>(left, 1, 24LL * 3600 * 1000));
}

void append(header_list& list, const std::string& text) {
  curl_slist* longer = curl_slist_append(list.get(), text.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

template <typename T>
void set(CURL* easy, CURLoption option, T value) {
  // An option that this libcurl lacks would silently take a protection away.
  if (curl_easy_setopt(easy, option, value) != CURLE_OK) throw std::runtime_error("libcurl refuses an option");
}

}  // namespace

bool is_bearer_token(std::string_view token) {
  const std::size_t end = token.find_last_not_of('=');
  if (end == std::string_view::npos) return false;
  return std::all_of(token.begin(), token.begin() + static_cast<std::ptrdiff_t>(end) + 1, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~+/").find(c) != std::string_view::npos;
  });
}

transfer::transfer(call c, const secret& token, const options& o, std::function<void(reply)> done)
    : call_(std::move(c)), done_(std::move(done)), body_limit_(o.body_bytes), header_left_(o.header_bytes), easy_(curl_easy_init()) {
  if (!easy_) throw std::bad_alloc();
  CURL* easy = easy_.get();
  const long left = milliseconds_until(call_.deadline);
  set(easy, CURLOPT_URL, call_.url.c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_PROXY, "");  // else http_proxy in the environment would be given the data, even for 127.0.0.1
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!o.ca_file.empty()) set(easy, CURLOPT_CAINFO, o.ca_file.c_str());
  set(easy, CURLOPT_NOSIGNAL, 1L);
  // The time that a transfer waits for a connection counts too (curl issue 437), so it is the request's remaining time.
  set(easy, CURLOPT_TIMEOUT_MS, left);
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, std::clamp(static_cast<long>(o.connect_timeout.count()), 1L, left));
  // Without it libcurl waits for a slow name server when a transfer is given up, and with it everything on this thread.
  set(easy, CURLOPT_QUICK_EXIT, 1L);
  // A page of results shrinks some 40-fold. The limits count what comes out of it, so that a bomb ends there.
  if (knows_gzip()) set(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  set(easy, CURLOPT_USERAGENT, o.user_agent.c_str());
  set(easy, CURLOPT_WRITEFUNCTION, &transfer::on_body);
  set(easy, CURLOPT_WRITEDATA, this);
  set(easy, CURLOPT_HEADERFUNCTION, &transfer::on_header);
  set(easy, CURLOPT_HEADERDATA, this);

  if (call_.accept.empty())
    call_.accept = call_.content_type.starts_with("application/json") ? "application/json, application/fhir+json" : "application/fhir+json";
  append(headers_, "Accept: " + call_.accept);
  // HAPI answers a repeated search from a store of 60 s otherwise, also after a write.
  append(headers_, "Cache-Control: no-cache");
  if (!token.empty()) append(headers_, "Authorization: Bearer " + token.reveal());
  if (call_.method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
  } else if (call_.method != "GET" || !call_.body.empty()) {
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call_.body.size()));
    set(easy, CURLOPT_POSTFIELDS, call_.body.c_str());
    set(easy, CURLOPT_CUSTOMREQUEST, call_.method.c_str());
    append(headers_, "Expect:");
    append(headers_, call_.content_type.empty() ? "Content-Type:" : "Content-Type: " + call_.content_type);
  }
  set(easy, CURLOPT_HTTPHEADER, headers_.get());
}

std::size_t transfer::on_body(char* data, std::size_t, std::size_t size, void* self) noexcept {
  transfer& t = *static_cast<transfer*>(self);
  const bool fits = size <= t.body_limit_ - t.body_.size() && (!t.call_.budget || size <= *t.call_.budget);
  if (!fits) {
    t.too_large_ = true;
    return 0;
  }
  try {
    t.body_.append(data, size);
  } catch (const std::bad_alloc&) {
    t.too_large_ = true;
    return 0;
  }
  if (t.call_.budget) *t.call_.budget -= size;
  return size;
}

std::size_t transfer::on_header(char*, std::size_t, std::size_t size, void* self) noexcept {
  transfer& t = *static_cast<transfer*>(self);
  if (size > t.header_left_) {
    t.too_large_ = true;
    return 0;
  }
  t.header_left_ -= size;
  return size;
}

reply transfer::take_reply(CURLcode code) {
  reply r;
  r.error = too_large_ ? "too large" : reason(code);
  long status = 0;
  if (curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status >= 200)
    r.status = static_cast<unsigned>(status);
  const char* type = nullptr;
  if (curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type != nullptr) r.content_type = type;
  curl_header* header = nullptr;
  if (curl_easy_header(easy_.get(), "Retry-After", 0, CURLH_HEADER, -1, &header) == CURLHE_OK) r.retry_after = header->value;
  header = nullptr;
  while (call_.keep_headers && (header = curl_easy_nextheader(easy_.get(), CURLH_HEADER, -1, header))) {
    std::string name = header->name;
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    r.headers.emplace_back(std::move(name), header->value);
  }
  r.body = std::move(body_);
  return r;
}

}  // namespace mainstay::fhir::client
