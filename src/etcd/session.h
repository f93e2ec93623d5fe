#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "etcd/client.h"
#include "etcd/failure.h"
#include "etcd/transport.h"

namespace promster {

// Where a client stands: the endpoint it speaks to, the connection, and the token it sends.
//
// Thread rule: one thread.
class Session {
 public:
  explicit Session(EtcdClientOptions options);

  std::size_t endpoints() const { return options_.settings.endpoints.size(); }
  const std::stop_token& stop() const { return options_.stop; }
  // After a stop: the calls that are left to make are not ended by it.
  void outlive_stop() { options_.stop = {}; }

  // Counts connections: what was opened over an earlier one belongs to an endpoint that failed.
  int connection() const { return connection_; }

  // Does `attempt`, a function without arguments that calls call() or open(), on up to `most`
  // endpoints, beginning with the one that answered last; once more where the token had run out,
  // and over a new connection where the old one turns out to be broken. Reports how it ended, under
  // the name `operation`.
  template <class Attempt>
  auto on_endpoints(const char* operation, std::size_t most, const Attempt& attempt)
      -> decltype(attempt()) {
    const SteadyTime start = std::chrono::steady_clock::now();
    auto result = with_token(attempt);
    if (went_stale(result)) result = with_token(attempt);
    for (std::size_t tried = 1; tried < most && turn_away(result); ++tried) {
      result = with_token(attempt);
    }
    if (result) {
      has_answered_ = true;
      report(operation, start, nullptr);
      return result;
    }
    const EtcdError error = within(operation, result.error());
    turn_away(result);
    report(operation, start, &error);
    return error;
  }

  // One call, or one stream, on the endpoint in use, with the token.
  EtcdResult<std::string> call(CallOptions options, const std::string& request);
  EtcdResult<std::unique_ptr<Stream>> open(CallOptions options);

 private:
  template <class Attempt>
  auto with_token(const Attempt& attempt) -> decltype(attempt()) {
    if (auto ready = ensure_token(); !ready) return ready.error();
    auto result = attempt();
    if (result || !drop_token(result.error())) return result;
    if (auto ready = ensure_token(); !ready) return ready.error();
    return attempt();
  }

  // After a call over a connection that was good before, and was cut since: closes it.
  template <class Answer>
  bool went_stale(const Answer& answer) {
    if (answer || answer.error().code != EtcdError::Code::kUnavailable || !has_answered_) {
      return false;
    }
    disconnect();
    return true;
  }

  // After a failure that another endpoint may not have: leaves this one.
  template <class Answer>
  bool turn_away(const Answer& answer) {
    if (answer || !worth_another_endpoint(answer.error())) return false;
    next_endpoint();
    return true;
  }

  const std::string& endpoint() const { return options_.settings.endpoints[current_]; }
  void disconnect();
  void next_endpoint();
  EtcdResult<Transport*> transport();
  EtcdResult<void> ensure_token();
  EtcdResult<std::string> authenticate();
  bool drop_token(const EtcdError& error);
  EtcdError within(const char* operation, EtcdError error) const;
  void report(const char* operation, SteadyTime start, const EtcdError* error) const;

  EtcdClientOptions options_;
  std::size_t current_ = 0;
  int connection_ = 0;
  bool has_answered_ = false;  // the connection in use
  std::unique_ptr<Transport> transport_;
  std::string token_;
  bool without_token_ = false;  // etcd says that authentication is off
};

}  // namespace promster
