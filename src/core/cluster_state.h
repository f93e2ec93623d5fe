#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/key_fold.h"
#include "core/keyspace.h"
#include "core/member.h"
#include "core/target.h"
#include "core/target_limits.h"

namespace promster {

// What the last confirmed answers of etcd said: members, targets, and what had to be rejected: what
// cannot be read, what the limits deny ("denied"), and the last targets by key where there are more
// than the limits want ("limit").
// Folding the same listing and changes in any batching gives the same state; a change at or below
// the revision a key was last seen at is dropped.
//
// Thread rule: one thread.
class ClusterState {
 public:
  explicit ClusterState(TargetLimits limits = {});
  ClusterState(const ClusterState&) = delete;  // targets() points into itself
  ClusterState& operator=(const ClusterState&) = delete;

  // Each returns whether anything changed; false says that members(), targets() and rejected() are
  // what they were.
  bool list_members(const Listing& listing);
  bool list_targets(const Listing& listing);
  bool change_members(std::span<const KeyChange> changes);
  bool change_targets(std::span<const KeyChange> changes);

  bool members_synced() const { return members_synced_; }
  bool targets_synced() const { return targets_synced_; }

  // By name; a name once, that of the first key.
  const std::map<std::string, Member>& members() const { return members_; }

  // When etcd last changed the key of a member; 0 where there is none.
  std::int64_t member_revision(const std::string& key) const;

  // By key. Keys that say the same (address and labels) are one target, that of the first key. Both
  // the vector and what it points to are good until the next list or change. The first call after a
  // change costs a walk over all targets, any other nothing.
  const std::vector<const Target*>& targets() const;
  std::size_t target_count() const { return targets().size(); }
  // Another number after every change of targets().
  std::uint64_t targets_version() const { return targets_version_; }

  // Rejected entries of both kinds, by key. Costs what targets() costs where there are more keys
  // than targets are wanted.
  const std::map<std::string, Rejected>& rejected() const;

 private:
  void targets_changed();
  void update_members();
  void update_rejected(std::span<const std::string> keys);
  void update_all_rejected() const;
  void find_targets() const;

  const TargetLimits limits_;
  KeyFold<Member> member_keys_;
  KeyFold<Target> target_keys_;
  bool members_synced_ = false;
  bool targets_synced_ = false;
  std::uint64_t targets_version_ = 0;
  std::map<std::string, Member> members_;
  // What follows from the keys; targets_, and the rejected ones above the limit, once asked for.
  mutable std::map<std::string, Rejected> rejected_;
  mutable bool targets_stale_ = false;
  mutable bool above_limit_ = false;  // some of rejected_ are
  mutable std::vector<const Target*> targets_;
};

}  // namespace promster
