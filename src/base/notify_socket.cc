#include "base/notify_socket.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <system_error>

namespace promster {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Error failed(const char* step) {
  return Error{std::string(step) + ": " + std::generic_category().message(errno)};
}

Result<void> send_to(int fd, const sockaddr_un& to, socklen_t length, std::string_view lines) {
  const timeval limit{.tv_sec = 1, .tv_usec = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const auto* address = reinterpret_cast<const sockaddr*>(&to);
  const auto sent = ::sendto(fd, lines.data(), lines.size(), MSG_NOSIGNAL, address, length);
  if (sent < 0) return failed("send");
  return {};
}

}  // namespace

NotifySocket NotifySocket::from_environment() {
  return NotifySocket(variable("NOTIFY_SOCKET"));
}

Result<void> NotifySocket::send(std::string_view lines) const {
  if (!enabled()) return {};
  const std::string step = "tell the service manager at " + address_;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  const bool known = address_.front() == '/' || address_.front() == '@';
  if (!known || address_.size() >= sizeof to.sun_path) {
    return Error{step + ": neither a path nor an abstract name of a socket"};
  }
  std::ranges::copy(address_, to.sun_path);
  if (address_.front() == '@') to.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return failed("socket").within(step);
  const auto sent = send_to(fd, to, length, lines);
  ::close(fd);
  if (!sent) return sent.error().within(step);
  return {};
}

std::optional<Duration> watchdog_from_environment(int own_pid) {
  const std::string pid = variable("WATCHDOG_PID");
  if (!pid.empty() && pid != std::to_string(own_pid)) return std::nullopt;
  const auto microseconds = number(variable("WATCHDOG_USEC"));
  if (!microseconds || *microseconds < 1000) return std::nullopt;
  return Duration(static_cast<Duration::rep>(*microseconds / 1000));
}

}  // namespace promster
