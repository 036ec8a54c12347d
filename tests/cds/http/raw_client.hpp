// A server in this process on a free port, and a blocking socket that sends any bytes: for the tests of the server.
#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstring>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cds/http/server.hpp"

namespace mainstay::cds::http::testing {

struct answer {
  unsigned status = 0;
  std::string head, body;
  bool has(std::string_view field) const { return head.find(field) != std::string::npos; }
};

class raw_client {
 public:
  explicit raw_client(unsigned short port, int receive_buffer = 0) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    timeval guard{60, 0};  // against a hang only; no test waits for it
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &guard, sizeof guard);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &guard, sizeof guard);
    if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0;
  }
  ~raw_client() { ::close(fd_); }
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  bool connected() const { return connected_; }
  /// False where the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  void end_of_sending() { ::shutdown(fd_, SHUT_WR); }

  /// The next answer, or nothing where the connection ends first.
  std::optional<answer> receive(bool to_head = false) {
    std::size_t end;
    while ((end = pending_.find("\r\n\r\n")) == std::string::npos)
      if (!more()) return std::nullopt;
    answer out;
    out.head = pending_.substr(0, end + 4);
    out.status = static_cast<unsigned>(std::stoul(out.head.substr(9, 3)));
    pending_.erase(0, end + 4);
    std::size_t length = 0;
    if (auto at = out.head.find("Content-Length: "); at != std::string::npos && !to_head)
      length = std::stoul(out.head.substr(at + 16));
    while (pending_.size() < length)
      if (!more()) return std::nullopt;
    out.body = pending_.substr(0, length);
    pending_.erase(0, length);
    return out;
  }
  /// Waits for the server's close; false where bytes come first (or the guard strikes).
  bool closed() {
    if (!pending_.empty()) return false;
    char c;
    ssize_t n = ::recv(fd_, &c, 1, 0);
    return n == 0 || (n < 0 && errno == ECONNRESET);
  }

 private:
  bool more() {
    char bytes[65536];
    ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
    if (n <= 0) return false;
    pending_.append(bytes, static_cast<std::size_t>(n));
    return true;
  }
  int fd_;
  bool connected_ = false;
  std::string pending_;
};

/// A running server with two workers; ends with the fixture.
class running {
 public:
  running(options o, handler h)
      : server_(std::make_unique<server>(
            on_, std::move(o), std::move(h), [](unsigned status, std::string_view code, std::string_view message) {
              return std::to_string(status) + " " + std::string(code) + ": " + std::string(message);
            })) {
    server_->start();
    on_.start();
  }
  ~running() {
    server_.reset();
    halt();
  }
  /// Ends the workers where they stand; afterwards nothing runs beside the caller.
  void halt() {
    on_.stop();
    on_.join();
  }
  running(const running&) = delete;
  running& operator=(const running&) = delete;
  server& operator*() { return *server_; }
  server* operator->() { return server_.get(); }
  boost::asio::io_context& io() { return on_.main(); }

 private:
  workers on_{2};
  std::unique_ptr<server> server_;
};

}  // namespace mainstay::cds::http::testing
