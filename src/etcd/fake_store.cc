#include "etcd/fake_store.h"

#include <algorithm>
#include <utility>

namespace promster {
namespace {

using Code = EtcdError::Code;

EtcdError compacted_error(std::int64_t revision) {
  return EtcdError{Code::kCompacted, "required revision has been compacted", revision};
}

EtcdError no_lease() {
  return EtcdError{Code::kLeaseNotFound, "requested lease not found"};
}

}  // namespace

EtcdResult<RangeResponse> FakeStore::range(const RangeRequest& request) const {
  const std::int64_t at = request.revision == 0 ? revision_ : request.revision;
  if (at > revision_) return EtcdError{Code::kFutureRevision, "required revision is in the future"};
  if (request.revision != 0 && at < compacted_) return compacted_error(compacted_);
  RangeResponse response{.revision = revision_, .cluster_id = cluster_id_, .entries = {}};
  const std::string& first = request.start_key.empty() ? request.prefix : request.start_key;
  std::vector<KeyValue>& entries = response.entries;
  for (auto entry = keys_.lower_bound(first); entry != keys_.end(); ++entry) {
    if (!entry->first.starts_with(request.prefix)) break;
    const Version* version = version_at(entry->second, at);
    if (version == nullptr || !version->value) continue;
    entries.push_back({.key = entry->first,
                       .value = request.keys_only ? std::string() : *version->value,
                       .mod_revision = version->revision});
  }
  if (request.newest_first) {
    std::ranges::stable_sort(entries, std::greater<>(), &KeyValue::mod_revision);
  }
  response.count = static_cast<std::int64_t>(entries.size());
  response.more = request.limit > 0 && response.count > request.limit;
  if (response.more) entries.resize(static_cast<std::size_t>(request.limit));
  return response;
}

const FakeStore::Version* FakeStore::version_at(const std::vector<Version>& history,
                                                std::int64_t revision) const {
  const auto after = std::ranges::upper_bound(history, revision, std::less<>(), &Version::revision);
  return after == history.begin() ? nullptr : &*(after - 1);
}

EtcdResult<std::int64_t> FakeStore::put(const std::string& key, const std::string& value,
                                        std::int64_t lease) {
  if (key.empty()) return EtcdError{Code::kOther, "key is not provided"};
  if (lease != 0 && !leases_.contains(lease)) return no_lease();
  lease_of_.erase(key);
  if (lease != 0) lease_of_[key] = lease;
  write({KeyChange{.key = key, .value = value}});
  return revision_;
}

void FakeStore::erase(const std::string& key) {
  const auto found = keys_.find(key);
  if (found == keys_.end() || !found->second.back().value) return;
  lease_of_.erase(key);
  write({KeyChange{.key = key, .value = {}}});
}

EtcdResult<LeaseGrant> FakeStore::grant(Duration ttl) {
  const Duration granted = std::max(ttl, kLeastTtl);
  leases_[++last_id_] = Lease{.ttl = granted, .ends = now_ + granted};
  return LeaseGrant{.id = last_id_, .ttl = granted};
}

EtcdResult<Duration> FakeStore::keep_alive(std::int64_t lease) {
  const auto found = leases_.find(lease);
  if (found == leases_.end()) return no_lease();
  found->second.ends = now_ + found->second.ttl;
  return found->second.ttl;
}

EtcdResult<void> FakeStore::revoke(std::int64_t lease) {
  if (!leases_.contains(lease)) return no_lease();
  drop_lease(lease);
  return {};
}

// All keys of a lease go in one transaction, at one revision.
void FakeStore::drop_lease(std::int64_t lease) {
  leases_.erase(lease);
  std::vector<KeyChange> deletions;
  for (const auto& [key, of] : lease_of_) {
    if (of == lease) deletions.push_back(KeyChange{.key = key, .value = {}});
  }
  for (const KeyChange& deletion : deletions) lease_of_.erase(deletion.key);
  if (!deletions.empty()) write(std::move(deletions));
}

void FakeStore::write(std::vector<KeyChange> changes) {
  ++revision_;
  for (KeyChange& change : changes) {
    change.mod_revision = revision_;
    keys_[change.key].push_back({.revision = revision_, .value = change.value});
  }
  if (dropped_ > 0) {
    --dropped_;
    return;
  }
  for (const auto& [id, watch] : watches_) tell(watch, changes);
}

void FakeStore::tell(const Watch& watch, const std::vector<KeyChange>& changes) const {
  WatchResponse response{.revision = revision_, .cluster_id = cluster_id_, .changes = {}};
  for (const KeyChange& change : changes) {
    if (!change.key.starts_with(watch.request.prefix)) continue;
    if (change.mod_revision < watch.request.start_revision) continue;
    response.changes.push_back(change);
  }
  if (!response.changes.empty()) watch.sink(std::move(response));
}

std::vector<KeyChange> FakeStore::changes_since(std::int64_t revision) const {
  std::vector<KeyChange> changes;
  for (const auto& [key, history] : keys_) {
    for (const Version& version : history) {
      if (version.revision < revision) continue;
      changes.push_back({.key = key, .value = version.value, .mod_revision = version.revision});
    }
  }
  std::ranges::stable_sort(changes, std::less<>(), &KeyChange::mod_revision);
  return changes;
}

std::int64_t FakeStore::watch(const WatchRequest& request, Sink sink) {
  const std::int64_t id = ++last_id_;
  sink(WatchResponse{
      .created = true, .revision = revision_, .cluster_id = cluster_id_, .changes = {}});
  if (request.start_revision != 0 && request.start_revision < compacted_) {
    sink(compacted_error(compacted_));
    return id;
  }
  const Watch& watch = watches_[id] = Watch{.request = request, .sink = std::move(sink)};
  if (request.start_revision != 0) tell(watch, changes_since(request.start_revision));
  return id;
}

void FakeStore::cancel(std::int64_t watch) {
  watches_.erase(watch);
}

void FakeStore::compact(std::int64_t revision) {
  compacted_ = std::max(compacted_, revision);
}

void FakeStore::advance(Duration time) {
  now_ += time;
  std::vector<std::int64_t> ended;
  for (const auto& [id, lease] : leases_) {
    if (lease.ends <= now_) ended.push_back(id);
  }
  for (const std::int64_t id : ended) drop_lease(id);
}

void FakeStore::fail_next(const std::string& operation, int calls, const EtcdError& error) {
  faults_[operation] = Fault{.calls = calls, .error = error};
}

std::optional<EtcdError> FakeStore::fault(const std::string& operation) {
  ++calls_[operation];
  const auto found = faults_.find(operation);
  if (found == faults_.end() || found->second.calls == 0) return std::nullopt;
  --found->second.calls;
  return found->second.error;
}

int FakeStore::calls(const std::string& operation) const {
  const auto found = calls_.find(operation);
  return found == calls_.end() ? 0 : found->second;
}

void FakeStore::cut_watches(const EtcdError& error) {
  for (const auto& [id, watch] : std::exchange(watches_, {})) watch.sink(error);
}

void FakeStore::notify_progress() {
  for (const auto& [id, watch] : watches_) {
    watch.sink(WatchResponse{.revision = revision_, .cluster_id = cluster_id_, .changes = {}});
  }
}

void FakeStore::repeat_events(std::int64_t revision) {
  for (const auto& [id, watch] : watches_) tell(watch, changes_since(revision));
}

void FakeStore::become_another_cluster() {
  ++cluster_id_;
  lose_data();
}

void FakeStore::lose_data() {
  revision_ = 1;
  compacted_ = 0;
  keys_.clear();
  lease_of_.clear();
  leases_.clear();
  cut_watches(EtcdError{Code::kUnavailable, "etcd was restarted"});
}

}  // namespace promster
