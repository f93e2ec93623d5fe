#include "core/distinct_targets.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>

namespace promster {
namespace {

std::uint64_t chained(std::uint64_t seed, const std::string& text) {
  return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

std::uint64_t hash_of(const Target& target) {
  std::uint64_t hash = chained(0, target.address);
  for (const auto& [name, value] : target.labels.pairs()) {
    hash = chained(chained(hash, name), value);
  }
  return hash;
}

bool say_the_same(const Target& a, const Target& b) {
  return a.address == b.address && a.labels == b.labels;
}

}  // namespace

DistinctTargets::DistinctTargets(std::size_t most)
    : slots_(std::bit_ceil(2 * std::max<std::size_t>(most, 1))) {
  kept_.reserve(most);
}

void DistinctTargets::add(const Target& target) {
  const std::uint64_t hash = hash_of(target);
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    Slot& slot = slots_[i];
    if (slot.kept == 0) {
      kept_.push_back(&target);
      slot = {.hash = tag, .kept = static_cast<std::uint32_t>(kept_.size())};
      return;
    }
    if (slot.hash == tag && say_the_same(target, *kept_[slot.kept - 1])) return;
  }
}

}  // namespace promster
