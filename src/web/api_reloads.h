#pragma once

#include <string>

#include "core/snapshot.h"

namespace promster {

// The `data` of GET /api/v1/reloads: the newest first. Pure, any thread.
std::string reloads_json(const Snapshot& snapshot);

}  // namespace promster
