#pragma once

#include <map>
#include <set>
#include <span>
#include <string>

#include "core/keyspace.h"

namespace promster {

// What targets that are nodes of the level below say in their keys (core/entry_value.h). A node
// that cannot reach etcd, or whose agent hangs, loses its key while its Prometheus goes on. Its
// siblings leave it its share for a while (core/member_guard.h), and as long as they do, nobody but
// its Prometheus knows those series. So it must be known here
//
//   - whether a key that is gone had said that its node stops, or vanished without a word;
//   - whether the siblings, the nodes below the same folder of keys, have taken its share over:
//     they all say, in `applied`, that the active ones whose keys are there share the targets
//     (core/ring.h), and nobody else. A ring with one that comes, drains or has vanished as well
//     is no such ring until they have agreed on it, too.
//
// A key without such a value (an original promster, a target that is no node) is not known here;
// the ring of siblings that have such a one among them is never the one that is expected.
//
// Thread rule: one thread (part of the reconciler).
class NodeKeys {
 public:
  // All keys of targets, and what became of them, in the order of etcd.
  void list(const Listing& listing);
  void change(std::span<const KeyChange> changes);

  // Whether the key is gone, and was that of an active node.
  bool vanished(const std::string& key) const { return vanished_.contains(key); }
  // Whether its siblings have taken over. False where there are none.
  // REQUIRES: nothing; false for a key that did not vanish.
  bool replaced(const std::string& key) const;
  // Remembers of the vanished ones only these.
  void remember(const std::set<std::string>& keys);

 private:
  struct Node {
    bool active = true;
    std::string applied;
  };
  using Nodes = std::map<std::string, Node>;

  void put(const std::string& key, const std::string& value);
  void erase(const std::string& key);

  Nodes nodes_;                     // by key
  std::set<std::string> vanished_;  // keys
};

}  // namespace promster
