#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/movement.h"
#include "core/settings.h"
#include "core/target_table.h"

namespace promster {

// Who scrapes what in the whole cluster, as this node computed it last. Snapshots share it.
//
// Thread rule: a plain value; never changed once it is published.
struct ClusterPicture {
  TargetTable targets;                                  // all that etcd lists, by key
  Sharing sharing;                                      // members by name, and what each owns
  ShardAlgorithm algorithm = ShardAlgorithm::kBounded;  // in use, never kAuto
  double slack = 0;
  int replicas = 1;
  std::string shard_key;          // "address", or the label that is hashed
  bool sharded = true;            // false: every node has everything
  std::int64_t revision = 0;      // of etcd, when the targets were like this
  std::vector<std::size_t> load;  // targets a member, by its index

  // The targets as the algorithms see them; they live as long as the picture.
  std::vector<ShardTarget> shard_targets() const;

  // Index of the target with this key, else of the first with this address.
  std::optional<std::size_t> find(std::string_view key_or_address) const;
};

// Which targets are wanted.
struct TargetQuery {
  std::string words;  // separated by spaces; each is in the key, the address, a label's name or
                      // value, or an owner's name; upper and lower case are the same
  std::string owner;  // exact name of a member; empty: any
  std::size_t offset = 0;
  std::size_t limit = 50;
};

struct TargetMatches {
  std::size_t total = 0;             // of all that match
  std::vector<std::size_t> targets;  // indices, by key: at most `limit` from `offset` on
};

// Pure, any thread; a walk over all targets.
TargetMatches search_targets(const ClusterPicture& picture, const TargetQuery& query);

}  // namespace promster
