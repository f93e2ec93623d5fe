#pragma once

#include <cstdint>
#include <vector>

#include "core/target.h"

namespace promster {

// Collects targets and leaves out those that say the same, address and labels, as an earlier one.
// Made for a million of them: one flat table, no allocation a target.
//
// Thread rule: one thread. The targets must outlive it and what it returns.
class DistinctTargets {
 public:
  // REQUIRES: no more than `most` targets are added.
  explicit DistinctTargets(std::size_t most);

  void add(const Target& target);

  // Those that were kept, in the order they were added.
  std::vector<const Target*> take() && { return std::move(kept_); }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t kept = 0;  // index + 1 in kept_; 0: free
  };

  std::vector<Slot> slots_;  // open addressing, at most half full; a power of two
  std::vector<const Target*> kept_;
};

}  // namespace promster
