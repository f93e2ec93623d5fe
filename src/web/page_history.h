#pragma once

#include <cstddef>
#include <string>

#include "core/snapshot.h"

namespace promster {

// So many changes from the newest but `offset` on, each with its details; why there are none, where
// there are none. HTML; pure, any thread.
std::string changes_html(const Snapshot& snapshot, std::size_t offset, std::size_t limit);

}  // namespace promster
