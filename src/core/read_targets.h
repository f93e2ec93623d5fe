#pragma once

#include <string_view>
#include <vector>

#include "core/target.h"

namespace promster {

// The targets of a sd/targets.json that a former run wrote (core/render.h); their keys are not in
// it and stay empty. What cannot be read is no target. Pure, any thread.
std::vector<Target> read_targets_json(std::string_view text);

}  // namespace promster
