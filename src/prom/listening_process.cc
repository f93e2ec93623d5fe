#include "prom/listening_process.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/file.h"
#include "base/parse_number.h"
#include "base/text.h"

namespace promster {
namespace {

namespace fs = std::filesystem;

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

}  // namespace

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

bool owns_one_of(pid_t pid, const std::vector<Listener>& sockets) {
  struct stat process {};
  if (::stat(("/proc/" + std::to_string(pid)).c_str(), &process) != 0) return false;
  return std::ranges::find(sockets, process.st_uid, &Listener::owner) != sockets.end();
}

// The kernel keeps the first 15 bytes of a program's name.
bool has_name(pid_t pid, const std::string& program) {
  const auto comm = read_file("/proc/" + std::to_string(pid) + "/comm");
  return comm && trim(*comm) == fs::path(program).filename().string().substr(0, 15);
}

bool listens(pid_t pid, const std::string& program, int port) {
  if (!has_name(pid, program)) return false;
  const std::vector<Listener> sockets = listeners(port);
  const Holds holds = holds_one_of(pid, sockets);
  return holds == Holds::kYes || (holds == Holds::kHidden && owns_one_of(pid, sockets));
}

}  // namespace promster
