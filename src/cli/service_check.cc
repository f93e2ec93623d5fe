#include "cli/service_check.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "core/address.h"
#include "prom/http_client.h"

namespace promster {
namespace {

using Found = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

std::string words_of(int number) {
  return std::generic_category().message(number);
}

// 0, or the errno of why there is no connection.
int connect_within(const addrinfo& to, Duration most) {
  const int fd = ::socket(to.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  int failure = ::connect(fd, to.ai_addr, to.ai_addrlen) == 0 ? 0 : errno;
  if (failure == EINPROGRESS) {
    pollfd waiting{.fd = fd, .events = POLLOUT, .revents = 0};
    socklen_t size = sizeof failure;
    if (::poll(&waiting, 1, static_cast<int>(most.count())) != 1) {
      failure = ETIMEDOUT;
    } else if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) != 0) {
      failure = errno;
    }
  }
  ::close(fd);
  return failure;
}

Result<void> check_connection(const std::string& address, Duration most) {
  const auto parsed = parse_address(address);
  if (!parsed) return parsed.error();
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int unknown =
      ::getaddrinfo(parsed->host.c_str(), std::to_string(parsed->port).c_str(), &hints, &found);
  if (unknown != 0) return Error{"look up " + parsed->host + ": " + ::gai_strerror(unknown)};
  const Found all(found, &::freeaddrinfo);
  const int failure = connect_within(*found, most);
  return failure == 0 ? Result<void>() : Error{"connect to " + address + ": " + words_of(failure)};
}

Result<void> check_url(const std::string& url, Duration most) {
  const auto answer = HttpClient().get(url, most);
  if (!answer) return answer.error();
  if (answer->status >= 200 && answer->status < 300) return {};
  return Error{"GET " + url + ": status " + std::to_string(answer->status)};
}

}  // namespace

Result<void> check_service(const std::string& how, const std::string& address, Duration most) {
  return how == "tcp" ? check_connection(address, most) : check_url(how, most);
}

}  // namespace promster
