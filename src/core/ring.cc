#include "core/ring.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "core/scores.h"
#include "core/shard_algorithm.h"

namespace promster {
namespace {

std::string hex_hash(const std::string& text) {
  std::array<char, 17> hex;
  std::snprintf(hex.data(), hex.size(), "%016llx",
                static_cast<unsigned long long>(shard_hash(text)));
  return hex.data();
}

std::string hash_of(const Ring& ring, const ShardSettings& settings) {
  const std::string how = std::to_string(static_cast<int>(ring.algorithm)) + ' ' +
                          std::to_string(std::llround(settings.slack * 1e6)) + ' ' +
                          std::to_string(settings.replicas) + ' ' + settings.key;
  return member_set_hash(ring.members) + '-' + hex_hash(how);
}

}  // namespace

std::string member_set_hash(std::span<const std::string> members) {
  std::string text;
  for (const std::string& member : members) text += '\n' + member;
  return hex_hash(text);
}

std::string_view member_set_of(std::string_view ring_hash) {
  const auto end = ring_hash.find('-');
  return end == ring_hash.npos ? std::string_view() : ring_hash.substr(0, end);
}

Ring make_ring(const RingInput& input) {
  std::vector<Member> members;
  for (const auto& [name, member] : input.members) members.push_back(member);
  Ring ring{.members = {}, .algorithm = effective_algorithm(input.settings.algorithm, members)};
  // An original promster keeps nobody, and the ring must be the same on all nodes.
  const bool keep = ring.algorithm != ShardAlgorithm::kLegacy;
  std::set<std::string> names;
  for (const auto& [name, member] : input.members) {
    if (member.state == MemberState::kActive && (keep || !input.kept.contains(name)))
      names.insert(name);
  }
  names.erase(input.self);
  // Who is the last one stays: there is nobody to leave the targets to.
  if (!input.draining || names.empty()) names.insert(input.self);
  ring.members = {names.begin(), names.end()};
  ring.hash = hash_of(ring, input.settings);
  return ring;
}

}  // namespace promster
