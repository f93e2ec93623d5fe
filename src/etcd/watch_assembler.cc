#include "etcd/watch_assembler.h"

#include <iterator>
#include <utility>

#include "etcd/failure.h"

namespace promster {
namespace {

EtcdError cancellation(const WatchMessage& message) {
  if (message.compact_revision != 0) {
    return EtcdError{.code = EtcdError::Code::kCompacted,
                     .message = "watch: required revision has been compacted",
                     .compact_revision = message.compact_revision};
  }
  EtcdError error = etcd_failure(static_cast<int>(GrpcCode::kCancelled), message.cancel_reason);
  error.message = error.message.empty() ? "watch: canceled by etcd" : "watch: " + error.message;
  return error;
}

std::size_t size_of(const std::vector<KeyChange>& changes) {
  std::size_t bytes = 0;
  for (const KeyChange& change : changes) {
    bytes += sizeof(change) + change.key.size() + (change.value ? change.value->size() : 0);
  }
  return bytes;
}

}  // namespace

EtcdResult<std::optional<WatchResponse>> WatchAssembler::add(WatchMessage message) {
  if (message.canceled) return cancellation(message);
  // Progress that was asked for may run ahead of events in etcd before 3.4.25; we never ask.
  if (message.watch_id < 0) return std::optional<WatchResponse>();
  bytes_ += size_of(message.changes);
  if (bytes_ > most_) {
    return EtcdError{.code = EtcdError::Code::kTooLarge, .message = "watch: too many fragments"};
  }
  std::move(message.changes.begin(), message.changes.end(), std::back_inserter(fragments_));
  if (message.fragment) return std::optional<WatchResponse>();
  bytes_ = 0;
  return std::optional<WatchResponse>(WatchResponse{.created = message.created,
                                                    .revision = message.revision,
                                                    .cluster_id = message.cluster_id,
                                                    .changes = std::exchange(fragments_, {})});
}

}  // namespace promster
