#pragma once

#include <functional>
#include <optional>

#include "base/inbox.h"
#include "base/log.h"
#include "base/published.h"
#include "core/event.h"
#include "core/reconciler.h"

namespace promster {

// What the loop works with; all of it outlives the loop.
struct ControlLoop {
  Reconciler& reconciler;
  Inbox<Event>& inbox;
  Published<Snapshot>& published;
  const Log& log;
  std::function<Outcome(const Plan&)> execute;  // the executor
  // Passes on what the reconciler wants of the readers; called after each turn, when its snapshot
  // is published.
  std::function<void(const Reconciler&)> announce;
  // How often to turn, even where nothing happens.
  std::optional<Duration> pulse{};
};

// Runs the control thread: takes what the readers have put into the inbox, lets the reconciler
// decide, carries the plan out, publishes a snapshot, logs what changed. Returns when a stop was
// asked for and the registration is gone (or could not be withdrawn in time). Thread rule: the
// control thread, which owns the reconciler.
void run_control_loop(const ControlLoop& loop);

}  // namespace promster
