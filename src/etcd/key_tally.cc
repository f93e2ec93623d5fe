#include "etcd/key_tally.h"

#include <algorithm>
#include <functional>
#include <string>

namespace promster {

void KeyTally::list(std::span<const KeyValue> entries) {
  revisions_.clear();
  revisions_.reserve(entries.size());
  for (const KeyValue& entry : entries) {
    revisions_[std::hash<std::string>()(entry.key)] = entry.mod_revision;
  }
}

void KeyTally::change(std::span<const KeyChange> changes) {
  for (const KeyChange& change : changes) {
    const std::size_t hash = std::hash<std::string>()(change.key);
    if (change.value) {
      revisions_[hash] = change.mod_revision;
    } else {
      revisions_.erase(hash);
    }
  }
}

KeyTally::Sum KeyTally::sum() const {
  Sum sum{.count = static_cast<std::int64_t>(revisions_.size())};
  for (const auto& [hash, revision] : revisions_) sum.newest = std::max(sum.newest, revision);
  return sum;
}

bool KeyTally::agrees(std::int64_t count, const KeyValue* newest) const {
  if (sum() != Sum{.count = count, .newest = newest == nullptr ? 0 : newest->mod_revision}) {
    return false;
  }
  if (newest == nullptr) return true;
  const auto found = revisions_.find(std::hash<std::string>()(newest->key));
  return found != revisions_.end() && found->second == newest->mod_revision;
}

}  // namespace promster
