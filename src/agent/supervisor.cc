#include "agent/supervisor.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>

#include "agent/lock_wait.h"
#include "prom/files.h"

namespace promster {
namespace {

using std::chrono::steady_clock;

// How often to look whether the agent has written the first configuration.
constexpr Duration kLookForConfig{50};
constexpr int kBadSettings = 2;
constexpr int kPulsesPerWatchdog = 4;

struct Child {
  Child(std::string the_name, SpawnOptions options, const Backoff::Options& restart)
      : name(std::move(the_name)), how(std::move(options)), backoff(restart) {
    how.own_group = true;  // so that Ctrl-C in a terminal reaches us alone, who know the order
    how.die_with_parent = true;
  }

  bool running() const { return pid > 0; }
  void ask_to_stop() const {
    if (running()) ::kill(pid, SIGTERM);
  }
  void kill() const {
    if (running()) ::kill(-pid, SIGKILL);
  }

  std::string name;
  SpawnOptions how;
  Backoff backoff;
  pid_t pid = -1;
  int lives = 0;
  SteadyTime started{};
  std::optional<SteadyTime> start_at = steady_clock::now();  // without: it is not wanted
};

class Supervisor {
 public:
  Supervisor(const SupervisorOptions& options, const Log& log)
      : options_(options),
        log_(log),
        agent_("agent", options.agent, options.restart),
        prometheus_("prometheus", options.prometheus, options.restart) {}

  int run(const sigset_t& signals);

 private:
  enum class Phase { kRunning, kStoppingAgent, kStoppingPrometheus, kStoppingBoth };

  bool finished() const {
    return phase_ != Phase::kRunning && !agent_.running() && !prometheus_.running();
  }
  std::optional<SteadyTime> next_deadline() const;
  int wait_for_signal(const sigset_t& signals) const;
  void feed_watchdog() const;
  void start_if_due(Child& child);
  void start(Child& child);
  void on_signal(int number);
  void on_stop_signal();
  void reap();
  void on_end(Child& child, const ExitStatus& status);
  void restart_later(Child& child, const std::string& reason);
  void enter(Phase phase, Duration grace);
  void advance();

  const SupervisorOptions& options_;
  const Log& log_;
  Child agent_, prometheus_;
  Phase phase_ = Phase::kRunning;
  std::optional<SteadyTime> kill_at_;
  int exit_code_ = 0;
};

int Supervisor::run(const sigset_t& signals) {
  ::unlink(options_.pid_file.c_str());  // of a supervisor that was killed
  while (!finished()) {
    start_if_due(agent_);
    start_if_due(prometheus_);
    feed_watchdog();
    on_signal(wait_for_signal(signals));
    reap();
    advance();
  }
  return exit_code_;
}

std::optional<SteadyTime> Supervisor::next_deadline() const {
  std::optional<SteadyTime> next = kill_at_;
  if (options_.watchdog) {
    const SteadyTime pulse = steady_clock::now() + *options_.watchdog / kPulsesPerWatchdog;
    next = next ? std::min(*next, pulse) : pulse;
  }
  for (const Child* child : {&agent_, &prometheus_}) {
    if (child->running() || !child->start_at) continue;
    next = next ? std::min(*next, *child->start_at) : child->start_at;
  }
  return next;
}

// The signal that came; 0 where the next deadline came first.
int Supervisor::wait_for_signal(const sigset_t& signals) const {
  const auto deadline = next_deadline();
  if (!deadline) return std::max(0, ::sigwaitinfo(&signals, nullptr));
  const auto left = std::max(SteadyTime::duration(0), *deadline - steady_clock::now());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  const timespec timeout{.tv_sec = seconds.count(),
                         .tv_nsec = std::chrono::nanoseconds(left - seconds).count()};
  return std::max(0, ::sigtimedwait(&signals, nullptr, &timeout));
}

void Supervisor::feed_watchdog() const {
  if (!options_.watchdog) return;
  const bool new_born = steady_clock::now() - agent_.started < *options_.watchdog / 2;
  if (agent_.running() && !new_born) return;
  const auto fed = options_.manager.send("WATCHDOG=1");
  if (!fed) log_.warning("the service manager is not told", {{"reason", fed.error().message}});
}

void Supervisor::start_if_due(Child& child) {
  const SteadyTime now = steady_clock::now();
  if (child.running() || !child.start_at || now < *child.start_at) return;
  if (&child == &prometheus_ && ::access(options_.prometheus_config.c_str(), F_OK) != 0) {
    child.start_at = now + kLookForConfig;
    return;
  }
  start(child);
}

void Supervisor::start(Child& child) {
  child.started = steady_clock::now();
  const auto pid = spawn(child.how);
  if (!pid) return restart_later(child, pid.error().message);
  child.pid = *pid;
  ++child.lives;
  log_.info("started", {{"process", child.name}, {"pid", std::to_string(*pid)}});
  if (&child != &prometheus_) return;
  const auto written = replace_file(options_.pid_file, std::to_string(*pid) + "\n");
  if (!written) log_.warning("pid file not written", {{"reason", written.error().message}});
}

void Supervisor::on_signal(int number) {
  if (number == SIGTERM || number == SIGINT) on_stop_signal();
  const bool for_the_agent = number == SIGHUP || number == SIGUSR1 || number == SIGUSR2;
  if (for_the_agent && agent_.running()) ::kill(agent_.pid, number);
}

void Supervisor::on_stop_signal() {
  if (phase_ == Phase::kRunning) {
    log_.info("stopping");
    enter(Phase::kStoppingAgent, options_.agent_grace);
    agent_.ask_to_stop();
  } else if (phase_ != Phase::kStoppingBoth) {
    log_.warning("stopping at once");
    enter(Phase::kStoppingBoth, options_.second_signal_grace);
    agent_.ask_to_stop();
    prometheus_.ask_to_stop();
  }
}

// Takes every process that has ended: our two, and orphans that were handed to us.
void Supervisor::reap() {
  int status = 0;
  pid_t pid = 0;
  while ((pid = ::waitpid(-1, &status, WNOHANG)) > 0 || (pid < 0 && errno == EINTR)) {
    if (pid == agent_.pid) on_end(agent_, ExitStatus::from_wait(status));
    if (pid == prometheus_.pid) on_end(prometheus_, ExitStatus::from_wait(status));
  }
}

void Supervisor::on_end(Child& child, const ExitStatus& status) {
  child.pid = -1;
  if (&child == &prometheus_) ::unlink(options_.pid_file.c_str());
  if (phase_ != Phase::kRunning) {
    log_.info("ended", {{"process", child.name}, {"reason", status.text()}});
    return;
  }
  if (&child == &agent_ && child.lives == 1 && status.code == kBadSettings) {
    log_.error("the agent refuses its settings");
    exit_code_ = kBadSettings;
    return enter(Phase::kStoppingAgent, options_.agent_grace);
  }
  if (&child == &agent_ && status.code == 0) {
    log_.info("the agent was asked to end; so is Prometheus");
    return enter(Phase::kStoppingAgent, options_.agent_grace);
  }
  if (steady_clock::now() - child.started >= options_.stable) child.backoff.reset();
  restart_later(child, status.text());
}

void Supervisor::restart_later(Child& child, const std::string& reason) {
  const Duration wait = child.backoff.next();
  child.start_at = steady_clock::now() + wait;
  log_.error("ended unasked",
             {{"process", child.name}, {"reason", reason}, {"restart_in", format_duration(wait)}});
}

// From now on nothing is started.
void Supervisor::enter(Phase phase, Duration grace) {
  phase_ = phase;
  kill_at_ = steady_clock::now() + grace;
  agent_.start_at.reset();
  prometheus_.start_at.reset();
}

void Supervisor::advance() {
  if (phase_ == Phase::kStoppingAgent && !agent_.running()) {
    enter(Phase::kStoppingPrometheus, options_.prometheus_grace);
    prometheus_.ask_to_stop();
  }
  if (!kill_at_ || steady_clock::now() < *kill_at_ || finished()) return;
  // While the agent stops, Prometheus is not asked yet: its turn comes when the agent is gone.
  log_.error("took too long to stop and is killed");
  exit_code_ = exit_code_ == 0 ? 1 : exit_code_;
  kill_at_.reset();
  agent_.kill();
  if (phase_ != Phase::kStoppingAgent) prometheus_.kill();
}

}  // namespace

int supervise(const SupervisorOptions& options, const Log& log) {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int number : {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2})
    ::sigaddset(&signals, number);
  ::signal(SIGCHLD, SIG_DFL);  // an ignored one, inherited, would reap children behind our back
  ::signal(SIGPIPE, SIG_IGN);  // a log that nobody reads any more is no reason to end
  const bool ready = ::sigprocmask(SIG_BLOCK, &signals, nullptr) == 0 &&
                     ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
  if (!ready) {
    log.error("signals not set up", {{"reason", std::generic_category().message(errno)}});
    return 1;
  }
  const auto lock = wait_for_config_lock(options.config_dir, ConfigLock::Of::kPrometheus, log);
  if (lock) return Supervisor(options, log).run(signals);
  log.error("cannot start", {{"reason", lock.error().message}});
  return 1;
}

}  // namespace promster
