#pragma once

#include "cli/command.h"

namespace promster {

// `promster simulate --url`: asks a node (/api/v1/simulate) what --join and --leave would move in
// its cluster, and prints that; -o json is the API's data. The other options of the command are of
// clusters that are read or made up here, and refused. REQUIRES: --url is given. Blocks. Returns
// the exit code.
int simulate_at_node(const CommandCall& call);

}  // namespace promster
