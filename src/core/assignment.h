#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace promster {

struct AssignOptions {
  double slack = 0.1;  // how far above its fair share a member may go, 0.1 being 10 %
  int replicas = 1;    // owners a target
};

// A target as assign() sees it.
struct ShardTarget {
  std::string_view shard_key;  // what is hashed: the address, or the value of a label
  std::string_view id;         // tells targets of one shard key apart; unique
};

// Who owns what. Targets and members are known by their index in what assign() was given.
class Assignment {
 public:
  Assignment() = default;
  Assignment(std::size_t members, std::size_t targets, std::size_t owners_each,
             std::size_t capacity);
  // Every member owns every target.
  static Assignment everyone(std::size_t members, std::size_t targets);

  std::size_t owners_each() const { return owners_each_; }
  std::size_t capacity() const { return capacity_; }
  // The owners of a target, the best score first.
  std::span<const std::uint32_t> owners(std::size_t target) const;
  std::span<std::uint32_t> owners(std::size_t target);
  // Targets a member.
  std::vector<std::size_t> load() const;

  bool operator==(const Assignment&) const = default;

 private:
  std::size_t members_ = 0;
  std::size_t targets_ = 0;
  std::size_t owners_each_ = 0;
  std::size_t capacity_ = 0;
  std::size_t stride_ = 0;  // from the owners of one target to those of the next; 0: all the same
  std::vector<std::uint32_t> owners_;
};

// The wish of a target for a member and of the member for the target: XXH3, 64 bits, of 16 bytes:
// XXH3 of the shard key, then XXH3 of the member's name, each little-endian, all with seed 0
// (github.com/Cyan4973/xxHash, doc/xxhash_spec.md). Part of the algorithm "bounded-1": a fleet of
// mixed versions must agree, so golden vectors freeze it.
std::uint64_t rendezvous_score(std::string_view shard_key, std::string_view member);

// How many targets a member may own: ceil((1 + slack) * owners * targets / members), where owners
// is min(replicas, members), and never more than all targets. Exact: slack counts in millionths, to
// the nearest, so that 0.1 is a tenth and not the double next to it. Part of "bounded-1". Without
// members: 0.
std::size_t shard_capacity(std::size_t targets, std::size_t members, const AssignOptions& options);

// Bounded rendezvous: each target prefers members by score, each member targets by score
// (rendezvous hashing: Thaler, Ravishankar, 1998), no member takes more than shard_capacity(). The
// answer is the stable matching of these preferences (Gale, Shapley, 1962), which is unique because
// both sides rank by one score; so the order of the input cannot matter. Equal scores rank by the
// member's name, then the hash of the shard key, then the target's id; targets of one shard key so
// go to their member in order of id. Where replicas would leave a target with fewer owners than
// min(replicas, members), a swap gives it the missing one (matching.h).
//
// REQUIRES: member names unique; ids unique; slack >= 0; replicas >= 1; fewer than 2^32 targets.
// Without members the assignment has no owners. Pure, any thread.
Assignment assign(std::span<const ShardTarget> targets, std::span<const std::string> members,
                  const AssignOptions& options);

// A number that is equal on nodes that agree who owns what, whatever order they saw it in.
std::uint64_t assignment_checksum(std::span<const ShardTarget> targets,
                                  std::span<const std::string> members,
                                  const Assignment& assignment);

}  // namespace promster
