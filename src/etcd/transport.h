#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "etcd/etcd.h"

// One connection to one etcd endpoint, which carries bytes: the only code that knows gRPC. Answers
// that are not OK come as the error etcd means by them (failure.h).
namespace promster {

struct TransportOptions {
  std::string endpoint;  // http://host:port or https://host:port
  std::string ca_file;   // PEM; empty: the certificates of the system
  std::string cert_file, key_file;
  Duration dial_timeout{2000};
};

struct CallOptions {
  std::string method;     // "/package.Service/Method"
  Duration within{5000};  // of a call; a stream has no end
  std::string token;      // empty: none
  bool require_leader = false;
  std::stop_token stop;  // ends the call with kCanceled
};

// A stream that both sides write to.
// Thread rule: one thread; the stop token may be asked from another. Destruction ends the stream.
class Stream {
 public:
  virtual ~Stream() = default;
  // Hands a message over to be sent.
  virtual EtcdResult<void> send(const std::string& bytes) = 0;
  // The next message. kDeadline leaves the stream as it was; any other error has ended it.
  virtual EtcdResult<std::string> receive(std::optional<SteadyTime> deadline) = 0;
};

// Thread rule: one thread. A stream may outlive the transport that opened it.
class Transport {
 public:
  virtual ~Transport() = default;

  // Reads the certificates; the network is first touched by a call. A peer that falls silent is
  // noticed within 15 s while a call or stream is open: HTTP/2 pings after 10 s, answered in 5 s.
  static EtcdResult<std::unique_ptr<Transport>> make(const TransportOptions& options);

  virtual EtcdResult<std::string> call(const CallOptions& options, const std::string& request) = 0;
  virtual EtcdResult<std::unique_ptr<Stream>> open(const CallOptions& options) = 0;
};

}  // namespace promster
