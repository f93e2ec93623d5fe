#include "web/http_server.h"

#include <fcntl.h>
#include <pthread.h>

#include <array>
#include <csignal>
#include <list>
#include <optional>
#include <thread>
#include <utility>

// ThreadSanitizer knows no fences; with one thread in the loop, its lock orders all that they
// would.
#ifdef __SANITIZE_THREAD__
#define BOOST_ASIO_DISABLE_FENCED_BLOCK
#endif

// Asio 1.74 uses std::exchange without this header in C++20: it stays above.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "web/listening_socket.h"

namespace promster {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = net::ip::tcp;
using std::chrono::milliseconds;

// For how many bytes a refused client is listened to, so that it can read why: a close with unread
// input would reset the connection under the answer.
constexpr std::size_t kLingerBytes = 256 << 10;
// Bytes that the parser may hold back beside a header; an extension of a chunk could be endless.
constexpr std::size_t kMostUnread = 8 << 10;
// Connections above the limit that are told so at one time; others are just closed.
constexpr std::size_t kMostRefusals = 64;
// After an accept that failed (no descriptors left), before the next.
constexpr milliseconds kAcceptPause{100};

// One listening address.
struct Listener {
  Listener(net::io_context& io, ListeningSocket socket)
      : port(socket.port()),
        acceptor(io, socket.is_ipv6() ? tcp::v6() : tcp::v4(), socket.release()),
        pause(io) {}
  std::uint16_t port;
  tcp::acceptor acceptor;
  net::steady_timer pause;
};

using Parser = http::request_parser<http::string_body>;

// What a request line has beside method and target: two spaces and the version.
constexpr std::size_t kAroundTarget = 10;

int status_of(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == beast::error::timeout) return 408;
  const bool protocol = error.category() == make_error_code(http::error::bad_method).category();
  const bool ended = error == http::error::end_of_stream || error == http::error::partial_message;
  return protocol && !ended ? 400 : 0;  // 0: the client is gone
}

// What is wrong with a well-formed header, as a status; 0: nothing.
int objection_to(const Parser::value_type& head, const HttpLimits& limits) {
  const std::size_t line = head.method_string().size() + head.target().size() + kAroundTarget;
  if (line > limits.request_line) return 414;
  std::size_t fields = 0;
  std::size_t bytes = 0;
  for (const auto& field : head) {
    ++fields;
    bytes += field.name_string().size() + field.value().size() + 4;
  }
  if (fields > limits.fields || bytes > limits.header) return 431;
  if (head.version() == 11 && head.count(http::field::host) != 1) return 400;
  if (head.count(http::field::content_length) > 1) return 400;
  if (head.count(http::field::transfer_encoding) > 0) {
    if (head.count(http::field::content_length) > 0 || head.version() < 11) return 400;
    if (!beast::iequals(head[http::field::transfer_encoding], "chunked")) return 501;
  }
  // No answer of ours depends on a body so long that a client should ask first.
  return head.count(http::field::expect) > 0 ? 417 : 0;
}

std::string text_of(beast::string_view view) {
  return {view.data(), view.size()};
}

std::string text_of(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string host = endpoint.address().is_v6() ? "[" + address + "]" : address;
  return host + ":" + std::to_string(endpoint.port());
}

WebRequest request_of(const Parser::value_type& head) {
  WebRequest request;
  request.method = text_of(head.method_string());
  for (const auto& field : head) {
    request.headers.emplace_back(text_of(field.name_string()), text_of(field.value()));
  }
  return request;
}

}  // namespace

// Everything that lives on the server's thread.
class HttpServer::Loop {
 public:
  Loop(HttpServerOptions options, WebHandler handler)
      : options_(std::move(options)), handler_(std::move(handler)) {}
  ~Loop();

  Result<void> listen();
  void start();
  std::uint16_t port(std::size_t i) const { return listeners_.at(i)->port; }

 private:
  class Session;
  using Sessions = std::list<std::shared_ptr<Session>>;

  void accept(Listener& listener);
  void accept_later(Listener& listener);
  void admit(tcp::socket socket);
  bool evict();
  void close_all();
  std::size_t open() const { return waiting_.size() + answering_.size(); }
  void count_refusal(int status) const {
    if (options_.refused) options_.refused(status);
  }

  HttpServerOptions options_;
  WebHandler handler_;
  net::io_context io_{1};
  std::vector<std::unique_ptr<Listener>> listeners_;
  Sessions waiting_;    // without a complete request, the longest wait first
  Sessions answering_;  // being written to
  bool stopping_ = false;
  std::thread thread_;
};

// One connection. A handler that is pending keeps it alive; a list of the loop knows it while it is
// open.
class HttpServer::Loop::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Loop& loop, tcp::socket socket)
      : loop_(loop), stream_(std::move(socket)), buffer_(kMostUnread + header_limit()) {}

  // `refused` says that there is no room for it.
  void start(bool refused);
  void close();

 private:
  using Step = void (Session::*)(const error_code&, std::size_t);

  // A handler that goes on with `step`, unless the session was closed meanwhile.
  auto then(Step step) {
    return [self = shared_from_this(), step](const error_code& error, std::size_t bytes) {
      if (self->list_ != nullptr) ((*self).*step)(error, bytes);
    };
  }

  std::size_t header_limit() const {
    return loop_.options_.limits.request_line + loop_.options_.limits.header;
  }
  void move_to(Sessions& list);
  void refuse(int status);
  void wait_for_request();
  void read_head(const error_code& error, std::size_t bytes);
  void take_head(const error_code& error, std::size_t bytes);
  void take_body(const error_code& error, std::size_t bytes);
  void send(WebResponse response, bool keep_alive);
  void sent(const error_code& error, std::size_t bytes);
  void linger(const error_code& error, std::size_t bytes);

  Loop& loop_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  WebRequest request_;
  std::string head_, body_;  // of the answer
  bool keep_alive_ = false;
  std::array<char, 4096> ignored_;
  std::size_t ignored_bytes_ = 0;
  Sessions* list_ = nullptr;  // null once closed
  Sessions::iterator place_;
};

void HttpServer::Loop::Session::start(bool refused) {
  loop_.waiting_.push_back(shared_from_this());
  list_ = &loop_.waiting_;
  place_ = std::prev(list_->end());
  error_code ignored;
  stream_.socket().set_option(tcp::no_delay(true), ignored);
  refused ? refuse(503) : wait_for_request();
}

void HttpServer::Loop::Session::refuse(int status) {
  loop_.count_refusal(status);
  send(plain_answer(status), false);
}

void HttpServer::Loop::Session::close() {
  if (list_ == nullptr) return;
  const auto self = shared_from_this();  // the list may hold the last reference
  std::exchange(list_, nullptr)->erase(place_);
  stream_.close();
}

void HttpServer::Loop::Session::move_to(Sessions& list) {
  list.splice(list.end(), *list_, place_);
  list_ = &list;
}

void HttpServer::Loop::Session::wait_for_request() {
  move_to(loop_.waiting_);
  if (buffer_.size() > 0) return read_head({}, 0);  // pipelined
  stream_.expires_after(loop_.options_.limits.idle_time);
  stream_.async_read_some(buffer_.prepare(ignored_.size()), then(&Session::read_head));
}

void HttpServer::Loop::Session::read_head(const error_code& error, std::size_t bytes) {
  if (error) return close();
  buffer_.commit(bytes);
  const HttpLimits& limits = loop_.options_.limits;
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(header_limit()));
  parser_->body_limit(limits.body);
  stream_.expires_after(limits.header_time);
  http::async_read_header(stream_, buffer_, *parser_, then(&Session::take_head));
}

void HttpServer::Loop::Session::take_head(const error_code& error, std::size_t) {
  const Parser::value_type& head = parser_->get();
  if (const int status = error ? status_of(error) : objection_to(head, loop_.options_.limits)) {
    // A connection that ran out of time is closed already: there is nobody to tell.
    if (status != 408) return refuse(status);
    loop_.count_refusal(status);
  }
  if (error) return close();
  request_ = request_of(head);
  if (!parse_request_target(text_of(head.target()), request_)) return refuse(400);
  error_code ignored;
  request_.local_port = stream_.socket().local_endpoint(ignored).port();
  request_.remote = text_of(stream_.socket().remote_endpoint(ignored));
  if (parser_->is_done()) return take_body({}, 0);
  stream_.expires_after(loop_.options_.limits.idle_time);
  http::async_read(stream_, buffer_, *parser_, then(&Session::take_body));
}

void HttpServer::Loop::Session::take_body(const error_code& error, std::size_t) {
  if (error) {
    const int status = status_of(error);
    return status == 0 || status == 408 ? close() : refuse(status);
  }
  request_.body = std::move(parser_->get().body());
  WebResponse response = settled(loop_.handler_(request_));
  if (response.events) response = plain_answer(204);
  send(std::move(response), parser_->get().keep_alive());
}

void HttpServer::Loop::Session::send(WebResponse response, bool keep_alive) {
  move_to(loop_.answering_);
  keep_alive_ = keep_alive;
  head_ = render_head(response, keep_alive);
  // The length is told, but the body left out: HEAD (RFC 9110, 9.3.2).
  const bool bare = request_.method == "HEAD" || response.status == 204 || response.status == 304;
  body_ = bare ? std::string() : std::move(response.body);
  request_ = {};
  stream_.expires_after(loop_.options_.limits.idle_time);
  const std::array<net::const_buffer, 2> buffers{net::buffer(head_), net::buffer(body_)};
  net::async_write(stream_, buffers, then(&Session::sent));
}

void HttpServer::Loop::Session::sent(const error_code& error, std::size_t) {
  if (error) return close();
  body_ = {};
  if (keep_alive_) return wait_for_request();
  error_code failed;
  stream_.socket().shutdown(tcp::socket::shutdown_send, failed);
  if (failed) return close();
  move_to(loop_.waiting_);
  stream_.expires_after(loop_.options_.limits.linger_time);
  linger({}, 0);
}

void HttpServer::Loop::Session::linger(const error_code& error, std::size_t bytes) {
  ignored_bytes_ += bytes;
  if (error || ignored_bytes_ > kLingerBytes) return close();
  stream_.async_read_some(net::buffer(ignored_), then(&Session::linger));
}

Result<void> HttpServer::Loop::listen() {
  for (const std::string& text : options_.listen) {
    auto socket = ListeningSocket::open(text);
    if (!socket) return std::move(socket).error();
    listeners_.push_back(std::make_unique<Listener>(io_, std::move(*socket)));
  }
  return {};
}

// The thread takes no signals: they are for those who wait for them.
void HttpServer::Loop::start() {
  for (const auto& listener : listeners_) accept(*listener);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { io_.run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

HttpServer::Loop::~Loop() {
  if (!thread_.joinable()) return;
  net::post(io_, [this] { close_all(); });
  thread_.join();
}

// Without open sockets and timers nothing is left to wait for, and run() returns.
void HttpServer::Loop::close_all() {
  stopping_ = true;
  for (const auto& listener : listeners_) {
    error_code ignored;
    listener->acceptor.close(ignored);
    listener->pause.cancel();
  }
  for (Sessions* sessions : {&waiting_, &answering_}) {
    while (!sessions->empty()) sessions->front()->close();
  }
}

void HttpServer::Loop::accept(Listener& listener) {
  listener.acceptor.async_accept([this, &listener](const error_code& error, tcp::socket socket) {
    if (stopping_) return;
    if (error) return accept_later(listener);
    admit(std::move(socket));
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

void HttpServer::Loop::admit(tcp::socket socket) {
  const std::size_t most = options_.limits.connections;
  while (open() >= most && evict()) {
  }
  if (open() >= most + kMostRefusals) return count_refusal(503);
  const bool refused = open() >= most;
  // Asio accepts without it, and programs that are started must not keep our clients' connections.
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
  const auto session = std::make_shared<Session>(*this, std::move(socket));
  session->start(refused);
}

bool HttpServer::Loop::evict() {
  if (waiting_.empty()) return false;
  waiting_.front()->close();
  return true;
}

HttpServer::HttpServer(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerOptions options,
                                                      WebHandler handler) {
  auto loop = std::make_unique<Loop>(std::move(options), std::move(handler));
  if (auto listening = loop->listen(); !listening) return listening.error();
  loop->start();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(loop)));
}

std::uint16_t HttpServer::port(std::size_t i) const {
  return loop_->port(i);
}

void HttpServer::publish(std::string, std::string) {}

}  // namespace promster
