#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "web/web_message.h"

namespace boost::asio {
class io_context;
}
struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace promster {

// A request as far as its head tells it. `request` has no body yet.
struct HttpHead {
  WebRequest request;
  std::string target;          // undecoded: "/a?b"
  std::size_t line_bytes = 0;  // of the request line
  int version = 11;            // 10 or 11
  bool keep_alive = false;     // what the client wants
};

// One connection with a client: requests and answers over TCP, with TLS or without.
//
// Every step is asynchronous: it is told how it ended on the server's thread, never before it
// returns, and in the end always, by a status: kFine, kGone (the client went, or close()), or the
// one to refuse the client with; 408 where the time ran out, after which the connection is closed.
// One step at a time, but that write() and drop_input() may be on their way together.
// REQUIRES: who asked for a step keeps the wire alive until it was told.
//
// Thread rule: the server's thread.
class HttpWire {
 public:
  static constexpr int kGone = 0;
  static constexpr int kFine = 200;
  using Milliseconds = std::chrono::milliseconds;
  using Told = std::function<void(int status)>;

  // Takes over the descriptor of a connected socket. `most_head`: bytes of a request line and its
  // fields; more: 431.
  HttpWire(boost::asio::io_context& io, int fd, bool is_ipv6, std::size_t most_head);
  ~HttpWire();

  // Waits for the first bytes of a request. At once where some were read already.
  void wait(Milliseconds most, Told told);
  // Whether what came first is the start of a TLS handshake. REQUIRES: wait() was told kFine.
  bool speaks_tls() const;
  // From now on all is encrypted. The context may be freed by the caller meanwhile.
  void start_tls(ssl_ctx_st* context, Milliseconds most, Told told);

  // Reads a head, then its body. A body of more than `most_body` bytes: 413.
  void read_head(std::size_t most_body, Milliseconds most, Told told);
  const HttpHead& head() const;
  bool has_all() const;  // whether there is no body to read
  void read_body(Milliseconds most, Told told);
  std::string take_body();

  // Two texts, so that a large body need not be copied.
  void write(std::string head, std::string body, Milliseconds most, Told told);
  // Ends what we say, and listens until the client ends, too: a close with unread input would reset
  // the connection under the last answer. Tells kGone.
  void say_goodbye(Milliseconds most, Told told);
  // Reads and drops what comes, for as long as the client is there. Tells kGone.
  void drop_input(Told told);
  void close();

  bool has_gone() const;  // whether the client has closed already; a look, no wait
  std::uint16_t local_port() const;
  std::string remote() const;      // address:port
  bool is_of_own_machine() const;  // loopback, or from the very address that it came to

 private:
  struct Stream;

  void drop_some();

  std::unique_ptr<Stream> stream_;
};

}  // namespace promster
