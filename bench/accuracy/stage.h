#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/inbox.h"
#include "cluster/demo_levels.h"
#include "cluster/etcd_server.h"
#include "cluster/generator.h"
#include "cluster/hierarchy.h"
#include "cluster/scrape_log.h"
#include "cluster/target_registrar.h"
#include "cluster/temp_dir.h"

namespace promster {

struct StageOptions {
  std::string binary;        // promster
  int targets = 20;          // registered at any time; a multiple of kStageGroup
  int spare = 0;             // further ones, for churn; a multiple of kStageGroup
  double rate = 50;          // requests per second of each
  DemoLevels levels;         // `etcd_url` is filled in here
  std::vector<int> nodes{};  // of each level at the start
};

// Targets come and go this many at a time.
inline constexpr int kStageGroup = 5;

// An etcd, targets with a known total and three levels of nodes: what the events happen to.
//
// Thread rule: one thread, which outlives it.
class Stage {
 public:
  static Result<std::unique_ptr<Stage>> start(const StageOptions& options);

  Hierarchy& hierarchy() { return *hierarchy_; }
  std::string top_url() { return hierarchy_->nodes(hierarchy_->levels() - 1)[0].prometheus_url(); }

  // The targets that have been registered the longest leave, as many spare ones come.
  // Fails where there is no spare one, or etcd does not take them.
  Result<void> churn();

  // What the targets registered at a moment count together, per second.
  double truth(double time) const;

  // What the targets registered for some of `span` went through in it, by their own logs.
  Result<ScrapeVerdict> verdict(const Span& span, double interval) const;

 private:
  struct Group {
    std::vector<std::string> addresses;
    Inbox<bool> registered;
    std::unique_ptr<TargetRegistrar> registrar;  // the last member: it uses the inbox
  };

  explicit Stage(const StageOptions& options, TempDir dir)
      : options_(options), dir_(std::move(dir)) {}
  Result<void> begin();
  Result<void> come();
  void leave();

  StageOptions options_;
  TempDir dir_;
  // Each may use those above it, so that they end in the opposite order.
  std::optional<EtcdServer> etcd_;
  std::unique_ptr<Generator> generator_;
  std::size_t used_ = 0;                      // addresses of the generator that ever came
  std::map<std::string, Span> registration_;  // of each address that came
  std::deque<std::unique_ptr<Group>> groups_;
  std::optional<Hierarchy> hierarchy_;
};

}  // namespace promster
