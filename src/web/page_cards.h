#pragma once

#include <string>

#include "core/snapshot.h"

namespace promster {

// Six facts at a glance, each with a tone: the lease, etcd, Prometheus, the nodes, the targets, the
// configuration. `now` as in Snapshot::lease_confirmed. HTML; pure, any thread.
std::string status_cards(const Snapshot& snapshot, SteadyTime now);

}  // namespace promster
