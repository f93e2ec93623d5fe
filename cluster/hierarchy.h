#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cluster/census.h"
#include "cluster/node.h"

namespace promster {

struct LevelOptions {
  std::string name;  // "level1"
  int nodes = 1;
  Environment environment;  // of each of its nodes
  int first_port = 0;       // their ports are free ones from here on; 0: any
};

struct HierarchyOptions {
  std::string binary;  // promster
  std::string dir;     // exists; folders and logs of the nodes go there
};

// Levels of real nodes on loopback: level 1 scrapes, each further level federates the one before
// it, as the environments say.
//
// Thread rule: one thread, which outlives it.
class Hierarchy {
 public:
  explicit Hierarchy(HierarchyOptions options) : options_(std::move(options)) {}
  // Stops the nodes that still run.
  ~Hierarchy() { stop_all(); }

  // Starts a level; returns as soon as its nodes run.
  Result<void> add_level(const LevelOptions& options);

  // Makes a level this large: starts nodes, or stops the youngest with SIGTERM and waits for them.
  // REQUIRES: level < levels().
  Result<void> scale(std::size_t level, int nodes);

  Result<void> wait_until_ready(Duration most);

  std::size_t levels() const { return levels_.size(); }
  const std::string& name(std::size_t level) const { return levels_[level].options.name; }
  std::vector<Node>& nodes(std::size_t level) { return levels_[level].nodes; }

  // What the Prometheus of each node of a level scrapes for its level, besides itself and its
  // agent; a node that cannot be asked is an error.
  Result<ScrapedBy> scraped(std::size_t level);

  // The addresses of a level's nodes: the targets of the level above.
  std::vector<std::string> addresses(std::size_t level) const;

  // Fails with the first node whose process has ended without being asked to.
  Result<void> check_running();
  // Takes such nodes out, and returns their names.
  std::vector<std::string> remove_ended();
  // The ends of the logs of all nodes.
  std::string log_tails(int lines) const;

  // SIGTERM to all at once, then, where that takes long, the second one that ends them without a
  // farewell.
  void stop_all();

 private:
  struct Level {
    LevelOptions options;
    std::vector<Node> nodes;
    int started = 0;  // nodes ever started: each has a name of its own
  };

  Result<void> start_node(Level& level);

  HierarchyOptions options_;
  std::vector<Level> levels_;
};

// The addresses (as discovered) of what a Prometheus scrapes for its level: its jobs that are named
// after a path.
Result<std::vector<std::string>> level_targets(const std::string& prometheus_url);

// The value of an instant query that yields one sample.
Result<double> query_value(const std::string& prometheus_url, const std::string& expr);

}  // namespace promster
