#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "core/snapshot.h"
#include "web/api_simulate.h"

namespace promster {

// What was asked, as it was filled in, and the answer; none where nothing was asked.
struct WhatIf {
  std::string add, remove;
  std::optional<Result<SimulatedChange>> answer{};
};

// The form, and where it was filled in what would be: moves, and each node before and after, or
// what is wrong with it. HTML; pure, any thread.
std::string what_if_panel(const Snapshot& snapshot, const WhatIf& what_if);

}  // namespace promster
