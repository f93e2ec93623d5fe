#pragma once

#include <optional>
#include <string>

#include "base/log.h"
#include "base/notify_socket.h"
#include "core/snapshot.h"

namespace promster {

// What a service manager such as systemd is told of a node (sd_notify(3)), turn by turn of the
// control loop:
//
//   READY=1              after the first turn: we serve, and Prometheus's files are on disk. It
//                        does not wait for etcd, nor for Prometheus, which may start after us.
//   STATUS=              what /-/ready says, whenever it changes
//   WATCHDOG=1           so that a control thread which hangs is noticed
//   STOPPING=1           once it was asked to end. Not for a drain that was asked for by itself:
//                        systemd would take the unit for one that stops, and send no SIGTERM.
//   EXTEND_TIMEOUT_USEC= from then on while targets are handed over, however long that takes
//
// Thread rule: the control thread.
class ServiceNotify {
 public:
  // `watchdog`: after what silence the manager takes us for hung, where it does.
  ServiceNotify(NotifySocket socket, std::optional<Duration> watchdog)
      : socket_(std::move(socket)), watchdog_(watchdog) {}
  static ServiceNotify from_environment();

  // How often a turn is wanted, even where nothing happens; nothing where nobody listens.
  std::optional<Duration> pulse() const;

  // Sends what is to be said after a turn. A manager that cannot be told is logged once, and told
  // all of it soon after.
  void turned(const Snapshot& after, SteadyTime now, const Log& log);

  // Says that it stops, where that was not said.
  void stopping(const Log& log);

 private:
  // What the manager knows.
  struct Said {
    bool ready = false, stopping = false;
    std::string status;
    std::optional<SteadyTime> alive;
  };

  // The lines that are to be sent, empty where there is nothing new; `said` is then what was said.
  std::string lines(const Snapshot& after, SteadyTime now, Said& said) const;
  bool send(const std::string& text, const Log& log);
  Duration between_tries() const;

  NotifySocket socket_;
  std::optional<Duration> watchdog_;
  Said said_;
  std::optional<SteadyTime> failed_;
  bool failure_logged_ = false;
};

}  // namespace promster
