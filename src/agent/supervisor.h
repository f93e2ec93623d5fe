#pragma once

#include <optional>
#include <string>

#include "base/backoff.h"
#include "base/duration.h"
#include "base/log.h"
#include "base/notify_socket.h"
#include "base/process.h"

namespace promster {

struct SupervisorOptions {
  SpawnOptions agent;
  SpawnOptions prometheus;
  std::string config_dir;         // one supervisor at a time
  std::string prometheus_config;  // Prometheus is first started when this file exists
  std::string pid_file;           // holds the pid of Prometheus while it runs

  // A child that ended is started again after a while; after a stable time the wait is short again.
  Backoff::Options restart{.first = std::chrono::milliseconds(200),
                           .most = std::chrono::milliseconds(10'000),
                           .factor = 2,
                           .jitter = false};
  Duration stable{60'000};
  // How long each may take to stop before SIGKILL: the agent hands its targets over first.
  Duration agent_grace{15'000};
  Duration prometheus_grace{5'000};
  Duration second_signal_grace{1'000};  // of both, once a second signal came

  // The service manager, and after what silence it takes all of us for hung, where it does. The
  // agent feeds that watchdog. While it cannot, since it is dead or has just been started, the
  // supervisor does, so that an agent which dies again and again costs no scrape.
  NotifySocket manager;
  std::optional<Duration> watchdog;
};

// Runs the agent and Prometheus as two children of this process until it is told to stop, so that
// the death of one never disturbs the other. It is a correct PID 1: it reaps whatever is handed to
// it, and its children never outlive it.
//
//   SIGTERM, SIGINT   the agent is asked to stop and waited for, since it withdraws from etcd; then
//                     Prometheus is. Returns 0, or 1 where one of them had to be killed.
//   the same again    both are asked at once, and killed after second_signal_grace
//   SIGHUP, SIGUSR1, SIGUSR2   go to the agent
//
// An agent that ends with 0 was asked to by somebody else (POST /-/quit): that stops Prometheus
// too, and returns 0. Returns 2 where the first agent ends with 2, which says that its settings are
// wrong; and 1 where the signals could not be set up, or another supervisor has the folder (of the
// configuration), which is waited for a little (agent/lock_wait.h). Then nothing was touched.
//
// Thread rule: the only thread of its process, whose signal mask it changes for good.
int supervise(const SupervisorOptions& options, const Log& log);

}  // namespace promster
