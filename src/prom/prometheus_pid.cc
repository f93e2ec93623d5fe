#include "prom/prometheus_pid.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <set>
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

// A line: "sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode ...", addresses
// as HEX:PORT, st 0A being LISTEN.
std::optional<std::string> listening_inode(std::string_view line, int port) {
  std::vector<std::string_view> fields;
  for (const std::string_view field : split(line, ' ')) {
    if (!field.empty()) fields.push_back(field);
  }
  if (fields.size() < 10 || fields[3] != "0A") return std::nullopt;
  const auto local_port = parse_number<int>(fields[1].substr(fields[1].rfind(':') + 1), 16);
  if (local_port != port) return std::nullopt;
  return std::string(fields[9]);
}

// What /proc/PID/fd/N links to for the sockets that listen on the port.
std::set<std::string> listening_sockets(int port) {
  std::set<std::string> sockets;
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    const auto text = read_file(table);
    if (!text) continue;
    for (const std::string_view line : split(*text, '\n')) {
      const auto inode = listening_inode(line, port);
      if (inode) sockets.insert("socket:[" + *inode + "]");
    }
  }
  return sockets;
}

bool holds_one_of(pid_t pid, const std::set<std::string>& sockets) {
  std::error_code error;
  const fs::path fds = "/proc/" + std::to_string(pid) + "/fd";
  for (fs::directory_iterator entry(fds, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    if (sockets.contains(fs::read_symlink(entry->path(), gone).string())) return true;
  }
  return false;
}

std::optional<pid_t> from_port(int port, const std::string& program) {
  const auto sockets = listening_sockets(port);
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end;
       !sockets.empty() && !error && entry != end; entry.increment(error)) {
    const auto pid = parse_number<pid_t>(entry->path().filename().string());
    if (pid && has_name(*pid, program) && holds_one_of(*pid, sockets)) return pid;
  }
  return std::nullopt;
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
