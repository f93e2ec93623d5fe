#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/duration.h"
#include "base/result.h"

namespace promster {

// How to start a program. There is never a shell: every argument reaches the program as it is.
struct SpawnOptions {
  std::vector<std::string> argv;  // argv[0] is looked up in PATH unless it has a slash
  std::vector<std::pair<std::string, std::string>> environment;  // set or replaced beside our own
  std::vector<std::string> unset_environment;                    // our own, not handed on
  std::string output_path;      // standard output and error are appended there; empty: inherited
  bool own_group = false;       // a process group of its own, so that signals reach all of it
  bool die_with_parent = true;  // SIGTERM when the thread that started it ends (PR_SET_PDEATHSIG)
};

// Starts a program and returns its pid, or why it could not be started ("start etcd: No such file
// or directory"). Standard input is /dev/null. Signal masks and dispositions are reset for the
// child. Thread rule: any thread; with die_with_parent one that outlives the child.
Result<pid_t> spawn(const SpawnOptions& options);

// The file that PATH finds for `name`, if any.
std::optional<std::string> find_program(const std::string& name);

// How a process ended.
struct ExitStatus {
  int code = 0;    // its exit code; 128 + signal where a signal ended it
  int signal = 0;  // 0 where it exited by itself

  static ExitStatus from_wait(int wait_status);
  std::string text() const;  // "exit code 2", "signal 9 (Killed)"
};

// A child process. Destruction kills it (its whole group, where it has one) and reaps it.
//
// Thread rule: one thread.
class Process {
 public:
  static Result<Process> start(const SpawnOptions& options);

  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  ~Process();

  pid_t pid() const { return pid_; }
  bool running();

  // Sends a signal; to the whole group where it has one, which may have members left when the
  // process itself has ended. Otherwise nothing happens once it has ended.
  void signal(int number);

  // Waits until the process has ended or `most` is over; nullopt says that it still runs.
  std::optional<ExitStatus> wait(Duration most);

  // SIGTERM, then after `grace` SIGKILL; returns how it ended.
  ExitStatus stop(Duration grace);

 private:
  explicit Process(pid_t pid, bool own_group) : pid_(pid), own_group_(own_group) {}

  pid_t pid_ = -1;
  bool own_group_ = false;
  std::optional<ExitStatus> ended_;
};

// What a short program printed, standard output and error together, cut at 1 MiB.
struct RunOutput {
  ExitStatus status;
  std::string text;
};

// Runs a program to its end. One that takes longer than `most` is killed, which is an error.
Result<RunOutput> run_program(const std::vector<std::string>& argv, Duration most);

}  // namespace promster
