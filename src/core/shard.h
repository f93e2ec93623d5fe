#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/duration.h"
#include "core/cluster_picture.h"
#include "core/handover.h"
#include "core/history.h"
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
    std::uint64_t version = 0;    // of the targets (core/cluster_state.h)
    std::int64_t revision = 0;    // of etcd, for people
  };
  // What is known of a member; null: nothing.
  using FindMember = std::function<const Member*(const std::string& name)>;

  // Whether that is what the last assignment was made of, so that another would be the same.
  bool same(const Cluster& cluster) const;
  // A new assignment of all targets. Returns what of it differs from the one before, for people;
  // nothing where there was none.
  std::optional<ClusterChange> assign(const Cluster& cluster, SteadyTime now);

  // Before the first assignment, or for what was held (core/target_hold.h) and is back.
  void adopt(std::span<const Target* const> targets) { handover_.adopt(targets); }

  void scraped(const std::map<std::string, int>& scrapes) { handover_.scraped(scrapes); }

  // Lets happen what is due (core/handover.h); returns whether anything changed.
  bool advance(const FindMember& find, SwitchAllowed allowed, SteadyTime now);

  // Whether there was an assignment.
  bool assigned() const { return !ring_.hash.empty(); }
  const Handover& handover() const { return handover_; }
  const Ring& ring() const { return ring_; }
  double imbalance() const { return share_.imbalance(); }
  // Nodes that own each target; 0 before the first assignment.
  std::size_t owners_each() const { return share_.assignment().owners_each(); }
  std::uint64_t checksum() const { return checksum_; }
  // Who has what in the whole cluster; never null, made anew by each assign().
  const std::shared_ptr<const ClusterPicture>& picture() const { return picture_; }

 private:
  using Former = std::span<const std::uint32_t>;  // where targets were in the picture before
  ClusterPicture picture_of(const Cluster& cluster) const;
  std::vector<Handover::Claim> claims_of(const Cluster& cluster, Former former) const;
  Handover::Claim claim_of(const Cluster& cluster, std::size_t target, std::uint32_t former) const;

  const ShardSettings settings_;
  const bool sharding_;
  const std::string self_;
  Handover handover_;
  Ring ring_;
  std::set<std::string> alive_;
  std::uint64_t version_ = 0;
  Share share_;
  std::uint64_t checksum_ = 0;
  std::shared_ptr<const ClusterPicture> picture_ = std::make_shared<const ClusterPicture>();
};

}  // namespace promster
