#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "etcd/etcd.h"

namespace promster {

// What an etcd holds, in memory and with time told from outside: keys with their history, leases,
// watches, compaction; and the faults a test wants. Errors are those of a real etcd.
//
// Thread rule: one thread.
class FakeStore {
 public:
  using Sink = std::function<void(EtcdResult<WatchResponse>)>;

  // The shortest lease granted, as by an etcd with its default election timeout.
  static constexpr Duration kLeastTtl{2000};
  static constexpr std::uint64_t kClusterId = 0xfa4e;

  std::int64_t revision() const { return revision_; }

  EtcdResult<RangeResponse> range(const RangeRequest& request) const;
  EtcdResult<std::int64_t> put(const std::string& key, const std::string& value,
                               std::int64_t lease);
  // Deletes a key. Without one nothing changes.
  void erase(const std::string& key);
  EtcdResult<LeaseGrant> grant(Duration ttl);
  EtcdResult<Duration> keep_alive(std::int64_t lease);
  EtcdResult<void> revoke(std::int64_t lease);

  // `sink` is given `created`, what has happened since the start revision, and what happens next;
  // an error ends the watch. Returns its number.
  std::int64_t watch(const WatchRequest& request, Sink sink);
  void cancel(std::int64_t watch);

  // History before `revision` is gone: to list it, or to watch from it, fails from now on.
  void compact(std::int64_t revision);
  // Leases that have run out go, with their keys.
  void advance(Duration time);

  // Faults.
  void fail_next(const std::string& operation, int calls, const EtcdError& error);
  // The fault that waits for a call of this operation, if any; counts it.
  std::optional<EtcdError> fault(const std::string& operation);
  // How often an operation was called.
  int calls(const std::string& operation) const;
  void cut_watches(const EtcdError& error);
  // Tells every watch how far it has come.
  void notify_progress();
  // The next `count` changes are told to no watch (known bugs of etcd 3.4.23).
  void drop_events(int count) { dropped_ += count; }
  // Tells every watch what it was told before, from `revision` on.
  void repeat_events(std::int64_t revision);
  // What a wiped data directory leaves: revision 1, nothing else, and the same cluster id.
  void lose_data();
  // The same, with another cluster id.
  void become_another_cluster();

 private:
  struct Version {
    std::int64_t revision = 0;
    std::optional<std::string> value;  // none: deleted
  };
  struct Lease {
    Duration ttl{};
    Duration ends{};
  };
  struct Watch {
    WatchRequest request;
    Sink sink;
  };

  const Version* version_at(const std::vector<Version>& history, std::int64_t revision) const;
  void write(std::vector<KeyChange> changes);
  void drop_lease(std::int64_t lease);
  void tell(const Watch& watch, const std::vector<KeyChange>& changes) const;
  std::vector<KeyChange> changes_since(std::int64_t revision) const;

  std::uint64_t cluster_id_ = kClusterId;
  std::int64_t revision_ = 1;
  std::int64_t compacted_ = 0;
  Duration now_{};
  std::map<std::string, std::vector<Version>> keys_;
  std::map<std::string, std::int64_t> lease_of_;
  std::map<std::int64_t, Lease> leases_;
  std::map<std::int64_t, Watch> watches_;
  std::int64_t last_id_ = 0;
  struct Fault {
    int calls = 0;
    EtcdError error;
  };
  std::map<std::string, Fault> faults_;
  std::map<std::string, int> calls_;
  int dropped_ = 0;
};

}  // namespace promster
