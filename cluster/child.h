#pragma once

#include <optional>
#include <string>

#include "base/process.h"
#include "base/result.h"

namespace promster {

// A server that we run as a child, and may stop and start again with the same command line. It dies
// with the thread that started it, and is killed and reaped when this is destroyed.
//
// Thread rule: one thread, which outlives it.
class Child {
 public:
  // Nothing runs yet. What it prints is appended to `options.output_path`.
  explicit Child(SpawnOptions options) : options_(std::move(options)) {}

  // REQUIRES: it does not run.
  Result<void> launch();

  // Waits until `url` answers a GET with 200. Fails when `most` is over, and at once when the
  // process has ended; the error ends with the last lines of its log.
  Result<void> wait_until_ready(const std::string& url, Duration most);

  bool running() { return process_ && process_->running(); }
  pid_t pid() const { return process_ ? process_->pid() : -1; }
  const std::string& log_path() const { return options_.output_path; }

  // SIGTERM, and SIGKILL where that was not enough within `grace`. How it ended, if it ran.
  std::optional<ExitStatus> stop(Duration grace = Duration(10'000));
  // SIGKILL, as a crash would end it.
  void kill();
  // SIGSTOP and SIGCONT: the process is there, and does nothing. Returns once it has stopped.
  void pause();
  void resume();
  void signal(int number);
  // Waits until it has ended or `most` is over; how it ended, if it did.
  std::optional<ExitStatus> wait(Duration most);

 private:
  SpawnOptions options_;
  std::optional<Process> process_;
};

// The last `lines` lines of a file, indented; where it cannot be read, why.
std::string log_tail(const std::string& path, int lines);

}  // namespace promster
