#include "etcd/session.h"

#include <algorithm>
#include <random>

#include "etcd/messages.h"

namespace promster {
namespace {

// gRPC ends the process over metadata that HTTP/2 does not allow.
bool fits_in_a_header(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c <= 0x7e; });
}

}  // namespace

Session::Session(EtcdClientOptions options)
    : options_(std::move(options)), without_token_(options_.settings.username.empty()) {
  auto& endpoints = options_.settings.endpoints;
  std::shuffle(endpoints.begin(), endpoints.end(), std::mt19937_64(options_.seed));
}

EtcdResult<std::string> Session::call(CallOptions options, const std::string& request) {
  auto connection = transport();
  if (!connection) return connection.error();
  options.token = token_;
  return (*connection)->call(options, request);
}

EtcdResult<std::unique_ptr<Stream>> Session::open(CallOptions options) {
  auto connection = transport();
  if (!connection) return connection.error();
  options.token = token_;
  return (*connection)->open(options);
}

void Session::disconnect() {
  transport_.reset();
  has_answered_ = false;
  ++connection_;
}

void Session::next_endpoint() {
  disconnect();
  current_ = (current_ + 1) % endpoints();
}

EtcdResult<Transport*> Session::transport() {
  if (!transport_) {
    const EtcdSettings& settings = options_.settings;
    auto made = Transport::make({.endpoint = endpoint(),
                                 .ca_file = settings.ca_file,
                                 .cert_file = settings.cert_file,
                                 .key_file = settings.key_file,
                                 .dial_timeout = settings.dial_timeout});
    if (!made) return made.error();
    transport_ = std::move(made).value();
  }
  return transport_.get();
}

EtcdResult<void> Session::ensure_token() {
  if (without_token_ || !token_.empty()) return {};
  auto token = authenticate();
  if (token) {
    token_ = std::move(token).value();
    return {};
  }
  if (token_trouble(token.error()) != TokenTrouble::kNotEnabled) return token.error();
  without_token_ = true;
  return {};
}

EtcdResult<std::string> Session::authenticate() {
  const SteadyTime start = std::chrono::steady_clock::now();
  const EtcdSettings& settings = options_.settings;
  auto answer = call({.method = method::kAuthenticate, .token = {}, .stop = options_.stop},
                     encode_authenticate(settings.username, settings.password));
  auto token = answer ? decode_authenticate(*answer) : EtcdResult<std::string>(answer.error());
  if (token && !fits_in_a_header(*token)) {
    token = EtcdError{EtcdError::Code::kOther, "the token of etcd cannot be sent"};
  }
  report("authenticate", start, token ? nullptr : &token.error());
  return token;
}

// Whether another try, with another token or with none, may do better.
bool Session::drop_token(const EtcdError& error) {
  const TokenTrouble trouble = token_trouble(error);
  if (trouble == TokenTrouble::kNone || options_.settings.username.empty()) return false;
  token_.clear();
  without_token_ = trouble == TokenTrouble::kNotEnabled;
  return true;
}

EtcdError Session::within(const char* operation, EtcdError error) const {
  error.message = std::string(operation) + ": " + endpoint() + ": " + error.message;
  return error;
}

void Session::report(const char* operation, SteadyTime start, const EtcdError* error) const {
  if (!options_.report) return;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  options_.report(EtcdCalled{.operation = operation,
                             .seconds = took.count(),
                             .code = error ? etcd_code_name(error->code) : ""});
}

}  // namespace promster
