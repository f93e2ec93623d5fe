#pragma once

#include <string>

#include "core/snapshot.h"
#include "web/page_context.h"

namespace promster {

// A bar a node, with fair share, most and least. HTML; pure, any thread.
std::string balance_panel(const PageContext& context, const Snapshot& snapshot);

}  // namespace promster
