#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace promster {

// The hash of a shard key or a member's name that scores are made of: XXH3, 64 bits, seed 0.
std::uint64_t shard_hash(std::string_view text);

// XXH3, 64 bits, seed 0, of both numbers in little-endian order.
std::uint64_t pair_hash(std::uint64_t first, std::uint64_t second);

// A member and how much a target wishes for it. Members are known by their rank: their place among
// the names in order, so that nothing depends on the order in which they were given.
struct Wish {
  std::uint64_t score = 0;
  std::uint32_t rank = 0;

  // A higher score comes first, of equal ones the lower rank.
  bool before(const Wish& other) const {
    return score != other.score ? score > other.score : rank < other.rank;
  }
};

// The scores of rendezvous hashing (assignment.h) for a fixed set of members.
// Thread rule: any thread once made.
class Scores {
 public:
  explicit Scores(std::span<const std::string> members);

  std::size_t size() const { return hashes_.size(); }
  // Where the member of this rank stood in the input.
  std::uint32_t input_index(std::size_t rank) const { return input_index_[rank]; }

  std::uint64_t score(std::uint64_t target_hash, std::uint32_t rank) const;

  // What a target wishes for most among the members with room (by rank); with `last`, most behind
  // that. Nothing where no member is left.
  std::optional<Wish> next(std::uint64_t target_hash, std::span<const std::uint32_t> room,
                           const std::optional<Wish>& last) const;

 private:
  std::vector<std::uint32_t> input_index_;  // by rank
  std::vector<std::uint64_t> hashes_;       // by rank
};

}  // namespace promster
