#include "web/http_server.h"

#include <fcntl.h>
#include <pthread.h>

#include <csignal>
#include <thread>
#include <utility>

// ThreadSanitizer knows no fences; with one thread in the loop, its lock orders all that they
// would.
#ifdef __SANITIZE_THREAD__
#define BOOST_ASIO_DISABLE_FENCED_BLOCK
#endif

// Asio 1.74 uses std::exchange without <utility> in C++20: it stays above.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "web/http_session.h"
#include "web/listening_socket.h"

namespace promster {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using tcp = net::ip::tcp;

// Connections above the limit that are told so at one time; others are just closed.
constexpr std::size_t kMostRefusals = 64;
// After an accept that failed (no descriptors left), before the next.
constexpr std::chrono::milliseconds kAcceptPause{100};

// One listening address.
struct Listener {
  Listener(net::io_context& io, ListeningSocket socket)
      : port(socket.port()),
        is_ipv6(socket.is_ipv6()),
        acceptor(io, socket.is_ipv6() ? tcp::v6() : tcp::v4(), socket.release()),
        pause(io) {}
  std::uint16_t port;
  bool is_ipv6;
  tcp::acceptor acceptor;
  net::steady_timer pause;
};

}  // namespace

// Everything that lives on the server's thread.
class HttpServer::Loop {
 public:
  Loop(HttpServerOptions options, WebHandler handler) {
    shared_.options = std::move(options);
    shared_.handler = std::move(handler);
  }
  ~Loop();

  Result<void> secure();
  Result<void> listen();
  void start();
  std::uint16_t port(std::size_t i) const { return listeners_.at(i)->port; }
  void publish(std::string name, std::string data);

 private:
  std::unique_ptr<Workers> workers(std::size_t threads, std::size_t most_waiting);
  void accept(Listener& listener);
  void accept_later(Listener& listener);
  void admit(tcp::socket socket, bool is_ipv6);
  bool evict();
  void send_event(const EventBytes& event);
  void keep_readers();
  void close_all();
  const HttpLimits& limits() const { return shared_.options.limits; }

  // Handlers that are pending when the context ends refer to what is shared: it goes last.
  HttpShared shared_;
  net::io_context io_{1};
  std::vector<std::unique_ptr<Listener>> listeners_;
  net::steady_timer event_pause_{io_};
  bool stopping_ = false;
  std::thread thread_;
};

Result<void> HttpServer::Loop::secure() {
  const WebConfig& config = shared_.options.config;
  if (!config.users.empty()) shared_.passwords.emplace(config.users);
  if (!config.tls.enabled()) return {};
  auto tls = TlsContext::make(config.tls);
  if (!tls) return tls.error();
  shared_.tls = std::move(*tls);
  return {};
}

Result<void> HttpServer::Loop::listen() {
  for (const std::string& text : shared_.options.listen) {
    auto socket = ListeningSocket::open(text);
    if (!socket) return std::move(socket).error();
    listeners_.push_back(std::make_unique<Listener>(io_, std::move(*socket)));
  }
  return {};
}

std::unique_ptr<Workers> HttpServer::Loop::workers(std::size_t threads, std::size_t most_waiting) {
  return std::make_unique<Workers>(threads, most_waiting, [this](std::function<void()> next) {
    net::post(io_, std::move(next));
  });
}

// The thread takes no signals: they are for those who wait for them.
void HttpServer::Loop::start() {
  shared_.workers = workers(limits().workers, limits().waiting_answers);
  shared_.asking_workers = workers(limits().asking_workers, limits().waiting_answers);
  shared_.password_worker = workers(1, limits().waiting_passwords);
  for (const auto& listener : listeners_) accept(*listener);
  keep_readers();
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { io_.run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

// Workers give back to the context, so they end before it.
HttpServer::Loop::~Loop() {
  if (!thread_.joinable()) return;
  net::post(io_, [this] { close_all(); });
  thread_.join();
  shared_.workers.reset();
  shared_.asking_workers.reset();
  shared_.password_worker.reset();
}

// Without open sockets and timers nothing is left to wait for, and run() returns.
void HttpServer::Loop::close_all() {
  stopping_ = true;
  for (const auto& listener : listeners_) {
    error_code ignored;
    listener->acceptor.close(ignored);
    listener->pause.cancel();
  }
  event_pause_.cancel();
  for (HttpSessions* sessions : {&shared_.waiting, &shared_.answering, &shared_.reading}) {
    while (!sessions->empty()) sessions->front()->close();
  }
}

void HttpServer::Loop::accept(Listener& listener) {
  listener.acceptor.async_accept([this, &listener](const error_code& error, tcp::socket socket) {
    if (stopping_) return;
    if (error) return accept_later(listener);
    admit(std::move(socket), listener.is_ipv6);
    accept(listener);
  });
}

// Most likely there are no descriptors left, which an idle connection can give back.
void HttpServer::Loop::accept_later(Listener& listener) {
  evict();
  listener.pause.expires_after(kAcceptPause);
  listener.pause.async_wait([this, &listener](const error_code&) {
    if (!stopping_) accept(listener);
  });
}

void HttpServer::Loop::admit(tcp::socket socket, bool is_ipv6) {
  const std::size_t most = limits().connections;
  while (shared_.open() >= most && evict()) {
  }
  if (shared_.open() >= most + kMostRefusals) return shared_.count_refusal(503);
  const bool refused = shared_.open() >= most;
  const int fd = socket.release();
  // Asio accepts without it, and programs that are started must not keep our clients' connections.
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  auto wire = std::make_unique<HttpWire>(io_, fd, is_ipv6, limits().request_line + limits().header);
  std::make_shared<HttpSession>(shared_, std::move(wire))->start(refused);
}

bool HttpServer::Loop::evict() {
  if (shared_.waiting.empty()) return false;
  shared_.waiting.front()->close();
  return true;
}

void HttpServer::Loop::publish(std::string name, std::string data) {
  net::post(io_, [this, name = std::move(name), data = std::move(data)] {
    send_event(shared_.events.add(name, data));
  });
}

// A reader that is closed leaves the list.
void HttpServer::Loop::send_event(const EventBytes& event) {
  const HttpSessions readers = shared_.reading;
  for (const auto& reader : readers) reader->send_event(event);
}

void HttpServer::Loop::keep_readers() {
  event_pause_.expires_after(limits().event_pause);
  event_pause_.async_wait([this](const error_code&) {
    if (stopping_) return;
    send_event(EventBook::keep_alive());
    keep_readers();
  });
}

HttpServer::HttpServer(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerOptions options,
                                                      WebHandler handler) {
  auto loop = std::make_unique<Loop>(std::move(options), std::move(handler));
  if (auto secured = loop->secure(); !secured) return secured.error();
  if (auto listening = loop->listen(); !listening) return listening.error();
  loop->start();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(loop)));
}

std::uint16_t HttpServer::port(std::size_t i) const {
  return loop_->port(i);
}

void HttpServer::publish(std::string name, std::string data) {
  loop_->publish(std::move(name), std::move(data));
}

}  // namespace promster
