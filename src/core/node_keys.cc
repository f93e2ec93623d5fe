#include "core/node_keys.h"

#include <optional>
#include <string_view>
#include <utility>

#include "core/entry_value.h"

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
  const Nodes before = std::exchange(nodes_, {});
  Nodes gone = before;
  for (const KeyValue& entry : listing.entries) {
    gone.erase(entry.key);
    put(entry.key, entry.value);
  }
  for (const auto& [key, node] : gone) {
    if (node.active) vanished_[key] = rings_beside(before, key);
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
  if (found->second.active) vanished_[key] = rings_beside(nodes_, key);
  nodes_.erase(found);
}

// What the nodes of its folder name, itself among them.
std::set<std::string> NodeKeys::rings_beside(const Nodes& nodes, const std::string& key) {
  const std::string_view folder = folder_of(key);
  std::set<std::string> rings;
  for (auto it = nodes.lower_bound(std::string(folder));
       it != nodes.end() && it->first.starts_with(folder); ++it) {
    if (it->second.active && folder_of(it->first) == folder) rings.insert(it->second.applied);
  }
  return rings;
}

bool NodeKeys::replaced(const std::string& key) const {
  const auto found = vanished_.find(key);
  if (found == vanished_.end()) return false;
  const std::set<std::string> now = rings_beside(nodes_, key);
  if (now.size() != 1 || now.begin()->empty()) return false;
  return !found->second.contains(*now.begin());
}

void NodeKeys::remember(const std::set<std::string>& keys) {
  std::erase_if(vanished_, [&](const auto& item) { return !keys.contains(item.first); });
}

}  // namespace promster
