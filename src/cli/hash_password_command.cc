#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <iostream>
#include <optional>
#include <ostream>
#include <string>

#include "cli/commands.h"
#include "web/password_check.h"

namespace promster {
namespace {

constexpr std::size_t kMostBytes = 72;  // bcrypt looks at no more
constexpr std::int64_t kLeastCost = 4;
constexpr std::int64_t kMostCost = 14;

// The terminal shows nothing of what is typed while this lives. A signal that would end the program
// waits until the terminal is as it was.
class NoEcho {
 public:
  NoEcho() {
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::sigaddset(&signals_, number);
    ::pthread_sigmask(SIG_BLOCK, &signals_, &unblocked_);
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ECHONL;
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  ~NoEcho() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    ::pthread_sigmask(SIG_SETMASK, &unblocked_, nullptr);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

  // Nothing where such a signal waits.
  std::optional<std::string> read_line() const {
    const int signal = ::signalfd(-1, &signals_, SFD_CLOEXEC);
    std::array<pollfd, 2> fds{{{.fd = signal, .events = POLLIN, .revents = 0},
                               {.fd = STDIN_FILENO, .events = POLLIN, .revents = 0}}};
    int ready = 0;
    do ready = ::poll(fds.data(), fds.size(), -1);
    while (ready < 0 && errno == EINTR);
    ::close(signal);
    if (ready < 0 || fds[0].revents != 0) return std::nullopt;
    std::array<char, 4096> line;  // a terminal gives one line at a time, and none that is longer
    const ssize_t got = ::read(STDIN_FILENO, line.data(), line.size());
    std::string text(line.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (text.ends_with('\n')) text.pop_back();
    return text;
  }

 private:
  sigset_t signals_{}, unblocked_{};
  termios before_{};
  bool changed_ = false;
};

std::string read_one_line() {
  std::string line;
  std::getline(std::cin, line);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

// From a terminal twice, since nobody sees what is typed; else the first line of the input. Nothing
// where the two differ.
std::optional<std::string> ask_for_password(std::ostream& err) {
  if (::isatty(STDIN_FILENO) != 1) return read_one_line();
  const NoEcho silence;
  err << "Password: " << std::flush;
  auto password = silence.read_line();
  if (!password) return std::nullopt;
  err << "Again: " << std::flush;
  if (silence.read_line() != password) return std::nullopt;
  return password;
}

// What is wrong with a password; empty: nothing.
std::string objection_to_password(const std::optional<std::string>& password) {
  if (!password) return "the two passwords differ; try: again";
  if (password->empty()) return "no password was given; try: promster hash-password < FILE";
  if (password->size() > kMostBytes) {
    return "the password has more than 72 bytes, of which bcrypt would look at the first 72 only; "
           "try: a shorter one";
  }
  return password->find('\0') == std::string::npos ? "" : "the password has a NUL byte";
}

int hash_password(const CommandCall& call) {
  const std::int64_t cost = call.number("--cost");
  if (cost < kLeastCost || cost > kMostCost) {
    print_error(call.err, "--cost: is not 4 to 14; each one more doubles the time; try: 10");
    return kExitUsage;
  }
  const auto password = ask_for_password(call.err);
  if (const std::string why = objection_to_password(password); !why.empty()) {
    print_error(call.err, why);
    return kExitFailed;
  }
  const auto hash = bcrypt_hash(*password, static_cast<int>(cost));
  if (!hash) {
    print_error(call.err, "bcrypt: this system has no randomness or no bcrypt");
    return kExitFailed;
  }
  call.out << *hash << "\n";
  return kExitFine;
}

}  // namespace

Command hash_password_command() {
  return {.name = "hash-password",
          .summary = "reads a password and prints its bcrypt hash for basic_auth_users",
          .about =
              "Asks on a terminal, without showing what is typed; otherwise takes the first "
              "line of the standard input. The hash belongs into the file of "
              "--web.config.file, below basic_auth_users.",
          .options = {{.name = "--cost",
                       .kind = CommandOption::Kind::kNumber,
                       .fallback = "10",
                       .help = "how slow a guess is to be, 4 to 14; each one more doubles it"}},
          .examples = {{"promster hash-password", "asks for a password and prints its hash."},
                       {"promster hash-password < password.txt", "takes it from a file."}},
          .run = hash_password};
}

}  // namespace promster
