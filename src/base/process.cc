#include "base/process.h"

#include <fcntl.h>
#include <poll.h>
extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgets to say that its functions are C
}
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include "base/text.h"

extern char** environ;

namespace promster {
namespace {

std::string errno_text(int number) {
  return std::generic_category().message(number);
}

std::vector<std::string> child_environment(const SpawnOptions& options) {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    const bool replaced = std::ranges::any_of(options.environment,
                                              [&](const auto& pair) { return pair.first == name; });
    const bool unset =
        std::ranges::find(options.unset_environment, name) != options.unset_environment.end();
    if (!replaced && !unset) entries.emplace_back(text);
  }
  for (const auto& [name, value] : options.environment) entries.push_back(name + "=" + value);
  return entries;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// All that the child needs, made before the fork: between fork and exec of a process with threads
// only async-signal-safe calls are allowed.
struct Prepared {
  std::string program;
  std::vector<std::string> argv, environment;
  std::vector<char*> argv_pointers, environment_pointers;
  std::string output_path;
  bool own_group, die_with_parent;
  pid_t parent;
};

// Runs in the child. Returns only where something failed, with errno set.
void become(const Prepared& prepared) {
  if (prepared.own_group && ::setpgid(0, 0) != 0) return;
  if (prepared.die_with_parent) {
    if (::prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) return;
    if (::getppid() != prepared.parent) ::_exit(1);  // the parent ended before we could ask
  }
  // Every signal is blocked since before the fork. One that was sent to our parent's group
  // meanwhile was not meant for us: being ignored for a moment, it is forgotten.
  for (const auto disposition : {SIG_IGN, SIG_DFL}) {
    for (int number = 1; number < NSIG; ++number) ::signal(number, disposition);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int null = ::open("/dev/null", O_RDONLY);
  if (null < 0 || ::dup2(null, 0) < 0) return;
  if (!prepared.output_path.empty()) {
    const int out = ::open(prepared.output_path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (out < 0 || ::dup2(out, 1) < 0 || ::dup2(out, 2) < 0) return;
    if (out > 2) ::close(out);
  }
  if (null > 2) ::close(null);
  ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  ::execve(prepared.program.c_str(), prepared.argv_pointers.data(),
           prepared.environment_pointers.data());
}

Result<Prepared> prepare(const SpawnOptions& options) {
  if (options.argv.empty()) return Error{"no program given"};
  const auto program = find_program(options.argv[0]);
  if (!program) return Error{errno_text(ENOENT)};
  Prepared prepared{.program = *program,
                    .argv = options.argv,
                    .environment = child_environment(options),
                    .argv_pointers = {},
                    .environment_pointers = {},
                    .output_path = options.output_path,
                    .own_group = options.own_group,
                    .die_with_parent = options.die_with_parent,
                    .parent = ::getpid()};
  return prepared;
}

Result<pid_t> fork_and_exec(Prepared& prepared) {
  prepared.argv_pointers = pointers(prepared.argv);
  prepared.environment_pointers = pointers(prepared.environment);
  std::array<int, 2> report{};
  if (::pipe2(report.data(), O_CLOEXEC) != 0) return Error{errno_text(errno)};
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  if (pid == 0) {
    become(prepared);
    const int failure = errno;
    [[maybe_unused]] const ssize_t told = ::write(report[1], &failure, sizeof failure);
    ::_exit(127);
  }
  const int fork_errno = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::close(report[1]);
  int failure = pid < 0 ? fork_errno : 0;
  while (pid > 0 && ::read(report[0], &failure, sizeof failure) < 0 && errno == EINTR) {
  }
  ::close(report[0]);
  if (failure == 0) return pid;
  if (pid > 0) ::waitpid(pid, nullptr, 0);
  return Error{errno_text(failure)};
}

// Where there is no descriptor to wait with: looks again and again.
bool poll_for_end(pid_t pid, SteadyTime deadline) {
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0) {
    if (info.si_pid == pid) return true;
    if (std::chrono::steady_clock::now() >= deadline) return false;
    ::poll(nullptr, 0, 10);
  }
  return true;
}

// Blocks until the process can be reaped or `most` is over.
bool wait_for_end(pid_t pid, Duration most) {
  const auto deadline = std::chrono::steady_clock::now() + most;
  const int fd = ::pidfd_open(pid, 0);
  if (fd < 0) return poll_for_end(pid, deadline);
  pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
  int ready = 0;
  do {
    const auto left =
        std::chrono::duration_cast<Duration>(deadline - std::chrono::steady_clock::now());
    ready = ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(0, left.count())));
  } while (ready < 0 && errno == EINTR);
  ::close(fd);
  return ready > 0;
}

}  // namespace

std::optional<std::string> find_program(const std::string& name) {
  const auto executable = [](const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
           ::access(path.c_str(), X_OK) == 0;
  };
  if (name.find('/') != std::string::npos) {
    return ::access(name.c_str(), X_OK) == 0 ? std::optional(name) : std::nullopt;
  }
  const char* path = std::getenv("PATH");
  for (const std::string_view folder : split(path == nullptr ? "/usr/bin:/bin" : path, ':')) {
    std::string candidate = std::string(folder) + "/" + name;
    if (!folder.empty() && executable(candidate)) return candidate;
  }
  return std::nullopt;
}

Result<pid_t> spawn(const SpawnOptions& options) {
  const std::string what = "start " + (options.argv.empty() ? std::string("?") : options.argv[0]);
  auto prepared = prepare(options);
  if (!prepared) return prepared.error().within(what);
  const auto pid = fork_and_exec(*prepared);
  if (!pid) return pid.error().within(what);
  return *pid;
}

ExitStatus ExitStatus::from_wait(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    return {.code = 128 + WTERMSIG(wait_status), .signal = WTERMSIG(wait_status)};
  }
  return {.code = WEXITSTATUS(wait_status), .signal = 0};
}

std::string ExitStatus::text() const {
  if (signal == 0) return "exit code " + std::to_string(code);
  return "signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")";
}

Result<Process> Process::start(const SpawnOptions& options) {
  const auto pid = spawn(options);
  if (!pid) return pid.error();
  return Process(*pid, options.own_group);
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), own_group_(other.own_group_), ended_(other.ended_) {}

Process& Process::operator=(Process&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(own_group_, other.own_group_);
  std::swap(ended_, other.ended_);
  return *this;
}

Process::~Process() {
  if (pid_ < 0) return;
  signal(SIGKILL);
  if (!ended_) ::waitpid(pid_, nullptr, 0);
}

bool Process::running() {
  return !wait(Duration(0));
}

void Process::signal(int number) {
  if (pid_ < 0 || (ended_ && !own_group_)) return;
  ::kill(own_group_ ? -pid_ : pid_, number);
}

std::optional<ExitStatus> Process::wait(Duration most) {
  if (ended_ || pid_ < 0 || !wait_for_end(pid_, most)) return ended_;
  int status = 0;
  pid_t reaped = 0;
  while ((reaped = ::waitpid(pid_, &status, 0)) < 0 && errno == EINTR) {
  }
  // Somebody else has reaped it (a loop that waits for any child): how it ended is lost.
  ended_ = reaped == pid_ ? ExitStatus::from_wait(status) : ExitStatus{};
  return ended_;
}

ExitStatus Process::stop(Duration grace) {
  if (running()) {
    signal(SIGTERM);
    if (!wait(grace)) {
      signal(SIGKILL);
      wait(std::chrono::hours(1));
    }
  }
  return ended_.value_or(ExitStatus{});
}

}  // namespace promster
