#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "web/event_book.h"
#include "web/http_server.h"
#include "web/http_wire.h"
#include "web/password_check.h"
#include "web/tls_context.h"
#include "web/workers.h"

namespace promster {

class HttpSession;
using HttpSessions = std::list<std::shared_ptr<HttpSession>>;

// What the connections of one server share. Thread rule: the server's thread.
struct HttpShared {
  HttpServerOptions options;
  WebHandler handler;
  std::unique_ptr<TlsContext> tls;         // null: plain HTTP
  std::optional<PasswordCheck> passwords;  // none: everybody may ask
  EventBook events;

  HttpSessions waiting;    // without a complete request, the longest wait first
  HttpSessions answering;  // being worked for, or written to
  HttpSessions reading;    // events

  // Null once the server stops. The last to be told of a stop: their work refers to the rest.
  std::unique_ptr<Workers> workers;
  std::unique_ptr<Workers> asking_workers;   // for WebResponse::asks_others
  std::unique_ptr<Workers> password_worker;  // one: a flood of guesses takes one core at most

  std::size_t open() const { return waiting.size() + answering.size() + reading.size(); }
  void count_refusal(int status) const {
    if (options.refused) options.refused(status);
  }
};

// One connection: what is read, whether it is let in, who answers it, and what becomes of the
// connection then. A step that is pending keeps it alive; one of the shared lists knows it while it
// is open. Thread rule: the server's thread.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(HttpShared& shared, std::unique_ptr<HttpWire> wire)
      : shared_(shared), wire_(std::move(wire)) {}

  // `refused` says that there is no room for it.
  void start(bool refused);
  void close();
  // To a reader of events; one that is too far behind is closed.
  void send_event(const EventBytes& event);

 private:
  using Step = void (HttpSession::*)(int status);

  HttpWire::Told then(Step step);
  const HttpLimits& limits() const { return shared_.options.limits; }
  void move_to(HttpSessions& list);

  void wait_for_request();
  void look_at_first_bytes(int status);
  void read_head(int status);
  void take_head(int status);
  void take_body(int status);

  bool is_open_to_all() const;
  void check_password();
  void verify_password(Credentials credentials);
  void ask_for_password();

  void refuse(int status);
  void handle();
  bool is_wanted();
  void work(WebResponse response);
  void answer(WebResponse response);
  void send(WebResponse response);
  void sent(int status);
  void end(int status);

  void open_stream(WebResponse response);
  void send_backlog();
  void backlog_sent(int status);

  HttpShared& shared_;
  std::unique_ptr<HttpWire> wire_;
  HttpSessions* list_ = nullptr;  // null once closed
  HttpSessions::iterator place_;
  bool first_ = true;  // nothing was read yet
  bool encrypted_ = false;
  bool keep_alive_ = false;
  WebRequest request_;
  std::string backlog_;  // of events
  bool writing_ = false;
};

}  // namespace promster
