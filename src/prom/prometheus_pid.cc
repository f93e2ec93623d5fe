#include "prom/prometheus_pid.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "core/prometheus_url.h"

namespace promster {
namespace {

namespace fs = std::filesystem;

template <class Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The kernel keeps the first 15 bytes of a program's name.
bool has_name(pid_t pid, const std::string& program) {
  const auto comm = read_file("/proc/" + std::to_string(pid) + "/comm");
  return comm && trim(*comm) == fs::path(program).filename().string().substr(0, 15);
}

std::optional<pid_t> from_pid_file(const FindPrometheusOptions& options) {
  const auto text =
      options.pid_file.empty() ? Result<std::string>(Error{}) : read_file(options.pid_file);
  const auto pid = text ? parse_number<pid_t>(trim(*text)) : std::nullopt;
  return pid && *pid > 0 && has_name(*pid, options.program) ? pid : std::nullopt;
}

// A socket that listens: what /proc/PID/fd/N of its holder links to, and whose it is.
struct Listener {
  std::string link;
  uid_t owner = 0;
};

// A line: "sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode ...", addresses
// as HEX:PORT, st 0A being LISTEN.
std::optional<Listener> listener(std::string_view line, int port) {
  std::vector<std::string_view> fields;
  for (const std::string_view field : split(line, ' ')) {
    if (!field.empty()) fields.push_back(field);
  }
  if (fields.size() < 10 || fields[3] != "0A") return std::nullopt;
  const auto local_port = parse_number<int>(fields[1].substr(fields[1].rfind(':') + 1), 16);
  const auto owner = parse_number<uid_t>(fields[7]);
  if (local_port != port || !owner) return std::nullopt;
  return Listener{"socket:[" + std::string(fields[9]) + "]", *owner};
}

std::vector<Listener> listeners(int port) {
  std::vector<Listener> found;
  // Below self, since a unit with ProcSubset=pid has no /proc/net.
  for (const char* table : {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
    const auto text = read_file(table);
    if (!text) continue;
    for (const std::string_view line : split(*text, '\n')) {
      if (auto one = listener(line, port)) found.push_back(std::move(*one));
    }
  }
  return found;
}

enum class Holds { kYes, kNo, kHidden };  // kHidden: we may not look into its descriptors

Holds holds_one_of(pid_t pid, const std::vector<Listener>& sockets) {
  std::error_code error;
  const fs::path fds = "/proc/" + std::to_string(pid) + "/fd";
  bool hidden = false;
  for (fs::directory_iterator entry(fds, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code failure;
    const std::string link = fs::read_symlink(entry->path(), failure).string();
    hidden = hidden || failure == std::errc::permission_denied;
    if (std::ranges::find(sockets, link, &Listener::link) != sockets.end()) return Holds::kYes;
  }
  return hidden || error == std::errc::permission_denied ? Holds::kHidden : Holds::kNo;
}

// The port that the command line of a Prometheus asks for.
int port_asked_for(pid_t pid) {
  constexpr int kDefault = 9090;
  constexpr std::string_view kFlag = "--web.listen-address";
  const auto line = read_file("/proc/" + std::to_string(pid) + "/cmdline");
  if (!line) return kDefault;
  std::string_view address, before;
  for (const std::string_view word : split(*line, '\0')) {
    if (before == kFlag) address = word;
    if (word.starts_with(std::string(kFlag) + "=")) address = word.substr(kFlag.size() + 1);
    before = word;
  }
  return parse_number<int>(address.substr(address.rfind(':') + 1)).value_or(kDefault);
}

// Whether a process whose descriptors are hidden must be the one: the socket is its user's, and its
// command line has the port. Nobody but root sees more of a service with PrivateUsers=, which
// Debian's prometheus.service has.
bool asks_for(pid_t pid, int port, const std::vector<Listener>& sockets) {
  struct stat process {};
  if (::stat(("/proc/" + std::to_string(pid)).c_str(), &process) != 0) return false;
  const bool owner = std::ranges::find(sockets, process.st_uid, &Listener::owner) != sockets.end();
  return owner && port_asked_for(pid) == port;
}

std::vector<pid_t> processes_named(const std::string& program) {
  std::vector<pid_t> found;
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const auto pid = parse_number<pid_t>(entry->path().filename().string());
    if (pid && has_name(*pid, program)) found.push_back(*pid);
  }
  return found;
}

std::optional<pid_t> from_port(int port, const std::string& program) {
  const std::vector<Listener> sockets = listeners(port);
  if (sockets.empty()) return std::nullopt;
  std::vector<pid_t> hidden;
  for (const pid_t pid : processes_named(program)) {
    const Holds holds = holds_one_of(pid, sockets);
    if (holds == Holds::kYes) return pid;
    if (holds == Holds::kHidden && asks_for(pid, port, sockets)) hidden.push_back(pid);
  }
  return hidden.size() == 1 ? std::optional(hidden.front()) : std::nullopt;
}

}  // namespace

Result<pid_t> find_prometheus(const FindPrometheusOptions& options) {
  if (const auto pid = from_pid_file(options)) return *pid;
  const auto url = parse_prometheus_url(options.url);
  if (!url) return url.error();
  if (const auto pid = from_port(url->port, options.program)) return *pid;
  return Error{"no process " + options.program + " that we may look into listens on port " +
               std::to_string(url->port)};
}

}  // namespace promster
