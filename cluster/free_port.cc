#include "cluster/free_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <random>
#include <system_error>
#include <utility>

namespace promster {
namespace {

constexpr int kFirstPort = 20'000;
constexpr int kLastPort = 31'999;

// The socket that is the lock of this port, or -1 where somebody else has it.
int lock_port(int port) {
  const std::string name = "promster-port-" + std::to_string(port);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  // A name that starts with NUL is abstract: it lives in the kernel, not in a directory (unix(7)).
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  const int lock = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (lock < 0) return -1;
  if (::bind(lock, reinterpret_cast<const sockaddr*>(&address), size) == 0) return lock;
  ::close(lock);
  return -1;
}

// Bound on every address, so that a listener on any of them is noticed. SO_REUSEADDR lets a port
// pass whose last connections only wait for their time to be over, as the servers' own bind does.
bool nobody_listens(int port) {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  const int on = 1;
  ::setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool bound =
      ::bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(probe);
  return bound;
}

}  // namespace

PortLease::PortLease(PortLease&& other) noexcept
    : port_(std::exchange(other.port_, 0)), lock_(std::exchange(other.lock_, -1)) {}

PortLease& PortLease::operator=(PortLease&& other) noexcept {
  std::swap(port_, other.port_);
  std::swap(lock_, other.lock_);
  return *this;
}

PortLease::~PortLease() {
  if (lock_ >= 0) ::close(lock_);
}

std::string PortLease::address() const {
  return "127.0.0.1:" + std::to_string(port_);
}

Result<PortLease> reserve_port_in(int first, int last) {
  for (int port = first; port <= last; ++port) {
    const int lock = lock_port(port);
    if (lock < 0) continue;
    if (nobody_listens(port)) return PortLease(port, lock);
    ::close(lock);
  }
  return Error{"no free port from " + std::to_string(first) + " to " + std::to_string(last)};
}

Result<PortLease> reserve_port() {
  // A random start: programs that run at the same time seldom look at the same ports, and a port
  // that was just given back is seldom given out again.
  std::random_device random;
  const int start = std::uniform_int_distribution<int>(kFirstPort, kLastPort)(random);
  auto lease = reserve_port_in(start, kLastPort);
  if (lease || start == kFirstPort) return lease;
  return reserve_port_in(kFirstPort, start - 1);
}

Result<PortLease> reserve_port_from(int first) {
  return first == 0 ? reserve_port() : reserve_port_in(first, 65'535);
}

}  // namespace promster
