#include "web/http_session.h"

#include <algorithm>
#include <array>
#include <utility>

#include "web/http_objection.h"

namespace promster {
namespace {

constexpr int kFine = HttpWire::kFine;

WebResponse busy_answer() {
  WebResponse response = plain_answer(503);
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

// A request that was passed on comes from elsewhere, whatever its connection says.
bool was_passed_on(const WebRequest& request) {
  constexpr std::array kSigns{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"};
  return std::ranges::any_of(kSigns,
                             [&](const char* name) { return request.header(name) != nullptr; });
}

}  // namespace

// A step is not taken once the session was closed.
HttpWire::Told HttpSession::then(Step step) {
  return [self = shared_from_this(), step](int status) {
    if (self->list_ != nullptr) ((*self).*step)(status);
  };
}

void HttpSession::start(bool refused) {
  shared_.waiting.push_back(shared_from_this());
  list_ = &shared_.waiting;
  place_ = std::prev(list_->end());
  if (!refused) return wait_for_request();
  if (shared_.tls == nullptr) return refuse(503);
  shared_.count_refusal(503);  // nobody is greeted in TLS only to hear that
  close();
}

void HttpSession::close() {
  if (list_ == nullptr) return;
  const auto self = shared_from_this();  // the list may hold the last reference
  std::exchange(list_, nullptr)->erase(place_);
  wire_->close();
}

void HttpSession::move_to(HttpSessions& list) {
  list.splice(list.end(), *list_, place_);
  list_ = &list;
}

void HttpSession::wait_for_request() {
  move_to(shared_.waiting);
  wire_->wait(limits().idle_time, then(&HttpSession::look_at_first_bytes));
}

// Plain HTTP at a server of TLS is read as well: it may be for what is open to the own machine, and
// a browser that was given the wrong address is told so.
void HttpSession::look_at_first_bytes(int status) {
  if (status != kFine) return close();
  const bool is_first = std::exchange(first_, false);
  if (!is_first || shared_.tls == nullptr || !wire_->speaks_tls()) return read_head(kFine);
  encrypted_ = true;
  wire_->start_tls(shared_.tls->current(), limits().header_time, then(&HttpSession::read_head));
}

void HttpSession::read_head(int status) {
  if (status != kFine) return close();
  wire_->read_head(limits().body, limits().header_time, then(&HttpSession::take_head));
}

void HttpSession::take_head(int status) {
  // A connection that ran out of time is closed already: there is nobody to tell.
  if (status == 408) shared_.count_refusal(status);
  if (status == 408 || status == HttpWire::kGone) return close();
  if (status != kFine) return refuse(status);
  const HttpHead& head = wire_->head();
  if (const int objection = objection_to(head, limits())) return refuse(objection);
  request_ = head.request;
  if (!parse_request_target(head.target, request_)) return refuse(400);
  request_.local_port = wire_->local_port();
  request_.remote = wire_->remote();
  if (wire_->has_all()) return take_body(kFine);
  wire_->read_body(limits().idle_time, then(&HttpSession::take_body));
}

void HttpSession::take_body(int status) {
  if (status == 408 || status == HttpWire::kGone) return close();
  if (status != kFine) return refuse(status);
  request_.body = wire_->take_body();
  keep_alive_ = wire_->head().keep_alive;
  move_to(shared_.answering);
  if (is_open_to_all()) return handle();
  if (shared_.tls != nullptr && !encrypted_) return refuse(400);
  shared_.passwords ? check_password() : handle();
}

bool HttpSession::is_open_to_all() const {
  const auto& open = shared_.options.open_paths;
  const bool reads = request_.method == "GET" || request_.method == "HEAD";
  return reads && std::ranges::find(open, request_.path) != open.end() &&
         wire_->is_of_own_machine() && !was_passed_on(request_);
}

void HttpSession::check_password() {
  auto credentials = read_basic_authorization(request_.header("Authorization"));
  if (!credentials) return ask_for_password();
  if (shared_.passwords->knows(*credentials)) return handle();
  verify_password(std::move(*credentials));
}

void HttpSession::verify_password(Credentials credentials) {
  const auto self = shared_from_this();
  const auto verify = [self, credentials]() -> std::function<void()> {
    const bool right = self->shared_.passwords->verify(credentials);
    return [self, credentials, right] {
      if (right) self->shared_.passwords->remember(credentials);
      if (self->list_ == nullptr) return;
      right ? self->handle() : self->ask_for_password();
    };
  };
  if (shared_.password_worker->run(
          {.work = verify, .wanted = [self] { return self->is_wanted(); }}))
    return;
  shared_.count_refusal(503);
  send(busy_answer());
}

void HttpSession::ask_for_password() {
  shared_.count_refusal(401);
  WebResponse response = plain_answer(401);
  response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"promster\", charset=\"UTF-8\"");
  send(std::move(response));
}

void HttpSession::refuse(int status) {
  shared_.count_refusal(status);
  keep_alive_ = false;
  WebResponse response = plain_answer(status);
  if (shared_.tls != nullptr && !encrypted_) response.body += "This address speaks https.\n";
  send(std::move(response));
}

void HttpSession::handle() {
  WebResponse response = shared_.handler(request_);
  if (response.later) return work(std::move(response));
  answer(std::move(response));
}

// Whether there is somebody to answer; asked before work that had to wait.
bool HttpSession::is_wanted() {
  if (list_ != nullptr && wire_->has_gone()) close();
  return list_ != nullptr;
}

void HttpSession::work(WebResponse response) {
  const auto self = shared_from_this();
  const auto done = response.done;
  Workers& workers = response.asks_others ? *shared_.asking_workers : *shared_.workers;
  const auto find_out = [self, done, later = std::move(response.later)]() -> std::function<void()> {
    auto found = std::make_shared<WebResponse>(later());
    return [self, done, found] {
      if (done) done(found->status);
      if (self->list_ != nullptr) self->send(std::move(*found));
    };
  };
  if (workers.run({.work = find_out, .wanted = [self] { return self->is_wanted(); }})) return;
  if (done) done(503);
  send(busy_answer());
}

void HttpSession::answer(WebResponse response) {
  const auto done = std::move(response.done);
  if (response.events && shared_.reading.size() >= limits().event_readers) {
    response = plain_answer(204);
  }
  if (done) done(response.status);
  response.events ? open_stream(std::move(response)) : send(std::move(response));
}

void HttpSession::send(WebResponse response) {
  move_to(shared_.answering);
  for (const auto& header : shared_.options.config.headers) response.headers.push_back(header);
  std::string head = render_head(response, keep_alive_);
  // The length is told, but the body left out: HEAD (RFC 9110, 9.3.2).
  const bool bare = request_.method == "HEAD" || response.status == 204 || response.status == 304;
  request_ = {};
  wire_->write(std::move(head), bare ? std::string() : std::move(response.body), limits().idle_time,
               then(&HttpSession::sent));
}

void HttpSession::sent(int status) {
  if (status != kFine) return close();
  if (keep_alive_) return wait_for_request();
  move_to(shared_.waiting);
  wire_->say_goodbye(limits().linger_time, then(&HttpSession::end));
}

void HttpSession::end(int) {
  close();
}

void HttpSession::open_stream(WebResponse response) {
  keep_alive_ = false;
  response.content_type = "text/event-stream";
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Accel-Buffering", "no");  // nginx would keep events back
  for (const auto& header : shared_.options.config.headers) response.headers.push_back(header);
  const bool bare = request_.method == "HEAD";
  backlog_ = render_head(response, keep_alive_);
  request_ = {};
  if (bare)
    return wire_->write(std::exchange(backlog_, {}), {}, limits().idle_time,
                        then(&HttpSession::sent));
  move_to(shared_.reading);
  backlog_ += shared_.events.opening();
  wire_->drop_input(then(&HttpSession::end));
  send_backlog();
}

void HttpSession::send_event(const EventBytes& event) {
  if (backlog_.size() > limits().event_backlog) return close();
  backlog_ += *event;
  if (!writing_) send_backlog();
}

void HttpSession::send_backlog() {
  writing_ = true;
  wire_->write(std::exchange(backlog_, {}), {}, limits().idle_time,
               then(&HttpSession::backlog_sent));
}

void HttpSession::backlog_sent(int status) {
  writing_ = false;
  if (status != kFine) return close();
  if (!backlog_.empty()) send_backlog();
}

}  // namespace promster
