#include "cli/top_terminal.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <system_error>
#include <utility>

namespace promster {
namespace {

constexpr std::string_view kEnter =
    "\x1b[?1049h\x1b[?25l\x1b[2J";  // xterm's names for other screen,
constexpr std::string_view kLeave = "\x1b[0m\x1b[?25h\x1b[?1049l";  // cursor, clear

sigset_t watched_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGWINCH}) ::sigaddset(&set, number);
  return set;
}

void write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(STDOUT_FILENO, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return;  // the terminal is gone; SIGHUP or the end of the input says so
    text.remove_prefix(static_cast<std::size_t>(put));
  }
}

Error failed(const char* what) {
  return Error{std::string(what) + ": " + std::generic_category().message(errno)};
}

// Select Graphic Rendition (ECMA-48, 8.3.117).
std::string_view style(LineKind kind, bool colours) {
  switch (kind) {
    case LineKind::kTitle:
      return "\x1b[1m";
    case LineKind::kFaint:
      return colours ? "\x1b[2m" : "";
    case LineKind::kOk:
      return colours ? "\x1b[32m" : "";
    case LineKind::kWarn:
      return colours ? "\x1b[33m" : "\x1b[1m";
    case LineKind::kBad:
      return colours ? "\x1b[1;31m" : "\x1b[1m";
    case LineKind::kPlain:
      return "";
  }
  return "";
}

// A descriptor that is closed.
class OwnedFd {
 public:
  explicit OwnedFd(int fd) : fd_(fd) {}
  OwnedFd(const OwnedFd&) = delete;
  OwnedFd& operator=(const OwnedFd&) = delete;
  ~OwnedFd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Terminal::Happened read_signal(int fd) {
  signalfd_siginfo info{};
  if (::read(fd, &info, sizeof info) != sizeof info) return {};
  return {.typed = {}, .resized = info.ssi_signo == SIGWINCH, .ended = info.ssi_signo != SIGWINCH};
}

Terminal::Happened read_typed() {
  std::array<char, 256> bytes;
  const ssize_t got = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  if (got < 0 && errno == EINTR) return {};
  if (got <= 0) return {.typed = {}, .ended = true};
  return {.typed = std::string(bytes.data(), static_cast<std::size_t>(got))};
}

}  // namespace

bool Terminal::usable(const std::string& term) {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1 && !term.empty() &&
         term != "dumb";
}

Result<Terminal> Terminal::take(bool colours) {
  termios before{};
  if (::tcgetattr(STDIN_FILENO, &before) != 0) return failed("read the terminal's settings");
  termios raw = before;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG | IEXTEN);
  raw.c_iflag &= ~static_cast<tcflag_t>(IXON | ICRNL);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  const sigset_t signals = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  if (::tcsetattr(STDIN_FILENO, TCSANOW, &raw) != 0) return failed("set the terminal");
  write_all(kEnter);
  return Terminal(before, colours);
}

Terminal::Terminal(Terminal&& other) noexcept
    : before_(std::exchange(other.before_, std::nullopt)),
      colours_(other.colours_),
      drawn_(std::move(other.drawn_)) {}

Terminal::~Terminal() {
  if (!before_) return;
  write_all(kLeave);
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &*before_);
}

Terminal::Size Terminal::size() const {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    return {};
  }
  return {.width = size.ws_col, .height = size.ws_row};
}

void Terminal::draw(const ReportLines& lines) {
  std::string frame = "\x1b[H";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view styled = style(lines[i].kind, colours_);
    frame += (i == 0 ? "" : "\r\n");
    frame += styled;
    frame += lines[i].text;
    if (!styled.empty()) frame += "\x1b[0m";
    frame += "\x1b[K";
  }
  frame += "\x1b[J";
  if (frame == drawn_) return;
  write_all(frame);
  drawn_ = std::move(frame);
}

void Terminal::watch(const std::function<void(Happened)>& tell, const std::stop_token& stop) {
  const sigset_t signals = watched_signals();
  const OwnedFd signal(::signalfd(-1, &signals, SFD_CLOEXEC));
  const OwnedFd wake(::eventfd(0, EFD_CLOEXEC));
  const std::stop_callback stopped(stop, [&wake] { ::eventfd_write(wake.get(), 1); });
  std::array<pollfd, 3> fds{{{.fd = wake.get(), .events = POLLIN},
                             {.fd = signal.get(), .events = POLLIN},
                             {.fd = STDIN_FILENO, .events = POLLIN}}};
  while (!stop.stop_requested()) {
    if (::poll(fds.data(), fds.size(), -1) < 0) continue;
    if (fds[0].revents != 0) return;
    Happened happened = fds[1].revents != 0 ? read_signal(signal.get()) : read_typed();
    const bool ended = happened.ended;
    tell(std::move(happened));
    if (ended) return;
  }
}

}  // namespace promster
