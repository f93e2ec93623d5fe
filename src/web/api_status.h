#pragma once

#include <string>

#include "base/duration.h"
#include "core/snapshot.h"

// The `data` of GET /api/v1/status, and of the event `status`. Pure functions, any thread.
namespace promster {

// What of a status differs from one moment to the next although nothing has changed.
struct StatusClock {
  double time = 0;             // unix seconds
  double lease_remaining = 0;  // seconds
};

// `now` is the moment of the answer, which may be later than the snapshot.
StatusClock status_clock(const Snapshot& snapshot, SteadyTime now);

std::string status_json(const Snapshot& snapshot, const StatusClock& clock);

}  // namespace promster
