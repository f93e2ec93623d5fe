#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>

#include "core/keyspace.h"

namespace promster {

// What a listing and the changes after it leave: how many keys there are, and which is the newest.
// An audit compares both with etcd's own word. Of the keys only a hash is kept, 16 bytes
// instead of about 80; two of a million keys meet in one hash once in 37 million times, and then an
// audit lists for nothing.
//
// Thread rule: one thread.
class KeyTally {
 public:
  struct Sum {
    std::int64_t count = 0;
    std::int64_t newest = 0;  // mod revision; 0 without keys
    bool operator==(const Sum&) const = default;
  };

  void list(std::span<const KeyValue> entries);
  void change(std::span<const KeyChange> changes);

  // Walks over all keys.
  Sum sum() const;

  // Whether this is what etcd says of the same keys.
  bool agrees(std::int64_t count, const KeyValue* newest) const;

 private:
  std::unordered_map<std::size_t, std::int64_t> revisions_;  // by hash of the key
};

}  // namespace promster
