#pragma once

#include "base/log.h"
#include "core/snapshot.h"

namespace promster {

// Logs what changed from one snapshot to the next: who joined or left, sources lost and found,
// registration, files, refusals, Prometheus, rejected entries. What stays as it is, is not said
// again, so a fault gives one line when it begins and one when it ends. Pure but for the log; the
// control thread.
void report_changes(const Snapshot& before, const Snapshot& after, const Log& log);

}  // namespace promster
