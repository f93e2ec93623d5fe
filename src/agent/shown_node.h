#pragma once

#include <vector>

#include "base/published.h"
#include "core/settings.h"
#include "core/snapshot.h"
#include "web/node_view.h"

namespace promster {

// What pages and answers of a node with these settings are made from: the snapshot, the rules, and
// the questions to etcd and to the owners' Prometheus servers. Reads nothing yet. The snapshot
// outlives the view. Any thread.
NodeView shown_node(const Settings& settings, std::vector<ShownSetting> shown,
                    const Published<Snapshot>& snapshot);

}  // namespace promster
