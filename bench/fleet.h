#pragma once

#include <string>
#include <vector>

#include "core/assignment.h"

namespace promster {

// Addresses as a large site has them: neighbours of one another. Equal `seed`s give equal fleets.
inline std::vector<std::string> addresses(std::size_t count, unsigned seed,
                                          const std::string& port) {
  std::vector<std::string> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = i + 7919UL * seed;
    out.push_back("10." + std::to_string((at >> 16) & 255) + "." + std::to_string((at >> 8) & 255) +
                  "." + std::to_string(at & 255) + ":" + port);
  }
  return out;
}

// Sharded by address. REQUIRES: `ids` outlives the result.
inline std::vector<ShardTarget> shard_targets(const std::vector<std::string>& ids) {
  std::vector<ShardTarget> out;
  out.reserve(ids.size());
  for (const std::string& id : ids) out.push_back({.shard_key = id, .id = id});
  return out;
}

}  // namespace promster
