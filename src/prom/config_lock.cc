#include "prom/config_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <sstream>
#include <utility>

#include "base/file.h"
#include "prom/files.h"

namespace promster {
namespace {

// The file as /proc/locks names it: device and inode.
std::string lock_name(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return "";
  char text[64];
  std::snprintf(text, sizeof text, "%02x:%02x:%lu", major(status.st_dev), minor(status.st_dev),
                static_cast<unsigned long>(status.st_ino));
  return text;
}

// " (pid 17)"; empty where the holder is not ours to see (another container), or the file system
// names its files in another way. A line (proc(5)): "1: FLOCK ADVISORY WRITE 17 fd:01:4711 0 EOF".
std::string holder(int fd) {
  const auto locks = read_file("/proc/locks");
  std::istringstream lines(locks ? *locks : "");
  const std::string name = lock_name(fd);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string number, kind, mode, access, file;
    long pid = 0;
    if (!(words >> number >> kind >> mode >> access >> pid >> file)) continue;
    if (kind == "FLOCK" && file == name && pid > 0) return " (pid " + std::to_string(pid) + ")";
  }
  return "";
}

}  // namespace

Result<ConfigLock> ConfigLock::take(const std::string& config_dir, Of of) {
  const std::string locked = of == Of::kFiles ? config_dir : config_dir + "/sd";
  [[maybe_unused]] const auto made = ensure_directory(locked);
  ConfigLock lock(::open(locked.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (lock.fd_ < 0 || ::flock(lock.fd_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) {
    return lock;
  }
  return Error{"another promster is at work in " + config_dir + holder(lock.fd_) +
               "; try: --prometheus.config-dir, another one for each"};
}

ConfigLock::ConfigLock(ConfigLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

ConfigLock::~ConfigLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace promster
