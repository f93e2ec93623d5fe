#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/assignment.h"

// The original's ring, bit for bit, so that nodes of both kinds can share a cluster (compat.md 8,
// from the code it was built with: github.com/serialx/hashring at 7706f26, and its input as
// github.com/flaviostutz/promster makes it). Pure functions, any thread.
namespace promster {

// Where a member stands on the ring of 2^32 places: the first 12 bytes of the SHA-512 of its name,
// as three little-endian numbers.
std::array<std::uint32_t, 3> legacy_points(std::string_view member);

// Where a target stands: the first 4 bytes of the SHA-512 of its name, little-endian. Its name is
// the last segment of its etcd key, all that the original looks at.
std::uint32_t legacy_key(std::string_view target);

// How far ahead of a target's key the nearest of these points is; a point right on the key is the
// farthest, a whole round away. The nearest member is the owner.
std::uint32_t legacy_distance(std::uint32_t key, std::span<const std::uint32_t> points);

// The points of all members. Two members on one place: it is the one's whose name is later, as the
// original, which reads the names in order of etcd keys, has it. The order given does not matter.
class LegacyRing {
 public:
  explicit LegacyRing(std::span<const std::string> members);

  // The member (its index in what was given) whose point is the first behind the key, the first of
  // all where there is none behind. REQUIRES: there was a member.
  std::uint32_t owner(std::uint32_t key) const;

 private:
  struct Point {
    std::uint32_t place = 0;
    std::uint32_t member = 0;
  };
  std::vector<Point> points_;  // by place, a place once
};

// Who owns what in the original's ring: one owner a target, whatever the replicas, and nobody is
// ever full. The name of a target is the last segment of its id (its etcd key); the shard key plays
// no part, since the original knows none. Without members the assignment has no owners.
// REQUIRES: member names unique.
Assignment legacy_assign(std::span<const ShardTarget> targets,
                         std::span<const std::string> members);

}  // namespace promster
