#pragma once

#include <string>

#include "base/result.h"

namespace promster {

// Who works in --prometheus.config-dir: one promster at a time, since it removes there what it
// takes for its own left-overs. The lock is the kernel's (flock(2) of the directory): it leaves no
// file, needs no right to write, and ends with its holder, however that ends. A program that is
// started meanwhile does not hold it.
//
// Thread rule: any thread; a lock excludes others of the same process, too.
class ConfigLock {
 public:
  // Makes the directory where it is missing. Fails where another holds it: `another promster is at
  // work in DIR (pid 17); try: ...`. Where the directory cannot be made or opened, or its file
  // system knows no locks, nothing is held: what is wrong there shows at the first write.
  static Result<ConfigLock> take(const std::string& config_dir);

  ConfigLock(ConfigLock&& other) noexcept;
  ConfigLock& operator=(ConfigLock&& other) = delete;
  ~ConfigLock();

 private:
  explicit ConfigLock(int fd) : fd_(fd) {}

  int fd_ = -1;
};

}  // namespace promster
