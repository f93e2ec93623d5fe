#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "base/process.h"

namespace promster {
namespace {

constexpr std::size_t kMostOutput = 1 << 20;

// Reads until every writer has closed its end; false where the deadline came first.
bool read_to_end(int fd, SteadyTime deadline, std::string& text) {
  std::array<char, 16 << 10> buffer;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<Duration>(deadline - std::chrono::steady_clock::now());
    pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
    if (left.count() <= 0) return false;
    const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready == 0) return false;
    const ssize_t got = ready < 0 ? -1 : ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    if (text.size() < kMostOutput) text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

Result<RunOutput> run_program(const std::vector<std::string>& argv, Duration most) {
  const std::string what = "run " + (argv.empty() ? std::string("?") : argv[0]);
  std::array<int, 2> pipe_ends{};
  if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) {
    return Error{what + ": " + std::generic_category().message(errno)};
  }
  const std::string write_end = "/proc/self/fd/" + std::to_string(pipe_ends[1]);
  auto process = Process::start({.argv = argv,
                                 .environment = {},
                                 .unset_environment = {},
                                 .output_path = write_end,
                                 .own_group = true});
  ::close(pipe_ends[1]);
  RunOutput output;
  const auto deadline = std::chrono::steady_clock::now() + most;
  const bool complete = process.ok() && read_to_end(pipe_ends[0], deadline, output.text);
  ::close(pipe_ends[0]);
  if (!process) return process.error();
  const auto left =
      std::chrono::duration_cast<Duration>(deadline - std::chrono::steady_clock::now());
  const auto status = process->wait(complete ? std::max(left, Duration(0)) : Duration(0));
  if (!status)
    return Error{what + ": took longer than " + format_duration(most) + " and was killed"};
  output.status = *status;
  return output;
}

}  // namespace promster
