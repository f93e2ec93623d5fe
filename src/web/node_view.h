#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/published.h"
#include "base/result.h"
#include "core/levels.h"
#include "core/settings.h"
#include "core/snapshot.h"
#include "core/target_health.h"

namespace promster {

// A setting as people may see it: secrets are masked.
struct ShownSetting {
  std::string name;    // "scrape.interval"
  std::string value;   // as it was written
  std::string source;  // "--scrape.interval", "SCRAPE_INTERVAL", "promster.yml", "default"
};

// A recording rule or an alert in both forms.
struct ShownRule {
  std::string name;
  std::string expr;  // as it was set
  bool guarded = false;
  std::string written_expr;  // as it is in rules.yml
  std::string after{};       // of an alert: how long it must be so, such as 5m; empty: at once
};

// The rules and the alerts as render_rules_yml() writes them. Pure, any thread.
std::vector<ShownRule> shown_rules(const Settings& settings);
std::vector<ShownRule> shown_alerts(const Settings& settings);

// The levels of now, and which of their nodes do not answer when they are asked.
struct LevelsSeen {
  Levels levels;
  std::set<std::string> silent;
};

// Reads the levels from etcd and asks their nodes; has deadlines of its own. Blocks; any thread.
using ReadLevels = std::function<Result<LevelsSeen>()>;

// Everything that pages and answers are made from: the newest snapshot, what was set at the start,
// and two questions to the outside, which may be empty (nobody can be asked then).
//
// Thread rule: never changed once a server runs; any thread. The snapshot outlives it.
struct NodeView {
  const Published<Snapshot>& snapshot;
  std::string registry_prefix{};  // "/registry/prom-level1/"; empty without a registry
  std::string scrape_prefix{};    // where the targets are
  std::vector<ShownSetting> settings{};
  std::vector<ShownRule> rules{}, alerts{};
  AskHealth ask_health{};
  ReadLevels read_levels{};
};

}  // namespace promster
