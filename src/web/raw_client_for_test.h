#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace promster {

// A client for tests that says to a server on loopback exactly the bytes it is given. Each read
// waits 10 s at most. Thread rule: one thread.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval most{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  RawClient(RawClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        connected_(other.connected_),
        received_(std::move(other.received_)) {}
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() {
    if (fd_ >= 0) ::close(fd_);
  }

  bool connected() const { return connected_; }

  // False where the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // One answer, head and body as its Content-Length says; what came where the server closed before.
  // `bare` is for answers to HEAD, which have no body.
  std::string answer(bool bare = false) {
    std::size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return std::exchange(received_, {});
    }
    const std::size_t size = end + 4 + (bare ? 0 : length_in(received_.substr(0, end)));
    while (received_.size() < size) {
      if (!receive()) return std::exchange(received_, {});
    }
    std::string whole = received_.substr(0, size);
    received_.erase(0, size);
    return whole;
  }

  // What comes up to `end`, with it; what came where the server closed before.
  std::string until(const std::string& end) {
    std::size_t at = 0;
    while ((at = received_.find(end)) == std::string::npos) {
      if (!receive()) return std::exchange(received_, {});
    }
    std::string whole = received_.substr(0, at + end.size());
    received_.erase(0, at + end.size());
    return whole;
  }

  // Everything until the server closes. `closed` tells a close from a wait that was too long.
  std::string rest() {
    while (receive()) {
    }
    return std::exchange(received_, {});
  }
  bool closed() {
    rest();
    return !timed_out_;
  }

 private:
  bool receive() {
    std::array<char, 16384> buffer;
    const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), 0);
    timed_out_ = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    if (got > 0) received_.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  static std::size_t length_in(const std::string& head) {
    const std::size_t at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 16, nullptr, 10);
  }

  int fd_;
  bool connected_ = false;
  bool timed_out_ = false;
  std::string received_;
};

// The status of an answer; 0 where it is none.
inline int status_in(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::atoi(answer.c_str() + 9) : 0;
}

}  // namespace promster
