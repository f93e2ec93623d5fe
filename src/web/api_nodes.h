#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/cluster_picture.h"
#include "core/member.h"
#include "core/movement.h"
#include "core/snapshot.h"
#include "web/node_view.h"

// The nodes of the cluster, with what each owns. Pure functions, any thread.
namespace promster {

struct NodeRow {
  Member member;      // of one that is kept only the name may be known
  bool kept = false;  // its key is gone, but it answers
  bool self = false;
  std::size_t targets = 0;
  // Whether it says that it scrapes for the same ring as this node; none: one of both says nothing.
  std::optional<bool> agrees;

  std::string_view state() const;  // "active", "draining", "kept"
};

// By name.
std::vector<NodeRow> node_rows(const Snapshot& snapshot);

// How even the cluster is. Where nobody shares, each node has everything.
Balance cluster_balance(const ClusterPicture& picture);

// The most targets that a node may own.
std::size_t cluster_capacity(const ClusterPicture& picture);

// Why there is no node to show.
std::string no_nodes_reason(const Snapshot& snapshot, const NodeView& view);

// The `data` of GET /api/v1/nodes, and "Balance" of it.
std::string nodes_json(const Snapshot& snapshot, const NodeView& view);
std::string balance_json(const Balance& balance, std::size_t capacity);

}  // namespace promster
