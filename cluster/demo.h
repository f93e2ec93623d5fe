#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "base/inbox.h"
#include "cluster/demo_control.h"

namespace promster {

struct DemoOptions {
  std::string binary;                // promster, of which the nodes are made
  std::string program = "promster";  // as it was called, for hints that can be copied
  int targets = 20;
  std::vector<int> levels{5, 2, 1};  // nodes a level, level 1 first
  int port = 19'000;                 // of the control address; all else gets free ports above it
  bool exit_after_check = false;     // check, scale level 1, check again, and end
};

// Three levels of real nodes on loopback, above an etcd and targets with a known total
// (interface.md, `promster demo`). Reports on `out` as parts come up, then the table of nodes, and
// again after each change; does what `requests` asks until it is asked to stop. Whatever happens,
// every process it started has ended and every file is removed when it returns.
//
// Returns 0, or 1 where something failed, with what was wrong and the ends of the logs on `err`.
// Thread rule: runs on the caller's thread; other threads may push to `requests`.
int run_demo(const DemoOptions& options, Inbox<DemoRequest>& requests, std::ostream& out,
             std::ostream& err);

}  // namespace promster
