#pragma once

#include <cstddef>
#include <string>

#include "base/duration.h"
#include "base/result.h"
#include "core/settings.h"
#include "web/node_view.h"

namespace promster {

struct LevelsReaderOptions {
  RegistrySettings registry;          // REQUIRES: enabled()
  EtcdSettings scrape;                // where target prefixes are
  Duration etcd_time{3000};           // for everything that is read from etcd
  Duration probe_time{1000};          // for the question whether the nodes live
  Duration keep{2000};                // how long an answer is given again
  std::size_t most_members = 20'000;  // keys below the base; more are an error
  std::size_t most_counts = 100;      // prefixes whose keys are counted
  std::size_t most_probes = 256;  // nodes that are asked, each over two connections at the most;
                                  // of the others counts what etcd says
};

// What the API and the page show of the levels: lists the keys below the registry's base in pages,
// counts the keys below each prefix that is no level, and asks each node's Prometheus, and its page
// where that is on the same host, whether it lives (whoever answers with HTTP does). A question
// soon after another gets the same answer, be it an error: who asks an etcd that is silent waits
// for it only now and then. The result may be called from any thread, by several at once.
ReadLevels levels_reader(LevelsReaderOptions options);

// One reading, without memory. Blocks; any thread. Errors: "list /registry/: <why>".
Result<LevelsSeen> read_levels(const LevelsReaderOptions& options);

}  // namespace promster
