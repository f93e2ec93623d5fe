#include "web/http_wire.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <optional>
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
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

namespace promster {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = net::ip::tcp;
using Parser = http::request_parser<http::string_body>;

// Bytes that the parser may hold back beside a head; an extension of a chunk could be endless.
constexpr std::size_t kMostUnread = 8 << 10;
constexpr std::size_t kFirstRead = 4096;
// For how many bytes a client is listened to after the last answer.
constexpr std::size_t kGoodbyeBytes = 256 << 10;
// What a request line has beside method and target: two spaces and the version.
constexpr std::size_t kAroundTarget = 10;
constexpr unsigned char kTlsHandshake = 22;  // RFC 8446, 5.1: the type of the first record

int status_of(const error_code& error) {
  if (!error) return HttpWire::kFine;
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == beast::error::timeout) return 408;
  const bool protocol = error.category() == make_error_code(http::error::bad_method).category();
  const bool ended = error == http::error::end_of_stream || error == http::error::partial_message;
  return protocol && !ended ? 400 : HttpWire::kGone;
}

std::string text_of(beast::string_view view) {
  return {view.data(), view.size()};
}

net::ip::address plain_address(const net::ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6());
}

HttpHead head_of(const Parser::value_type& parsed) {
  HttpHead head;
  head.request.method = text_of(parsed.method_string());
  for (const auto& field : parsed) {
    head.request.headers.emplace_back(text_of(field.name_string()), text_of(field.value()));
  }
  head.target = text_of(parsed.target());
  head.line_bytes = head.request.method.size() + head.target.size() + kAroundTarget;
  head.version = static_cast<int>(parsed.version());
  head.keep_alive = parsed.keep_alive();
  return head;
}

}  // namespace

// TCP, and TLS over it once that was started: to Asio and Beast one stream.
struct HttpWire::Stream {
  using executor_type = beast::tcp_stream::executor_type;

  Stream(tcp::socket socket, std::size_t most_buffered)
      : link(std::move(socket)), buffer(most_buffered) {}

  executor_type get_executor() { return link.get_executor(); }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    if (tls) return tls->async_read_some(buffers, std::forward<Handler>(handler));
    link.async_read_some(buffers, std::forward<Handler>(handler));
  }
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (tls) return tls->async_write_some(buffers, std::forward<Handler>(handler));
    link.async_write_some(buffers, std::forward<Handler>(handler));
  }

  beast::tcp_stream link;
  std::optional<net::ssl::stream<beast::tcp_stream&>> tls;
  beast::flat_buffer buffer;
  std::optional<Parser> parser;
  HttpHead head;
  std::string out_head, out_body;  // being written
  std::array<char, 4096> dropped;
  std::size_t bytes_to_drop = 0;
  Told dropping;
};

namespace {

auto teller(HttpWire::Told told) {
  return [told = std::move(told)](const error_code& error, std::size_t) { told(status_of(error)); };
}

}  // namespace

HttpWire::HttpWire(net::io_context& io, int fd, bool is_ipv6, std::size_t most_head)
    : stream_(std::make_unique<Stream>(tcp::socket(io, is_ipv6 ? tcp::v6() : tcp::v4(), fd),
                                       kMostUnread + most_head)) {
  error_code ignored;
  stream_->link.socket().set_option(tcp::no_delay(true), ignored);
}

HttpWire::~HttpWire() = default;

void HttpWire::wait(Milliseconds most, Told told) {
  Stream& stream = *stream_;
  stream.link.expires_after(most);
  if (stream.buffer.size() > 0) {  // pipelined
    return net::post(stream.get_executor(), [told = std::move(told)] { told(kFine); });
  }
  stream.async_read_some(stream.buffer.prepare(kFirstRead),
                         [&stream, told = std::move(told)](const error_code& error, std::size_t n) {
                           if (!error) stream.buffer.commit(n);
                           told(status_of(error));
                         });
}

bool HttpWire::speaks_tls() const {
  return *static_cast<const unsigned char*>(stream_->buffer.cdata().data()) == kTlsHandshake;
}

void HttpWire::start_tls(ssl_ctx_st* context, Milliseconds most, Told told) {
  Stream& stream = *stream_;
  SSL_CTX_up_ref(context);
  net::ssl::context borrowed(context);  // gives back what was counted; the stream counts its own
  stream.tls.emplace(stream.link, borrowed);
  stream.link.expires_after(most);
  stream.tls->async_handshake(
      net::ssl::stream_base::server, stream.buffer.cdata(),
      [&stream, told = std::move(told)](const error_code& error, std::size_t n) {
        stream.buffer.consume(n);
        told(status_of(error));
      });
}

void HttpWire::read_head(std::size_t most_body, Milliseconds most, Told told) {
  Stream& stream = *stream_;
  stream.parser.emplace();
  stream.parser->header_limit(static_cast<std::uint32_t>(stream.buffer.max_size() - kMostUnread));
  stream.parser->body_limit(most_body);
  stream.link.expires_after(most);
  http::async_read_header(stream, stream.buffer, *stream.parser,
                          [&stream, told = std::move(told)](const error_code& error, std::size_t) {
                            if (!error) stream.head = head_of(stream.parser->get());
                            told(status_of(error));
                          });
}

const HttpHead& HttpWire::head() const {
  return stream_->head;
}

bool HttpWire::has_all() const {
  return stream_->parser->is_done();
}

void HttpWire::read_body(Milliseconds most, Told told) {
  stream_->link.expires_after(most);
  http::async_read(*stream_, stream_->buffer, *stream_->parser, teller(std::move(told)));
}

std::string HttpWire::take_body() {
  return std::move(stream_->parser->get().body());
}

void HttpWire::write(std::string head, std::string body, Milliseconds most, Told told) {
  Stream& stream = *stream_;
  stream.out_head = std::move(head);
  stream.out_body = std::move(body);
  stream.link.expires_after(most);
  const std::array<net::const_buffer, 2> buffers{net::buffer(stream.out_head),
                                                 net::buffer(stream.out_body)};
  net::async_write(stream, buffers, teller(std::move(told)));
}

void HttpWire::say_goodbye(Milliseconds most, Told told) {
  Stream& stream = *stream_;
  stream.out_body = {};
  stream.link.expires_after(most);
  stream.bytes_to_drop = kGoodbyeBytes;
  stream.dropping = std::move(told);
  const auto listen = [this](const error_code&) {
    error_code ignored;
    stream_->link.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_->tls.reset();  // what still comes need not be understood
    drop_some();
  };
  if (stream.tls) return stream.tls->async_shutdown(listen);
  listen({});
}

void HttpWire::drop_input(Told told) {
  stream_->link.expires_never();
  stream_->bytes_to_drop = kGoodbyeBytes;
  stream_->dropping = std::move(told);
  drop_some();
}

void HttpWire::drop_some() {
  Stream& stream = *stream_;
  stream.async_read_some(net::buffer(stream.dropped),
                         [this](const error_code& error, std::size_t bytes) {
                           Stream& from = *stream_;
                           const bool enough = error || bytes >= from.bytes_to_drop;
                           from.bytes_to_drop -= enough ? 0 : bytes;
                           enough ? std::exchange(from.dropping, {})(kGone) : drop_some();
                         });
}

void HttpWire::close() {
  stream_->link.close();
}

bool HttpWire::has_gone() const {
  char byte = 0;
  const int fd = stream_->link.socket().native_handle();
  const ssize_t got = ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

std::uint16_t HttpWire::local_port() const {
  error_code ignored;
  return stream_->link.socket().local_endpoint(ignored).port();
}

std::string HttpWire::remote() const {
  error_code ignored;
  const tcp::endpoint endpoint = stream_->link.socket().remote_endpoint(ignored);
  const std::string address = endpoint.address().to_string();
  const std::string host = endpoint.address().is_v6() ? "[" + address + "]" : address;
  return host + ":" + std::to_string(endpoint.port());
}

bool HttpWire::is_of_own_machine() const {
  error_code failed;
  const auto from = plain_address(stream_->link.socket().remote_endpoint(failed).address());
  if (failed) return false;
  const auto to = plain_address(stream_->link.socket().local_endpoint(failed).address());
  return !failed && (from.is_loopback() || from == to);
}

}  // namespace promster
