#include "agent/advertise.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include "core/prometheus_url.h"

namespace promster {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Result<Addresses> look_up(const PrometheusUrl& endpoint, int family) {
  addrinfo hints{};
  hints.ai_family = family;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(endpoint.port);
  const int failure = ::getaddrinfo(endpoint.host.c_str(), port.c_str(), &hints, &found);
  if (failure != 0) return Error{"look up " + endpoint.host + ": " + ::gai_strerror(failure)};
  return Addresses(found, &::freeaddrinfo);
}

std::string host_text(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text.data(),
                text.size());
    return text.data();
  }
  ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text.data(),
              text.size());
  return "[" + std::string(text.data()) + "]";
}

// The address that the kernel would send from.
Result<std::string> source_address(const addrinfo& destination) {
  const auto failed = [](const char* step) {
    return Error{std::string(step) + ": " + std::generic_category().message(errno)};
  };
  const int fd = ::socket(destination.ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return failed("socket");
  sockaddr_storage source{};
  socklen_t size = sizeof source;
  const bool found = ::connect(fd, destination.ai_addr, destination.ai_addrlen) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&source), &size) == 0;
  const Error why = failed("connect");
  ::close(fd);
  if (!found) return why;
  return host_text(source);
}

Result<std::string> source_towards(const PrometheusUrl& endpoint, int family) {
  const auto addresses = look_up(endpoint, family);
  if (!addresses) return addresses.error();
  Error last{"no address"};
  for (const addrinfo* one = addresses->get(); one != nullptr; one = one->ai_next) {
    auto source = source_address(*one);
    if (source) return source;
    last = source.error();
  }
  return last.within("route to " + endpoint.authority);
}

}  // namespace

Result<std::string> find_advertise_address(std::span<const std::string> endpoints,
                                           const std::string& prometheus_url) {
  const auto prometheus = parse_prometheus_url(prometheus_url);
  if (!prometheus) return prometheus.error();
  Error last{"there is no etcd to find the way to"};
  for (const std::string& endpoint : endpoints) {
    const auto url = parse_prometheus_url(endpoint);
    if (!url) return url.error();
    // Where there is a choice IPv4 is taken, as the original did: "localhost" is often ::1 too,
    // where nobody listens.
    for (const int family : {AF_INET, AF_INET6}) {
      const auto source = source_towards(*url, family);
      if (source) return *source + ":" + std::to_string(prometheus->port);
      if (family == AF_INET) last = source.error();
    }
  }
  return Error{"no address to give to the others; " + last.message +
               "; try: --registry.advertise-address=HOST:" + std::to_string(prometheus->port)};
}

Result<std::string> find_node_name(const Settings& settings) {
  const RegistrySettings& registry = settings.registry;
  if (!registry.advertise_address.empty()) return registry.advertise_address;
  if (registry.enabled()) {
    return find_advertise_address(registry.etcd.endpoints, settings.prometheus.url);
  }
  const auto url = parse_prometheus_url(settings.prometheus.url);
  if (!url) return url.error();
  return url->authority;
}

}  // namespace promster
