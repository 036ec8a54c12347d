#include "cds/http/server.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <random>
#include <unordered_map>

#include "cds/http/connection.hpp"

namespace mainstay::cds::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
/// So many callers at once are told "503"; the rest of a flood is closed without a word.
constexpr std::size_t most_refusals = 64;

std::string random_prefix() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::random_device source;
  std::uniform_int_distribution<std::size_t> pick(0, digits.size() - 1);
  std::string out;
  for (int i = 0; i < 8; ++i) out.push_back(digits[pick(source)]);
  return out;
}

}  // namespace

/// `live`, `refusing` and `loads` are guarded by `mutex`; the acceptor, the timers and `waiters` belong to the first worker.
struct server::state : std::enable_shared_from_this<server::state> {
  state(workers& threads, options o, handler h, error_body e)
      : on(threads), acceptor(on.main()), backoff(on.main()), drain_limit(on.main()), loads(on.size()) {
    common = std::make_shared<shared>(std::move(o));
    common->handle = std::move(h);
    common->body_of_error = std::move(e);
    common->id_prefix = random_prefix();
    asio::ip::tcp::endpoint where(asio::ip::make_address(common->limits.address), common->limits.port);
    protocol = where.protocol();
    acceptor.open(protocol);
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(where);
    acceptor.listen();
    port = acceptor.local_endpoint().port();
  }

  asio::awaitable<void> accept() {
    while (acceptor.is_open()) {
      auto [ec, accepted] = co_await acceptor.async_accept(as_result);
      if (!acceptor.is_open()) break;
      if (!ec) {
        const std::size_t worker = least_loaded();
        admit(hand_over(std::move(accepted), on.at(worker)), worker);
      } else if (ec != asio::error::connection_aborted) {
        // Out of descriptors or memory: the waiting connection stays in the backlog, so trying at once would spin.
        common->report("accept_error", ec.message());
        backoff.expires_after(common->limits.accept_backoff);
        auto [aborted] = co_await backoff.async_wait(as_result);
        if (aborted) break;
      }
    }
  }

  /// What waits for a caller belongs to the first worker alone: a socket of another, held by it, would outlive its io_context.
  /// One that cannot be handed over is closed, and so ends at its first read.
  asio::ip::tcp::socket hand_over(asio::ip::tcp::socket accepted, asio::io_context& to) const {
    error_code failed;
    asio::ip::tcp::socket out(to);
    const auto handle = accepted.release(failed);
    if (failed) return out;
    out.assign(protocol, handle, failed);
    if (failed) ::close(handle);
    return out;
  }

  std::size_t least_loaded() {
    std::lock_guard lock(mutex);
    return static_cast<std::size_t>(std::min_element(loads.begin(), loads.end()) - loads.begin());
  }

  void admit(asio::ip::tcp::socket socket, std::size_t worker) {
    auto c = std::make_shared<connection>(std::move(socket), common);
    bool serve = false;
    {
      std::lock_guard lock(mutex);
      serve = live.size() < common->limits.connections;
      if (!serve && refusing.size() >= most_refusals) return;
      (serve ? live : refusing).emplace(c.get(), place{c, worker});
      ++loads[worker];
    }
    auto on_end = [self = shared_from_this(), c](std::exception_ptr failed) {
      // Nothing but a cut or a lack of memory ends a connection this way; it must not pass unseen.
      if (failed && !c->was_cut())
        self->common->report("connection_exception", "a connection was ended by an exception");
      self->gone(c);
    };
    asio::co_spawn(c->executor(), serve ? c->serve() : c->refuse(),
                   asio::bind_cancellation_slot(c->slot(), std::move(on_end)));
  }

  void gone(const std::shared_ptr<connection>& c) {
    bool last = false;
    {
      std::lock_guard lock(mutex);
      for (auto* of : {&live, &refusing})
        if (const auto at = of->find(c.get()); at != of->end()) {
          --loads[at->second.worker];
          of->erase(at);
        }
      last = live.empty();
    }
    if (last && common->draining) asio::post(on.main(), [self = shared_from_this()] { self->finish(); });
  }

  std::vector<std::shared_ptr<connection>> all() {
    std::lock_guard lock(mutex);
    std::vector<std::shared_ptr<connection>> out;
    for (const auto* of : {&live, &refusing})
      for (const auto& [key, at] : *of)
        if (auto c = at.of.lock()) out.push_back(std::move(c));
    return out;
  }

  std::size_t count() {
    std::lock_guard lock(mutex);
    return live.size();
  }

  void stop_accepting() {
    error_code ignored;
    acceptor.close(ignored);
    backoff.cancel();
  }

  void drain(std::chrono::milliseconds deadline, std::function<void()> done) {
    waiters.push_back(std::move(done));
    common->draining = true;
    stop_accepting();
    for (const auto& c : all()) c->drain();
    drain_limit.expires_after(deadline);
    drain_limit.async_wait([self = shared_from_this()](error_code ec) {
      if (ec) return;
      self->cut_all();
      self->finish();
    });
    if (count() == 0) finish();
  }

  void cut_all() {
    for (const auto& c : all()) c->cut();
  }

  void finish() {
    drain_limit.cancel();
    for (auto& done : std::exchange(waiters, {})) done();
  }

  workers& on;
  asio::ip::tcp::acceptor acceptor;
  asio::steady_timer backoff;
  asio::steady_timer drain_limit;
  std::shared_ptr<shared> common;
  std::mutex mutex;
  /// A connection belongs to its coroutine, and both to the worker: they end with it, whenever this does.
  struct place {
    std::weak_ptr<connection> of;
    std::size_t worker;
  };
  std::unordered_map<const connection*, place> live, refusing;
  std::vector<std::size_t> loads;  ///< connections of each worker
  std::vector<std::function<void()>> waiters;
  unsigned short port = 0;
  asio::ip::tcp protocol = asio::ip::tcp::v4();  ///< of the address that is listened on
};

server::server(workers& on, options o, handler h, error_body e)
    : state_(std::make_shared<state>(on, std::move(o), std::move(h), std::move(e))) {}

server::~server() {
  asio::post(state_->on.main(), [s = state_] {
    s->stop_accepting();
    s->cut_all();
  });
}

unsigned short server::port() const {
  return state_->port;
}

void server::start() {
  // An exception ends the loop only where memory is gone; the process's own watch then sees a closed port.
  auto on_end = [s = state_](std::exception_ptr failed) {
    if (failed) s->common->report("accept_error", "accepting ended by an exception");
  };
  asio::co_spawn(state_->on.main(), state_->accept(), std::move(on_end));
}

void server::drain(std::chrono::milliseconds deadline, std::function<void()> done) {
  asio::post(state_->on.main(),
             [s = state_, deadline, done = std::move(done)]() mutable { s->drain(deadline, std::move(done)); });
}

std::size_t server::connections() const {
  return state_->count();
}

}  // namespace mainstay::cds::http
