#include "web/listening_socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

namespace promster {
namespace {

struct Address {
  std::string host;  // empty: every address
  std::string port;
};

bool is_port(const std::string& text) {
  return !text.empty() && text.size() <= 5 &&
         text.find_first_not_of("0123456789") == std::string::npos && std::stoi(text) <= 65535;
}

std::optional<Address> split_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos || !is_port(text.substr(colon + 1))) return std::nullopt;
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (host.empty()) return std::nullopt;
  } else if (host.find(':') != host.npos) {
    return std::nullopt;
  }
  return Address{std::move(host), text.substr(colon + 1)};
}

// Listens at one address; -1 with errno set where that fails.
int listen_at(const addrinfo& at, bool both_families) {
  const int fd = ::socket(at.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  const int v6_only = both_families ? 0 : 1;
  const bool is_v6 = at.ai_family == AF_INET6;
  if (::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
      (!is_v6 || ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6_only, sizeof v6_only) == 0) &&
      ::bind(fd, at.ai_addr, at.ai_addrlen) == 0 && ::listen(fd, SOMAXCONN) == 0) {
    return fd;
  }
  const int why = errno;
  ::close(fd);
  errno = why;
  return -1;
}

struct FreeAddrinfo {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, FreeAddrinfo>;

Result<AddressList> resolve(const Address& address, int family) {
  addrinfo hints{};
  hints.ai_family = family;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const char* host = address.host.empty() ? nullptr : address.host.c_str();
  const int failed = ::getaddrinfo(host, address.port.c_str(), &hints, &list);
  if (failed != 0) return Error{::gai_strerror(failed)};
  return AddressList(list);
}

Result<int> listen_on(const Address& address) {
  const bool everywhere = address.host.empty();
  auto found = resolve(address, everywhere ? AF_INET6 : AF_UNSPEC);
  int fd = found ? listen_at(**found, everywhere) : -1;
  // A kernel without IPv6 says so when the socket is made, or bound.
  const bool no_ipv6 = !found || errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL;
  if (fd < 0 && everywhere && no_ipv6) {
    found = resolve(address, AF_INET);
    if (found) fd = listen_at(**found, false);
  }
  if (!found) return found.error();
  if (fd < 0) return Error{std::strerror(errno)};
  return fd;
}

}  // namespace

Result<ListeningSocket> ListeningSocket::open(const std::string& address) {
  const auto parts = split_address(address);
  if (!parts) return Error{"listen " + address + ": not an address; try: 127.0.0.1:9096 or :9096"};
  auto fd = listen_on(*parts);
  if (!fd) return fd.error().within("listen " + address);
  ListeningSocket socket(*fd);
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(*fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    return Error{"listen " + address + ": " + std::strerror(errno)};
  }
  socket.is_ipv6_ = bound.ss_family == AF_INET6;
  // The port lies at the same place in both families' structures.
  socket.port_ = ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
  return socket;
}

ListeningSocket::ListeningSocket(ListeningSocket&& other) noexcept
    : fd_(other.release()), port_(other.port_), is_ipv6_(other.is_ipv6_) {}

ListeningSocket& ListeningSocket::operator=(ListeningSocket&& other) noexcept {
  std::swap(fd_, other.fd_);
  port_ = other.port_;
  is_ipv6_ = other.is_ipv6_;
  return *this;
}

ListeningSocket::~ListeningSocket() {
  if (fd_ >= 0) ::close(fd_);
}

int ListeningSocket::release() {
  return std::exchange(fd_, -1);
}

}  // namespace promster
