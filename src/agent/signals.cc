#include "agent/signals.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <utility>

namespace promster {
namespace {

sigset_t our_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2}) ::sigaddset(&set, number);
  return set;
}

}  // namespace

void block_signals() {
  const sigset_t set = our_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

void watch_signals(const std::function<void(int)>& tell, std::stop_token stop) {
  const sigset_t set = our_signals();
  const pthread_t self = ::pthread_self();
  const std::stop_callback wake(stop, [self] { ::pthread_kill(self, SIGUSR2); });
  while (!stop.stop_requested()) {
    int number = 0;
    if (::sigwait(&set, &number) == 0 && !stop.stop_requested()) tell(number);
  }
}

void watch_signals(Inbox<Event>& inbox, std::stop_token stop) {
  const auto push = [&inbox](int number) {
    if (number == SIGHUP) {
      inbox.push(RefreshAsked{});
    } else if (number == SIGUSR1) {
      inbox.push(RemovalConfirmed{});
    } else if (number != SIGUSR2) {
      inbox.push(StopAsked{});
    }
  };
  watch_signals(push, std::move(stop));
}

}  // namespace promster
