#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <string>

#include "base/duration.h"

namespace promster {

// The service manager's end of a NotifySocket. Thread rule: one thread.
class NotifyReader {
 public:
  explicit NotifyReader(std::string address) : address_(std::move(address)) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    address_.copy(at.sun_path, sizeof at.sun_path - 1);
    if (address_.front() == '@') at.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
    bound_ = ::bind(fd_, reinterpret_cast<const sockaddr*>(&at), length) == 0;
  }
  ~NotifyReader() {
    ::close(fd_);
    if (address_.front() == '/') ::unlink(address_.c_str());
  }
  NotifyReader(const NotifyReader&) = delete;
  NotifyReader& operator=(const NotifyReader&) = delete;

  bool bound() const { return bound_; }

  // The next datagram; "nothing" where none comes within `most`.
  std::string next(Duration most = Duration::zero()) const {
    pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, static_cast<int>(most.count())) <= 0) return "nothing";
    std::array<char, 4096> bytes{};
    const auto size = ::recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string(bytes.data(), static_cast<std::size_t>(size));
  }

 private:
  std::string address_;
  int fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  bool bound_ = false;
};

}  // namespace promster
