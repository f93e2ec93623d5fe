#pragma once

#include <string>

#include "base/result.h"

namespace promster {

// Who works in --prometheus.config-dir: one promster at a time writes its files, since it removes
// there what it takes for its own left-overs, and one runs a Prometheus that reads them. The locks
// are the kernel's (flock(2) of the directory, and of its sd/): they leave no file, need no right
// to write, and end with their holder, however that ends. A program that is started meanwhile does
// not hold them.
//
// Thread rule: any thread; a lock excludes others of the same process, too.
class ConfigLock {
 public:
  // An agent has the first, and its supervisor the second.
  enum class Of { kFiles, kPrometheus };

  // Makes the directory where it is missing. Fails where another holds it: `another promster is at
  // work in DIR (pid 17); try: ...`. Where the directory cannot be made or opened, or its file
  // system knows no locks, nothing is held: what is wrong there shows at the first write.
  static Result<ConfigLock> take(const std::string& config_dir, Of of = Of::kFiles);

  ConfigLock(ConfigLock&& other) noexcept;
  ConfigLock& operator=(ConfigLock&& other) = delete;
  ~ConfigLock();

 private:
  explicit ConfigLock(int fd) : fd_(fd) {}

  int fd_ = -1;
};

}  // namespace promster
