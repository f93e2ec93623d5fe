#include "core/node_keys.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/entry_value.h"
#include "core/ring.h"

namespace promster {
namespace {

// All targets come by here; few of them are nodes.
std::optional<Member> node_of(const std::string& value) {
  Member member;
  if (value.find("\"promster\"") == value.npos || !read_member_value(value, member)) {
    return std::nullopt;
  }
  return member;
}

std::string_view folder_of(std::string_view key) {
  return key.substr(0, key.rfind('/') + 1);
}

}  // namespace

void NodeKeys::list(const Listing& listing) {
  Nodes gone = std::exchange(nodes_, {});
  for (const KeyValue& entry : listing.entries) {
    gone.erase(entry.key);
    put(entry.key, entry.value);
  }
  for (const auto& [key, node] : gone) {
    if (node.active) vanished_.insert(key);
  }
}

void NodeKeys::change(std::span<const KeyChange> changes) {
  for (const KeyChange& one : changes) {
    if (one.value) {
      put(one.key, *one.value);
    } else {
      erase(one.key);
    }
  }
}

void NodeKeys::put(const std::string& key, const std::string& value) {
  vanished_.erase(key);
  if (const auto member = node_of(value)) {
    nodes_[key] = {.active = member->state == MemberState::kActive, .applied = member->applied};
  } else {
    nodes_.erase(key);
  }
}

void NodeKeys::erase(const std::string& key) {
  const auto found = nodes_.find(key);
  if (found == nodes_.end()) return;
  if (found->second.active) vanished_.insert(key);
  nodes_.erase(found);
}

bool NodeKeys::replaced(const std::string& key) const {
  if (!vanished_.contains(key)) return false;
  const std::string_view folder = folder_of(key);
  std::vector<std::string> names, rings;
  for (auto it = nodes_.lower_bound(std::string(folder));
       it != nodes_.end() && it->first.starts_with(folder); ++it) {
    if (!it->second.active || folder_of(it->first) != folder) continue;
    names.push_back(it->first.substr(folder.size()));
    rings.push_back(it->second.applied);
  }
  const std::string expected = member_set_hash(names);
  return !rings.empty() && std::ranges::all_of(rings, [&](const std::string& ring) {
    return member_set_of(ring) == expected;
  });
}

void NodeKeys::remember(const std::set<std::string>& keys) {
  std::erase_if(vanished_, [&](const auto& item) { return !keys.contains(item); });
}

}  // namespace promster
