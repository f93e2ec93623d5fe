#pragma once

#include <string>

#include "base/duration.h"
#include "core/snapshot.h"
#include "web/http_counts.h"
#include "web/process_stats.h"

namespace promster {

// The answer of /metrics: what interface.md, "Metrics" names, as far as the node knows it. What
// does not apply (the lease of a node that does not register) is left out. Pure, any thread.
std::string render_metrics(const Snapshot& snapshot, const ProcessStats& process,
                           const HttpCounts& http, SteadyTime now);

}  // namespace promster
