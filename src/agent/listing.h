#pragma once

#include "base/duration.h"
#include "base/result.h"
#include "core/event.h"
#include "core/settings.h"

// What etcd holds now, for commands that look without taking part. Each lists once and watches
// nothing. Fails where etcd does not answer within `most`: "list /t/: <the last reason>".
// REQUIRES: checked settings. Blocks; any thread.
namespace promster {

// REQUIRES: settings.enabled().
Result<Listed> list_members(const RegistrySettings& settings, Duration most = Duration(10'000));

Result<Listed> list_targets(const ScrapeSettings& settings, Duration most = Duration(10'000));

}  // namespace promster
