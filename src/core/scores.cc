#include "core/scores.h"

// The hash of 16 bytes is called members x targets times; inlined it takes 2 ns.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace promster {
namespace {

void put_little_endian(std::uint64_t value, unsigned char* out) {
  for (int i = 0; i < 8; ++i) out[i] = static_cast<unsigned char>(value >> (8 * i));
}

}  // namespace

std::uint64_t shard_hash(std::string_view text) {
  return XXH3_64bits(text.data(), text.size());
}

std::uint64_t pair_hash(std::uint64_t first, std::uint64_t second) {
  std::array<unsigned char, 16> bytes;
  put_little_endian(first, bytes.data());
  put_little_endian(second, bytes.data() + 8);
  return XXH3_64bits(bytes.data(), bytes.size());
}

Scores::Scores(std::span<const std::string> members) : input_index_(members.size()) {
  std::iota(input_index_.begin(), input_index_.end(), 0);
  std::ranges::sort(input_index_, {},
                    [&](std::uint32_t i) { return std::string_view(members[i]); });
  for (const std::uint32_t i : input_index_) hashes_.push_back(shard_hash(members[i]));
}

std::uint64_t Scores::score(std::uint64_t target_hash, std::uint32_t rank) const {
  return pair_hash(target_hash, hashes_[rank]);
}

std::optional<Wish> Scores::next(std::uint64_t target_hash, std::span<const std::uint32_t> room,
                                 const std::optional<Wish>& last) const {
  // One pass; comparing scores first keeps the other conditions off the common path.
  std::optional<Wish> found;
  Wish best;
  for (std::uint32_t rank = 0; rank < hashes_.size(); ++rank) {
    const Wish wish{.score = pair_hash(target_hash, hashes_[rank]), .rank = rank};
    if (found && wish.score <= best.score) continue;
    if (room[rank] == 0 || (last && !last->before(wish))) continue;
    best = wish;
    found = wish;
  }
  return found;
}

}  // namespace promster
