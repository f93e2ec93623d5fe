#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/duration.h"
#include "base/result.h"

namespace promster {

// The service manager that started us, told how we are. The protocol is that of sd_notify(3): one
// datagram of NAME=VALUE lines to the AF_UNIX socket that $NOTIFY_SOCKET names, either a path or,
// after an "@", an abstract name. Without that variable there is nobody to tell, and nothing is
// sent.
//
// Thread rule: any thread.
class NotifySocket {
 public:
  NotifySocket() = default;  // nobody to tell
  explicit NotifySocket(std::string address) : address_(std::move(address)) {}
  static NotifySocket from_environment();

  bool enabled() const { return !address_.empty(); }

  // Sends lines such as "READY=1\nSTATUS=serving". Takes no longer than a second, even where the
  // manager does not read.
  Result<void> send(std::string_view lines) const;

 private:
  std::string address_;
};

// After what silence the manager takes us for hung: $WATCHDOG_USEC, where it is meant for process
// `own_pid` (sd_watchdog_enabled(3): $WATCHDOG_PID says so, or is not set).
std::optional<Duration> watchdog_from_environment(int own_pid);

}  // namespace promster
