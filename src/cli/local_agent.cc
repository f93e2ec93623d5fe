#include "cli/local_agent.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <memory>
#include <ostream>
#include <system_error>

#include "cli/call_error.h"
#include "cli/status_reader.h"
#include "core/prometheus_url.h"
#include "prom/listening_process.h"

namespace promster {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

// Whether it is an address of this machine: only to such a one can a socket be bound.
bool is_ours(const addrinfo& address) {
  const int fd = ::socket(address.ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const bool bound = ::bind(fd, address.ai_addr, address.ai_addrlen) == 0;
  ::close(fd);
  return bound;
}

Result<void> check_is_here(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  const int failure = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (failure != 0) return Error{"look up " + host + ": " + ::gai_strerror(failure)};
  const Addresses addresses(found, &::freeaddrinfo);
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    if (is_ours(*one)) return {};
  }
  return Error{"--url; " + host + " is not this machine, and only an agent on it is sent a signal" +
               "; try: the command on that machine"};
}

}  // namespace

Result<LocalAgent> LocalAgent::of(const CommandCall& call) {
  auto page = read_node_address(call);
  if (!page) return page.error();
  const auto url = parse_prometheus_url(page->url);
  if (!url) return url.error().within("--url");
  if (!call.text("--url").empty()) {
    const auto here = check_is_here(url->host);
    if (!here) return here.error();
  }
  page->mend = "is the agent running, and is --web.listen-address the same?";
  return LocalAgent(std::move(*page), url->port);
}

Result<ShownStatus> LocalAgent::status() {
  const auto answer = page_.ask("status");
  return answer ? read_status(*answer) : Result<ShownStatus>(answer.error());
}

bool LocalAgent::runs(const ShownStatus& agent) const {
  return agent.pid > 0 && listens(static_cast<pid_t>(agent.pid), "promster", port_);
}

Result<void> LocalAgent::signal(const ShownStatus& agent, int number) const {
  const std::string pid = std::to_string(agent.pid);
  if (!runs(agent)) {
    return Error{"no process promster that we may look into has the pid that the agent says (" +
                 pid + ") and listens on port " + std::to_string(port_) +
                 "; try: as root, or as the agent's user, and in its container"};
  }
  if (::kill(static_cast<pid_t>(agent.pid), number) == 0) return {};
  return Error{"signal promster (pid " + pid + "): " + std::generic_category().message(errno) +
               "; try: as root, or as the agent's user"};
}

int tell_local_agent(const CommandCall& call, const TellAgent& tell) {
  const auto told = [&]() -> Result<std::string> {
    auto agent = LocalAgent::of(call);
    if (!agent) return agent.error();
    const auto status = agent->status();
    return status ? tell(*agent, *status) : Result<std::string>(status.error());
  }();
  if (!told) return fail_call(call, {{told.error().message}, kExitFailed});
  call.out << *told;
  return kExitFine;
}

}  // namespace promster
