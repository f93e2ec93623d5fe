#include "prom/prometheus_pid.h"

#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/file.h"
#include "base/parse_number.h"
#include "base/text.h"
#include "core/prometheus_url.h"
#include "prom/listening_process.h"

namespace promster {
namespace {

namespace fs = std::filesystem;

std::optional<pid_t> from_pid_file(const FindPrometheusOptions& options) {
  const auto text =
      options.pid_file.empty() ? Result<std::string>(Error{}) : read_file(options.pid_file);
  const auto pid = text ? parse_number<pid_t>(trim(*text)) : std::nullopt;
  return pid && *pid > 0 && has_name(*pid, options.program) ? pid : std::nullopt;
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
  return owns_one_of(pid, sockets) && port_asked_for(pid) == port;
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
