#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"

namespace promster {

struct FindPrometheusOptions {
  std::string url;                     // of Prometheus; it must run on this machine
  std::string pid_file;                // written by who started it; may be missing
  std::string program = "prometheus";  // its name, or path: only a process of this name is taken
};

// The pid of the Prometheus behind a URL: that of the pid file where it names a living process,
// else that of the process which listens on the URL's port (proc(5): /proc/net/tcp{,6} gives the
// socket, /proc/PID/fd its holder; needs the same user, or root). Where the descriptors of a process
// are hidden from its own user (systemd's PrivateUsers=), its owner and the port of its command
// line decide, if they are those of one process only. A process of another name is never returned,
// since a signal might end it.
//
// Thread rule: any thread.
Result<pid_t> find_prometheus(const FindPrometheusOptions& options);

}  // namespace promster
