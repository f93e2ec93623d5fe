#pragma once

#include <string>

#include "base/log.h"
#include "base/result.h"
#include "prom/config_lock.h"

namespace promster {

// Takes the lock; waits up to ten seconds for who holds it (`render --write` is done in a few, and
// so is a former run that ends), and says so in the log. Fails then, or at once where this process
// is told to stop meanwhile (SIGTERM, SIGINT).
//
// Thread rule: the only thread of its process. REQUIRES: these two signals are blocked.
Result<ConfigLock> wait_for_config_lock(const std::string& config_dir, ConfigLock::Of of,
                                        const Log& log);

}  // namespace promster
