#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/duration.h"
#include "base/result.h"
#include "core/keyspace.h"

namespace promster {

// Why a call to etcd did not succeed. `code` is what callers act upon; `message` is for people.
struct EtcdError {
  enum class Code {
    kUnavailable,       // no endpoint answered, or a connection broke
    kDeadline,          // no answer in time
    kNoLeader,          // the member has lost its quorum
    kCompacted,         // the revision asked for is gone; list again
    kFutureRevision,    // the revision asked for does not exist yet
    kLeaseNotFound,     // the lease expired or was revoked
    kAuth,              // wrong user or password, or a token that could not be renewed
    kPermissionDenied,  // known, but not allowed
    kNoSpace,           // the NOSPACE alarm is raised
    kTooLarge,          // a message above the limit
    kAudit,             // a watch did not tell of everything; list again
    kCanceled,          // we asked to stop, or the server canceled without saying more
    kOther,
  };
  Code code = Code::kOther;
  std::string message;
  std::int64_t compact_revision = 0;  // of kCompacted, where known
};

// The code as a word fit for a metric label: unavailable, deadline, no_leader, compacted, ...
const char* etcd_code_name(EtcdError::Code code);

template <class T>
using EtcdResult = Result<T, EtcdError>;

// The first key behind all keys with `prefix`; "\0", etcd's word for "no end", where there is none.
std::string prefix_end(std::string prefix);

// Keys with `prefix` (all keys where it is empty), from `start_key` on where that is given.
struct RangeRequest {
  std::string prefix;
  std::string start_key;      // continue a listing here; empty: at the prefix
  std::int64_t limit = 0;     // 0: no limit
  std::int64_t revision = 0;  // 0: the newest
  bool keys_only = false;
  bool newest_first = false;  // by mod revision; else in key order
};

struct RangeResponse {
  std::int64_t revision = 0;  // of the store, when it answered
  std::uint64_t cluster_id = 0;
  std::vector<KeyValue> entries;
  bool more = false;       // than the limit allowed
  std::int64_t count = 0;  // of all keys from the start key on, whatever the limit
};

struct WatchRequest {
  std::string prefix;
  std::int64_t start_revision = 0;  // the first revision to be told of; 0: from now
};

// What a watch says next. The first is `created`, without changes; a later one without changes is a
// progress notification: everything up to `revision` was told.
struct WatchResponse {
  bool created = false;
  std::int64_t revision = 0;  // of the store; while a watch catches up it is ahead of `changes`
  std::uint64_t cluster_id = 0;
  std::vector<KeyChange> changes;  // whole: fragments are put together
};

// An open watch.
// Thread rule: both from one thread; a stop asked of the token given to watch() ends it.
class EtcdWatch {
 public:
  virtual ~EtcdWatch() = default;
  // Blocks until there is something to say, or the deadline has passed; then it is nullopt, and the
  // watch goes on. An error ends the watch for good; kCanceled says that we asked for it.
  virtual EtcdResult<std::optional<WatchResponse>> next_until(
      std::optional<SteadyTime> deadline) = 0;
  // The same without a deadline.
  EtcdResult<WatchResponse> next();
};

struct LeaseGrant {
  std::int64_t id = 0;
  Duration ttl{};  // as granted, which may be more than was asked
};

// The part of etcd's v3 API that promster uses (etcd.io/docs, "API reference"; etcd 3.2 has all of
// it). Reads are linearizable. Every call has a deadline; a call that can be repeated safely is
// tried on every endpoint once before it fails.
//
// Thread rule: one thread, and each thread that speaks to etcd has an Etcd of its own.
class Etcd {
 public:
  virtual ~Etcd() = default;

  virtual EtcdResult<RangeResponse> range(const RangeRequest& request) = 0;
  // Returns once etcd has answered `created`, which next() then gives first; other errors than
  // those of connection and authentication come from next(). The stream carries the require-leader
  // metadata.
  virtual EtcdResult<std::unique_ptr<EtcdWatch>> watch(const WatchRequest& request,
                                                       std::stop_token stop) = 0;
  virtual EtcdResult<LeaseGrant> grant(Duration ttl) = 0;
  // `lease` 0: the key stays until somebody deletes it. Returns the revision of the store.
  virtual EtcdResult<std::int64_t> put(const std::string& key, const std::string& value,
                                       std::int64_t lease) = 0;
  // Renews a lease; returns its length from now, or kLeaseNotFound. Each endpoint has `within` to
  // answer.
  virtual EtcdResult<Duration> keep_alive(std::int64_t lease, Duration within) = 0;
  // Ends a lease and deletes its keys. One second on each of at most two endpoints.
  virtual EtcdResult<void> revoke(std::int64_t lease) = 0;
};

}  // namespace promster
