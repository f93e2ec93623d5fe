#include "core/cluster_state.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/text.h"
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

KeyFold<Target>::Parsed parse_permitted(const KeyValue& entry, const TargetLimits& limits) {
  auto parsed = parse_target(entry);
  auto* target = std::get_if<Target>(&parsed);
  if (target == nullptr) return parsed;
  fit_timeout(*target, limits.timeout);
  auto reason = denied_target(target->address, limits);
  if (!reason) return parsed;
  return Rejected{.key = entry.key, .code = "denied", .reason = *std::move(reason)};
}

Rejected above_limit(const Target& target, std::size_t most) {
  return {.key = target.key,
          .code = "limit",
          .reason = "\"" + printable(target.key) + "\" comes behind the first " +
                    std::to_string(most) +
                    " targets by key; register fewer, or raise --scrape.max-targets"};
}

}  // namespace

ClusterState::ClusterState(TargetLimits limits)
    : limits_(std::move(limits)),
      member_keys_(parse_member),
      target_keys_([this](const KeyValue& entry) { return parse_permitted(entry, limits_); }) {}

bool ClusterState::list_members(const Listing& listing) {
  members_synced_ = true;
  if (!member_keys_.list(listing)) return false;
  update_members();
  if (above_limit_) targets_changed();
  update_all_rejected();
  return true;
}

bool ClusterState::list_targets(const Listing& listing) {
  targets_synced_ = true;
  if (!target_keys_.list(listing)) return false;
  targets_changed();
  update_all_rejected();
  return true;
}

std::int64_t ClusterState::member_revision(const std::string& key) const {
  const auto found = member_keys_.entries().find(key);
  return found == member_keys_.entries().end() ? 0 : found->second.mod_revision;
}

void ClusterState::targets_changed() {
  targets_stale_ = true;
  ++targets_version_;
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
  targets_changed();
  update_rejected(keys);
  return true;
}

const std::vector<const Target*>& ClusterState::targets() const {
  if (std::exchange(targets_stale_, false)) find_targets();
  return targets_;
}

const std::map<std::string, Rejected>& ClusterState::rejected() const {
  if (above_limit_ || target_keys_.entries().size() > limits_.most) targets();
  return rejected_;
}

void ClusterState::find_targets() const {
  DistinctTargets distinct(target_keys_.entries().size());
  for (const auto& [key, entry] : target_keys_.entries()) {
    if (!entry.parsed) continue;
    if (const auto* target = std::get_if<Target>(&*entry.parsed)) distinct.add(*target);
  }
  targets_ = std::move(distinct).take();
  if (std::exchange(above_limit_, targets_.size() > limits_.most)) update_all_rejected();
  for (std::size_t i = limits_.most; i < targets_.size(); ++i) {
    rejected_.insert_or_assign(targets_[i]->key, above_limit(*targets_[i], limits_.most));
  }
  targets_.resize(std::min(targets_.size(), limits_.most));
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
  targets_stale_ |= above_limit_;
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

void ClusterState::update_all_rejected() const {
  rejected_.clear();
  add_rejected(target_keys_, rejected_);
  add_rejected(member_keys_, rejected_);
}

}  // namespace promster
