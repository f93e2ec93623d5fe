#include "core/cluster_state.h"

#include <cstdint>
#include <utility>

#include "core/distinct_targets.h"

namespace promster {
namespace {

template <class T>
const Rejected* rejected_of(const KeyFold<T>& keys, const std::string& key) {
  const auto* parsed = keys.find(key);
  return parsed == nullptr ? nullptr : std::get_if<Rejected>(parsed);
}

template <class T>
void add_rejected(const KeyFold<T>& keys, std::map<std::string, Rejected>& out) {
  for (const auto& [key, entry] : keys.entries()) {
    if (!entry.parsed) continue;
    if (const auto* rejected = std::get_if<Rejected>(&*entry.parsed)) out.emplace(key, *rejected);
  }
}

}  // namespace

ClusterState::ClusterState() : member_keys_(parse_member), target_keys_(parse_target) {}

bool ClusterState::list_members(const Listing& listing) {
  members_synced_ = true;
  if (!member_keys_.list(listing)) return false;
  update_members();
  update_all_rejected();
  return true;
}

bool ClusterState::list_targets(const Listing& listing) {
  targets_synced_ = true;
  if (!target_keys_.list(listing)) return false;
  targets_stale_ = true;
  update_all_rejected();
  return true;
}

bool ClusterState::change_members(std::span<const KeyChange> changes) {
  const auto keys = member_keys_.change(changes);
  if (keys.empty()) return false;
  update_members();
  update_rejected(keys);
  return true;
}

bool ClusterState::change_targets(std::span<const KeyChange> changes) {
  const auto keys = target_keys_.change(changes);
  if (keys.empty()) return false;
  targets_stale_ = true;
  update_rejected(keys);
  return true;
}

const std::vector<const Target*>& ClusterState::targets() const {
  if (!std::exchange(targets_stale_, false)) return targets_;
  DistinctTargets distinct(target_keys_.entries().size());
  for (const auto& [key, entry] : target_keys_.entries()) {
    if (!entry.parsed) continue;
    if (const auto* target = std::get_if<Target>(&*entry.parsed)) distinct.add(*target);
  }
  targets_ = std::move(distinct).take();
  return targets_;
}

// Members are few; all of them anew is simple.
void ClusterState::update_members() {
  members_.clear();
  for (const auto& [key, entry] : member_keys_.entries()) {
    if (!entry.parsed) continue;
    if (const auto* member = std::get_if<Member>(&*entry.parsed)) {
      members_.emplace(member->name, *member);
    }
  }
}

// A key may be below both prefixes; what is wrong with it as a target is then what is shown.
void ClusterState::update_rejected(std::span<const std::string> keys) {
  for (const std::string& key : keys) {
    const Rejected* rejected = rejected_of(target_keys_, key);
    if (rejected == nullptr) rejected = rejected_of(member_keys_, key);
    if (rejected == nullptr) {
      rejected_.erase(key);
    } else {
      rejected_.insert_or_assign(key, *rejected);
    }
  }
}

void ClusterState::update_all_rejected() {
  rejected_.clear();
  add_rejected(target_keys_, rejected_);
  add_rejected(member_keys_, rejected_);
}

}  // namespace promster
