#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/inbox.h"

namespace promster {

// For tests: a server which says exactly what a test wants it to, be it no HTTP at all. It serves
// one request a connection, one after the other, on a free port of 127.0.0.1.
//
// Thread rule: one thread. The answer is made by a thread of the server's.
class StubServer {
 public:
  struct Request {
    std::string method;
    std::string path;  // with its query
    std::string text;  // all of it
  };
  // The bytes to send, after which the connection is closed; nullopt: silence until the client
  // goes.
  using Answer = std::function<std::optional<std::string>(const Request&)>;

  explicit StubServer(Answer answer) : answer_(std::move(answer)) {
    sockaddr_in address{.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    const bool listens = ::bind(listener_, generic, size) == 0 && ::listen(listener_, 16) == 0 &&
                         ::getsockname(listener_, generic, &size) == 0;
    if (!listens) std::abort();
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }

  StubServer(const StubServer&) = delete;
  StubServer& operator=(const StubServer&) = delete;

  ~StubServer() {
    ::eventfd_write(stop_, 1);
    thread_.join();
    ::close(listener_);
    ::close(stop_);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  // What was asked since the last call; the first is waited for up to 10 s.
  std::vector<Request> requests() {
    return requests_.wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(10));
  }

  static std::string response(int status, std::string_view body, std::string_view headers = "") {
    return "HTTP/1.1 " + std::to_string(status) +
           " Words\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nConnection: close\r\n" + std::string(headers) + "\r\n" + std::string(body);
  }

 private:
  // False where we are to stop.
  bool wait_for(int fd) const {
    std::array<pollfd, 2> fds{{{.fd = fd, .events = POLLIN}, {.fd = stop_, .events = POLLIN}}};
    ::poll(fds.data(), fds.size(), -1);
    return fds[1].revents == 0;
  }

  void serve() {
    while (wait_for(listener_)) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      serve_one(client);
      ::close(client);
    }
  }

  // Reads until the client pauses or goes; false where it has gone.
  bool read_some(int client, std::string& text) const {
    std::array<char, 4096> buffer;
    if (!wait_for(client)) return false;
    const ssize_t got = ::recv(client, buffer.data(), buffer.size(), 0);
    if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  void serve_one(int client) {
    Request request;
    while (request.text.find("\r\n\r\n") == std::string::npos) {
      if (!read_some(client, request.text)) return;
    }
    request.method = request.text.substr(0, request.text.find(' '));
    const auto path = request.method.size() + 1;
    request.path = request.text.substr(path, request.text.find(' ', path) - path);
    requests_.push(request);
    std::optional<std::string> answer = answer_(request);
    if (!answer) {
      while (read_some(client, request.text)) {
      }
      return;
    }
    std::string_view rest = *answer;
    while (!rest.empty()) {
      const ssize_t put = ::send(client, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (put <= 0) return;
      rest.remove_prefix(static_cast<std::size_t>(put));
    }
  }

  Answer answer_;
  int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int stop_ = ::eventfd(0, EFD_CLOEXEC);
  int port_ = 0;
  Inbox<Request> requests_;
  std::thread thread_;
};

}  // namespace promster
