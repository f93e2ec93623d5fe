#pragma once

#include <iosfwd>
#include <string>

#include "base/result.h"
#include "cli/status_source.h"

namespace promster {

// Prints the history that `resource` names, the oldest first, then each change as it happens: a
// line each, with `json` as the API says it. Returns why it cannot go on: the node ended, or etcd
// was asked, which has no history. Blocks.
Error follow_history(const StatusSource& source, const std::string& resource, bool json,
                     std::ostream& out);

}  // namespace promster
