#pragma once

#include <functional>

#include "base/published.h"
#include "core/snapshot.h"
#include "web/router.h"

namespace promster {

// What POST /-/reload and /-/quit do. Both are called on the server's thread and only pass the wish
// on; the answer does not wait for it to be done.
struct LifecycleOptions {
  bool enabled = false;  // otherwise both answer 403
  std::function<void()> reload;
  std::function<void()> quit;
};

// Adds what machines ask of a node: /-/healthy, /-/ready, /metrics, /-/reload, /-/quit
// (interface.md, "HTTP"), all from the newest snapshot.
// REQUIRES: the snapshot and the router outlive the server; with `enabled` both functions are set.
void add_node_pages(Router& router, const Published<Snapshot>& snapshot,
                    LifecycleOptions lifecycle);

}  // namespace promster
