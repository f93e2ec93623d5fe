#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/duration.h"
#include "core/handover.h"
#include "core/member.h"
#include "core/ring.h"
#include "core/settings.h"
#include "core/share.h"
#include "core/target.h"

namespace promster {

// This node's shard of the targets: what is assigned to it, and what it still or already holds
// while targets change hands.
//
// Thread rule: one thread (part of the reconciler).
class Shard {
 public:
  Shard(const Settings& settings, std::string self);

  struct Cluster {
    const std::vector<const Target*>& targets;     // by key
    const std::map<std::string, Member>& members;  // as etcd has them
    Ring ring;
    std::set<std::string> alive;  // others who scrape what they had, draining and kept ones too
  };

  // A new assignment of all targets.
  void assign(const Cluster& cluster, SteadyTime now);

  // Before the first assignment, or for what was held (core/target_hold.h) and is back.
  void adopt(std::span<const Target* const> targets) { handover_.adopt(targets); }

  void scraped(const std::map<std::string, int>& scrapes) { handover_.scraped(scrapes); }

  // Lets happen what is due (core/handover.h); returns whether anything changed.
  bool advance(const std::map<std::string, Member>& members, SwitchAllowed allowed, SteadyTime now);

  const Handover& handover() const { return handover_; }
  const Ring& ring() const { return ring_; }
  double imbalance() const { return share_.imbalance(); }
  // Nodes that own each target; 0 before the first assignment.
  std::size_t owners_each() const { return share_.assignment().owners_each(); }
  std::uint64_t checksum() const { return checksum_; }

 private:
  Handover::Claim claim_of(const Cluster& cluster, std::size_t target, bool ring_changed) const;

  const ShardSettings settings_;
  const bool sharding_;
  const std::string self_;
  Handover handover_;
  Ring ring_;
  std::set<std::string> alive_;
  Share share_;
  std::uint64_t checksum_ = 0;
  std::optional<OwnerMemory> memory_;  // of the last assignment
};

}  // namespace promster
