#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace promster {

using WebHeaders = std::vector<std::pair<std::string, std::string>>;

// A request as a handler sees it: plain values, decoded, all from outside and not to be trusted.
struct WebRequest {
  std::string method;  // as it was sent: GET, HEAD, POST, or any other token
  std::string path;    // %XX decoded, without the query; starts with "/", or is "*"
  std::map<std::string, std::string> query;  // decoded; of a repeated name the first
  WebHeaders headers;                        // in the order they came
  std::string body;
  std::uint16_t local_port = 0;  // the listener it came to
  std::string remote;            // address:port of the client

  // Names compare without case. Null where there is no such header; of several the first.
  const std::string* header(std::string_view name) const;
};

// The answer of a handler. The server adds Content-Length, Date, Connection and the headers that
// every answer carries (interface.md, "HTTP").
struct WebResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  WebHeaders headers;

  // Where set, the answer is what this returns, and all of the above is ignored. The server calls
  // it on a thread of its own few (HttpServer), so that a search, or a wait for etcd or for
  // Prometheus, keeps nobody else waiting. It owns what it needs of the request, has its own
  // deadlines, does not throw, and returns a whole answer (neither `later` nor `events`).
  std::function<WebResponse()> later;
  // Whether `later` waits for others (etcd, other nodes, their Prometheus servers): such answers
  // have workers of their own, so that silent owners keep no search waiting.
  bool asks_others = false;
  // Where true, the connection becomes a reader of what HttpServer::publish() is given
  // (server-sent events); body and content type are ignored.
  bool events = false;
  // Told, on the server's thread, the status that was sent in the end, where `later` or `events`
  // left it open. May be empty. The router's; handlers leave it alone.
  std::function<void(int status)> done;
};

// Called on the thread of the server, one request at a time; to be quick, and not to throw. What
// takes longer than a millisecond or two belongs in WebResponse::later.
using WebHandler = std::function<WebResponse(const WebRequest&)>;

// Whether the answer names this header; names compare without case.
bool has_header(const WebResponse& response, std::string_view name);

// An answer that is found out by `work`; see WebResponse::later.
WebResponse answer_later(std::function<WebResponse()> work);
// The same for work that waits for others: WebResponse::asks_others.
WebResponse ask_others(std::function<WebResponse()> work);

// The whole answer: runs `later` and tells `done`, here and now. For tests of handlers, and for who
// has no server.
WebResponse settled(WebResponse response);

// An answer of one line of text that says the status: "404 Not Found".
WebResponse plain_answer(int status);

// The words that go with a status: "Not Found". Those that promster sends; "Unknown" else.
std::string_view reason_phrase(int status);

// Fills path and query from a request target in origin or absolute form (RFC 9112, 3.2). False
// where it is neither, or has a bad %XX or an encoded NUL.
bool parse_request_target(std::string_view target, WebRequest& request);

// Status line and headers, with the empty line at their end. Characters that would end a header are
// left out of values.
std::string render_head(const WebResponse& response, bool keep_alive);

}  // namespace promster
