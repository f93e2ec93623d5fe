#pragma once

#include "base/duration.h"
#include "base/result.h"
#include "core/plan.h"
#include "core/settings.h"

namespace promster {

// What a node with these settings would write now: both parts of the plan are there. Lists etcd
// once, as the agent would at its start, and changes nothing, there or on disk.
//
// Fails where etcd does not answer within `most`, or there is no address to advertise.
// REQUIRES: checked settings. Blocks; any thread.
Result<Plan> preview(const Settings& settings, Duration most = Duration(10'000));

}  // namespace promster
