#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace promster {

// A TCP socket that listens, closed on destruction. Thread rule: one thread.
class ListeningSocket {
 public:
  // ":9096" listens on every address of both families, "127.0.0.1:0" on any free port; IPv6 in
  // brackets; of a name the first address it resolves to. Errors read
  // "listen 127.0.0.1:9096: Address already in use".
  static Result<ListeningSocket> open(const std::string& address);

  ListeningSocket(ListeningSocket&& other) noexcept;
  ListeningSocket& operator=(ListeningSocket&& other) noexcept;
  ~ListeningSocket();

  std::uint16_t port() const { return port_; }
  bool is_ipv6() const { return is_ipv6_; }
  // Hands the descriptor over: the caller closes it.
  int release();

 private:
  explicit ListeningSocket(int fd) : fd_(fd) {}

  int fd_ = -1;
  std::uint16_t port_ = 0;
  bool is_ipv6_ = false;
};

}  // namespace promster
