#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "web/web_config.h"
#include "web/web_message.h"

namespace promster {

// What a client may ask of the server before it is refused (semantics.md, row 57).
struct HttpLimits {
  std::size_t request_line = 8 << 10;             // bytes; more: 414
  std::size_t header = 16 << 10;                  // bytes of all fields; more: 431
  std::size_t fields = 100;                       // more: 431
  std::size_t body = 64 << 10;                    // bytes; more: 413
  std::size_t connections = 256;                  // more: see HttpServer
  std::chrono::milliseconds header_time{5'000};   // from the first byte of a request to its body
  std::chrono::milliseconds idle_time{30'000};    // between requests; for a body; for an answer
  std::chrono::milliseconds linger_time{1'000};   // after the last answer, for the client to close
  std::size_t workers = 4;                        // threads for WebResponse::later
  std::size_t asking_workers = 4;                 // of their own for WebResponse::asks_others
  std::size_t waiting_answers = 64;               // that wait for one of them; more: 503
  std::size_t waiting_passwords = 64;             // not looked at yet; more: 503
  std::size_t event_readers = 16;                 // more: 204, after which EventSource stays away
  std::size_t event_backlog = 256 << 10;          // bytes that a reader may be behind; then closed
  std::chrono::milliseconds event_pause{15'000};  // at most, between two signs of life to a reader
};

struct HttpServerOptions {
  // ":9096" (every address, IPv4 and IPv6), "127.0.0.1:0" (any free port), "[::1]:9096",
  // "localhost:9096".
  std::vector<std::string> listen;
  HttpLimits limits;
  WebConfig config{};  // TLS, passwords, headers
  // What the own machine may GET without TLS and without a password, from this very address or from
  // loopback: metrics and health, as decided in docs/decisions/0007-web-config.md. A request that a
  // proxy passed on is not of this machine.
  std::vector<std::string> open_paths{};
  // Told, on the server's thread, of every answer that was given without the handler: 400, 401,
  // 408 (where the connection is only closed), 413, 414, 417, 431, 501, 503.
  std::function<void(int status)> refused;
};

// An HTTP/1.1 server (RFC 9112) with a thread of its own: keep-alive, pipelining, HEAD; with TLS
// and passwords where options.config says so. Requests that two readers could understand
// differently (Content-Length beside Transfer-Encoding, no Host or two) get 400. When all
// connections are taken, the one that has waited longest without a complete request makes room for
// a new one; where every one is being answered, the new one gets 503.
//
// Answers that are found out later (WebResponse::later) are found out by a few workers, those that
// wait for others (WebResponse::asks_others) by a few more, in the order of their requests; of a
// client that left while its request waited the work is not done. Where too many wait: 503 with
// Retry-After.
//
// Readers of events (WebResponse::events) get an answer that ends with its connection: no length,
// no chunks, `Connection: close` (RFC 9112, 6.3), which every client and proxy understands alike.
// They make room for nobody.
//
// Thread rule: made and destroyed by one thread; the handler runs on the server's.
class HttpServer {
 public:
  // Listens on every address, or on none: "listen 127.0.0.1:9096: Address already in use". What
  // options.config names and cannot be used is an error, too.
  // REQUIRES: options.listen is not empty; what the handler refers to outlives the server.
  static Result<std::unique_ptr<HttpServer>> start(HttpServerOptions options, WebHandler handler);

  // Closes every connection, drops work that waits, and returns when the thread and what the
  // workers were at have ended.
  ~HttpServer();

  // The port of listen[i]. REQUIRES: i < options.listen.size().
  std::uint16_t port(std::size_t i = 0) const;

  // Sends a server-sent event to every reader (WebResponse::events), and keeps it: who comes later
  // gets the newest event of each name first. `name` is a word; `data` is text of any number of
  // lines, for us one line of JSON. Any thread, at any time while the server lives.
  void publish(std::string name, std::string data);

 private:
  class Loop;
  explicit HttpServer(std::unique_ptr<Loop> loop);

  std::unique_ptr<Loop> loop_;
};

}  // namespace promster
