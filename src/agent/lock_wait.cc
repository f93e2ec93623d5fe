#include "agent/lock_wait.h"

#include <chrono>
#include <csignal>
#include <ctime>

namespace promster {
namespace {

constexpr int kTries = 50;
constexpr timespec kBetween{.tv_sec = 0, .tv_nsec = 200'000'000};

// Whether this process was told to stop before the next try.
bool told_to_stop() {
  sigset_t stops;
  ::sigemptyset(&stops);
  ::sigaddset(&stops, SIGTERM);
  ::sigaddset(&stops, SIGINT);
  return ::sigtimedwait(&stops, nullptr, &kBetween) > 0;
}

}  // namespace

Result<ConfigLock> wait_for_config_lock(const std::string& config_dir, ConfigLock::Of of,
                                        const Log& log) {
  for (int tries = 1;; ++tries) {
    auto lock = ConfigLock::take(config_dir, of);
    if (lock || tries > kTries) return lock;
    if (tries == 1) log.warning("waits for another promster", {{"reason", lock.error().message}});
    if (told_to_stop()) return lock;
  }
}

}  // namespace promster
