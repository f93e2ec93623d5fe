#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/keyspace.h"
#include "core/member.h"
#include "core/target.h"

namespace promster {

// What the last confirmed answers of etcd said: members, targets, and what had to be rejected.
// Folding the same listing and changes in any batching gives the same state; a change at or below
// the revision a key was last seen at is dropped.
//
// Thread rule: one thread.
class ClusterState {
 public:
  // Each returns whether members() or targets() differ from before.
  bool list_members(const Listing& listing);
  bool list_targets(const Listing& listing);
  bool change_members(std::span<const KeyChange> changes);
  bool change_targets(std::span<const KeyChange> changes);

  bool members_synced() const { return members_synced_; }
  bool targets_synced() const { return targets_synced_; }

  // By name; a name once.
  const std::map<std::string, Member>& members() const { return members_; }

  // By key. Keys that say the same (address and labels) are one target, that of the first key.
  std::vector<const Target*> targets() const;
  std::size_t target_count() const;

  // Rejected entries of both kinds, by key.
  const std::map<std::string, Rejected>& rejected() const { return rejected_; }

 private:
  // (owner of this file fills this in)
  bool members_synced_ = false;
  bool targets_synced_ = false;
  std::map<std::string, Member> members_;
  std::map<std::string, Rejected> rejected_;
};

}  // namespace promster
