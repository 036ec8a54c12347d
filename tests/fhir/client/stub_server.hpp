// A small blocking HTTP server for the client's tests: a thread a connection, one handler that gives the bytes of each
// answer. Threads: the handler runs on many; the accessors may be called from any.
#pragma once

#include <sys/socket.h>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mainstay::fhir::client::test {

struct stub_request {
  std::string method, target, head, body;
  bool has_header(std::string_view line_start) const {
    return head.find("\r\n" + std::string(line_start)) != std::string::npos;
  }
};

/// The bytes of an answer with Content-Length.
inline std::string answer(unsigned status, std::string_view body, std::string_view more_headers = {}) {
  return "HTTP/1.1 " + std::to_string(status) +
         " \r\nContent-Type: application/fhir+json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(more_headers) + "\r\n" + std::string(body);
}

class stub_server {
 public:
  /// Gives the bytes to send; empty: the connection is closed without an answer.
  using handler = std::function<std::string(const stub_request&)>;

  explicit stub_server(handler h, std::unique_ptr<boost::asio::ssl::context> tls = nullptr)
      : handler_(std::move(h)), tls_(std::move(tls)), acceptor_(io_, {boost::asio::ip::make_address("127.0.0.1"), 0}) {
    port_ = acceptor_.local_endpoint().port();
    accepting_ = std::thread([this] { accept(); });
  }
  ~stub_server() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      for (auto& c : connections_) ::shutdown(c.socket.native_handle(), SHUT_RDWR);
    }
    changed_.notify_all();
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    accepting_.join();
    for (auto& c : connections_) c.thread.join();
  }
  stub_server(const stub_server&) = delete;
  stub_server& operator=(const stub_server&) = delete;

  unsigned short port() const { return port_; }
  std::string origin() const { return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_); }
  std::string base() const { return origin() + "/fhir"; }
  std::size_t connections() const {
    const std::lock_guard lock(mutex_);
    return connections_.size();
  }
  std::vector<stub_request> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  /// Waits until so many requests have come (in all); false when the server stops first.
  bool wait_for_requests(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return requests_.size() >= count || stopping_; });
    return requests_.size() >= count;
  }
  /// For an answer that never comes.
  void wait_for_stop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopping_; });
  }

 private:
  using tcp = boost::asio::ip::tcp;
  struct connection {
    explicit connection(tcp::socket s) : socket(std::move(s)) {}
    tcp::socket socket;
    std::thread thread;
  };

  void accept() {
    while (true) {
      boost::system::error_code error;
      tcp::socket socket = acceptor_.accept(error);
      const std::lock_guard lock(mutex_);
      if (stopping_ || error) return;
      connection& c = connections_.emplace_back(std::move(socket));
      c.thread = std::thread([this, &c] { run(c); });
    }
  }
  void run(connection& c) {
    boost::system::error_code error;
    if (tls_) {
      boost::asio::ssl::stream<tcp::socket&> stream(c.socket, *tls_);
      stream.handshake(boost::asio::ssl::stream_base::server, error);
      if (!error) serve(stream);
    } else {
      serve(c.socket);
    }
    ::shutdown(c.socket.native_handle(), SHUT_RDWR);
  }
  template <typename Stream>
  void serve(Stream& stream) {
    std::string buffer;
    while (true) {
      boost::system::error_code error;
      const std::size_t head = boost::asio::read_until(stream, boost::asio::dynamic_buffer(buffer), "\r\n\r\n", error);
      if (error) return;
      stub_request r;
      r.head = buffer.substr(0, head);
      buffer.erase(0, head);
      r.method = r.head.substr(0, r.head.find(' '));
      const std::size_t at = r.method.size() + 1;
      r.target = r.head.substr(at, r.head.find(' ', at) - at);
      if (const std::size_t length = r.head.find("\r\nContent-Length: "); length != std::string::npos) {
        const std::size_t size = std::stoul(r.head.substr(length + 18));
        if (size > buffer.size())
          boost::asio::read(stream, boost::asio::dynamic_buffer(buffer),
                            boost::asio::transfer_exactly(size - buffer.size()), error);
        if (error) return;
        r.body = buffer.substr(0, size);
        buffer.erase(0, size);
      }
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(r);
      }
      changed_.notify_all();
      const std::string bytes = handler_(r);
      if (bytes.empty()) return;
      boost::asio::write(stream, boost::asio::buffer(bytes), error);
      if (error || bytes.find("Connection: close") != std::string::npos) return;
    }
  }

  handler handler_;
  std::unique_ptr<boost::asio::ssl::context> tls_;
  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  unsigned short port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::list<connection> connections_;  // a list: threads keep references
  std::vector<stub_request> requests_;
  bool stopping_ = false;
  std::thread accepting_;
};

}  // namespace mainstay::fhir::client::test
