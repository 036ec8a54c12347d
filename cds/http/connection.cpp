#include "cds/http/connection.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "cds/http/text.hpp"

namespace mainstay::cds::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
/// Bytes read ahead of the parser: bounds a pipeliner and one chunk header.
constexpr std::size_t read_ahead = std::size_t{64} << 10;
constexpr std::size_t read_size = std::size_t{16} << 10;

constexpr refusal body_too_large{413, "too_large", "the body is larger than this server accepts"};
constexpr refusal bad_body{400, "bad_framing", "the body does not keep to its own framing"};
constexpr refusal bad_header{400, "bad_framing",
                             "the header must be lines of text, each ended by CR LF, and an empty line"};
constexpr refusal large_header{431, "header_too_large", "the header is larger than this server accepts"};
constexpr refusal slow_header{408, "timeout", "the header did not come in time"};
constexpr refusal slow_body{408, "timeout", "the body did not come in time"};
constexpr refusal busy{503, "busy", "too many connections; try again in a moment", 1};
constexpr refusal no_room{503, "busy", "too many large requests; try again in a moment", 1};

refusal too_often(rate::clock::duration wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  return {429, "too_often", "too many calls from this address; try again later", static_cast<unsigned>(seconds)};
}

/// A body's share of what all may hold; given back when it is destroyed.
class share {
 public:
  explicit share(shared& of) : of_(&of) {}
  share(share&& other) noexcept : of_(other.of_), size_(std::exchange(other.size_, 0)) {}
  share& operator=(share&& other) noexcept {
    std::swap(of_, other.of_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~share() { shrink(0); }
  bool take(std::size_t bytes) {
    std::size_t others = of_->body_bytes.fetch_add(bytes);
    size_ += bytes;
    return others <= of_->limits.total_body_bytes && bytes <= of_->limits.total_body_bytes - others;
  }
  void shrink(std::size_t bytes) {
    if (bytes >= size_) return;
    of_->body_bytes -= size_ - bytes;
    size_ = bytes;
  }

 private:
  shared* of_;
  std::size_t size_ = 0;
};

/// What goes into a header of ours must not start another one (RFC 9110 5.5).
bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

void check(const response& answer) {
  bool good = answer.status >= 200 && answer.status <= 599 && is_field_value(answer.content_type);
  for (const auto& [name, value] : answer.headers) {
    good = good && is_token(name) && is_field_value(value);
    // Framing is the server's business.
    for (std::string_view ours : {"content-length", "transfer-encoding", "connection", "content-type"})
      good = good && !equal_ignoring_case(name, ours);
  }
  if (!good) throw std::logic_error("the handler's answer has a status or header that cannot be sent");
}

beast::http::response<beast::http::string_body> to_message(response answer, bool close) {
  beast::http::response<beast::http::string_body> out;
  out.version(11);
  out.result(answer.status);
  for (const auto& [name, value] : answer.headers) out.insert(name, value);
  if (close) out.set(beast::http::field::connection, "close");
  // RFC 9110 8.6 and 15.4.5: these have no content, and a length would speak of another answer's.
  if (answer.status == 204 || answer.status == 304) return out;
  if (!answer.body.empty()) out.set(beast::http::field::content_type, answer.content_type);
  out.content_length(answer.body.size());
  out.body() = std::move(answer.body);
  return out;
}

}  // namespace

struct connection::inbox {
  explicit inbox(std::size_t limit) : buffer(limit) {}
  beast::flat_buffer buffer;
  std::string_view text() const { return {static_cast<const char*>(buffer.cdata().data()), buffer.size()}; }
};

struct connection::exchange {
  bool gone = false;  // nothing to answer, or nobody
  std::optional<refusal> refused;
  head what;
  std::optional<share> held;  // while the body is in memory
  static exchange refuse(const refusal& why, std::string_view method = {}) {
    exchange out;
    out.refused = why;
    out.what.fields.method = method;  // HEAD is answered without a body, refused or not
    return out;
  }
  static exchange over() {
    exchange out;
    out.gone = true;
    return out;
  }
};

void shared::report(std::string_view event, std::string_view detail) const {
  if (limits.report) limits.report(event, detail);
}

connection::connection(asio::ip::tcp::socket socket, std::shared_ptr<shared> common)
    : socket_(std::move(socket)),
      shared_(std::move(common)),
      timer_(socket_.get_executor()),
      inbox_(std::make_unique<inbox>(shared_->limits.header_bytes + read_ahead)) {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

connection::~connection() = default;

asio::awaitable<void> connection::serve() {
  while (!cut_) {
    exchange e = co_await read_request();
    if (e.gone) break;
    bool without_body = e.what.fields.method == "HEAD";
    bool close = e.refused || e.what.close;
    response answer;
    if (e.refused) {
      answer = answer_to(*e.refused);
    } else {
      answer = co_await call(std::move(e.what.fields));
      e.held.reset();
    }
    close = close || shared_->draining;
    bool sent = co_await send(std::move(answer), without_body, close);
    if (!sent) break;
    if (!close) continue;
    co_await linger();
    break;
  }
  disarm();
  error_code ignored;
  socket_.close(ignored);
}

asio::awaitable<void> connection::refuse() {
  response answer = answer_to(busy);
  bool sent = co_await send(std::move(answer), false, true);
  if (sent) co_await linger();
  disarm();
  error_code ignored;
  socket_.close(ignored);
}

asio::awaitable<connection::exchange> connection::read_request() {
  exchange e = co_await read_header();
  if (e.gone || e.refused || !e.what.has_body()) co_return e;
  if (auto wait = pause(); wait > wait.zero()) co_return exchange::refuse(too_often(wait), e.what.fields.method);
  e = co_await read_body(std::move(e.what));
  co_return e;
}

rate::clock::duration connection::pause() {
  if (shared_->limits.rate.every <= std::chrono::nanoseconds::zero()) return {};
  error_code gone;
  const auto caller = socket_.remote_endpoint(gone);
  return gone ? rate::clock::duration{} : shared_->pace.take(caller.address(), rate::clock::now());
}

asio::awaitable<connection::exchange> connection::read_header() {
  const options& limits = shared_->limits;
  header_scan scan;
  bool first_byte_seen = false;
  while (true) {
    std::string_view text = inbox_->text();
    if (!text.empty() && !first_byte_seen) {
      first_byte_seen = true;
      arm(limits.header_deadline, expiry::stop_reading);
    }
    header_scan::progress progress = scan.advance(text.substr(0, limits.header_bytes));
    if (progress == header_scan::progress::bad_byte) co_return exchange::refuse(bad_header);
    if (progress == header_scan::progress::complete) break;
    if (text.size() >= limits.header_bytes) co_return exchange::refuse(large_header);
    if (text.empty()) {
      if (shared_->draining) co_return exchange::over();
      arm(fresh_ ? limits.header_deadline : limits.idle_deadline, expiry::stop_reading);
      idle_ = true;
    }
    auto space = inbox_->buffer.prepare(std::min(read_size, inbox_->buffer.max_size() - text.size()));
    auto [ec, n] = co_await socket_.async_read_some(space, as_result);
    idle_ = false;
    inbox_->buffer.commit(n);
    if (expired_ && first_byte_seen) co_return exchange::refuse(slow_header);
    if (ec || expired_) co_return exchange::over();
  }
  disarm();
  std::string_view block = inbox_->text().substr(0, scan.size());
  auto checked = check_raw_header(block, limits);
  fresh_ = false;
  if (!checked) co_return exchange::refuse(checked.error(), block.substr(0, block.find(' ')));
  exchange out;
  out.what = std::move(*checked);
  if (!out.what.has_body()) inbox_->buffer.consume(scan.size());
  co_return out;
}

asio::awaitable<connection::exchange> connection::read_body(head what) {
  const options& limits = shared_->limits;
  share held(*shared_);
  if (!held.take(what.chunked ? limits.body_bytes : static_cast<std::size_t>(what.content_length)))
    co_return exchange::refuse(no_room, what.fields.method);
  beast::http::request_parser<beast::http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  parser.body_limit(limits.body_bytes);
  std::size_t extensions = 0;
  auto on_chunk = [&](std::uint64_t, beast::string_view text, error_code& ec) {
    extensions += text.size();
    if (extensions > limits.chunk_extension_bytes) ec = beast::http::error::bad_chunk_extension;
  };
  parser.on_chunk_header(on_chunk);
  error_code ec;
  std::size_t used = parser.put(inbox_->buffer.cdata(), ec);
  // The gate let it through, so this is Beast refusing more than we do: then so do we.
  if (ec || !parser.is_header_done()) co_return exchange::refuse(bad_header, what.fields.method);
  inbox_->buffer.consume(used);
  if (what.expects_continue && inbox_->buffer.size() == 0) {
    static constexpr std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
    arm(limits.write_deadline, expiry::close);
    auto bytes = asio::buffer(interim);
    auto [failed, written] = co_await asio::async_write(socket_, bytes, as_result);
    if (failed || expired_) co_return exchange::over();
  }
  arm(limits.body_deadline, expiry::stop_reading);
  auto [failed, n] = co_await beast::http::async_read(socket_, inbox_->buffer, parser, as_result);
  disarm();
  if (failed) {
    static const auto& framing_errors = beast::http::make_error_code(beast::http::error::body_limit).category();
    bool grew = failed == beast::http::error::body_limit;
    if (!grew && !expired_ && failed.category() != framing_errors) co_return exchange::over();
    co_return exchange::refuse(grew ? body_too_large : expired_ ? slow_body : bad_body, what.fields.method);
  }
  exchange out;
  out.what = std::move(what);
  out.what.fields.body = std::move(parser.get().body());
  held.shrink(out.what.fields.body.size());
  out.held.emplace(std::move(held));
  co_return out;
}

asio::awaitable<response> connection::call(request incoming) {
  std::string what;
  try {
    response answer = co_await shared_->handle(std::move(incoming));
    check(answer);
    co_return answer;
  } catch (const std::exception& e) {
    what = e.what();
  } catch (...) {
    what = "not a std::exception";
  }
  if (cut_) co_return response{};
  co_return internal_error(what);
}

response connection::internal_error(std::string_view what) {
  std::string id = shared_->id_prefix + "-" + std::to_string(++shared_->failures);
  shared_->report("handler_exception", id + " " + std::string(what));
  response out;
  out.status = 500;
  out.content_type = shared_->limits.error_content_type;
  out.body = shared_->body_of_error(500, "internal_error",
                                    "this is a fault of the server; its log says more under id `" + id + "`");
  return out;
}

response connection::answer_to(const refusal& why) const {
  response out;
  out.status = why.status;
  out.content_type = shared_->limits.error_content_type;
  out.body = shared_->body_of_error(why.status, why.code, why.message);
  if (why.retry_after > 0) out.headers.emplace_back("Retry-After", std::to_string(why.retry_after));
  return out;
}

asio::awaitable<bool> connection::send(response answer, bool without_body, bool close) {
  auto message = to_message(std::move(answer), close);
  beast::http::response_serializer<beast::http::string_body> serializer(message);
  arm(shared_->limits.write_deadline, expiry::close);
  error_code failed;
  if (without_body) {
    auto [ec, n] = co_await beast::http::async_write_header(socket_, serializer, as_result);
    failed = ec;
  } else {
    auto [ec, n] = co_await beast::http::async_write(socket_, serializer, as_result);
    failed = ec;
  }
  disarm();
  co_return !failed && !expired_;
}

asio::awaitable<void> connection::linger() {
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  arm(shared_->limits.linger_deadline, expiry::close);
  inbox_->buffer.consume(inbox_->buffer.size());
  while (!expired_) {
    auto space = inbox_->buffer.prepare(read_size);
    auto [ec, n] = co_await socket_.async_read_some(space, as_result);
    if (ec) break;
  }
}

void connection::arm(std::chrono::milliseconds total, expiry action) {
  disarm();
  expired_ = false;
  timer_.expires_after(total);
  auto on_time = [self = shared_from_this(), mine = armed_, action](error_code ec) {
    if (ec || mine != self->armed_) return;
    self->expired_ = true;
    error_code ignored;
    if (action == expiry::stop_reading)
      self->stop_reading();
    else
      self->socket_.close(ignored);
  };
  timer_.async_wait(std::move(on_time));
}

void connection::disarm() {
  ++armed_;
  timer_.cancel();
}

void connection::stop_reading() {
  // Unlike cancel() this also ends the next read of an operation that is between two, and loses no byte that has come.
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_receive, ignored);
}

void connection::drain() {
  auto act = [self = shared_from_this()] {
    if (self->idle_) self->stop_reading();
  };
  asio::post(socket_.get_executor(), std::move(act));
}

void connection::cut() {
  auto act = [self = shared_from_this()] {
    self->cut_ = true;
    self->disarm();
    error_code ignored;
    self->socket_.close(ignored);
    self->cancel_.emit(asio::cancellation_type::terminal);
  };
  asio::post(socket_.get_executor(), std::move(act));
}

}  // namespace mainstay::cds::http
