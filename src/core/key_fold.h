#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/keyspace.h"

namespace promster {

// The keys below one prefix as the newest answers of etcd left them, each read as a T or Rejected.
// Any batching of the same listing and changes, and any order within a batch, leaves the same: of
// each key the change with the highest revision wins, and what a listing already knew is dropped.
//
// Deleted keys are remembered until the next listing, so that an older put cannot bring them back.
// When more of them pile up than there are live keys they are forgotten, and everything at or below
// their revisions is dropped from then on; this relies on etcd's order across keys.
//
// Thread rule: one thread.
template <class T>
class KeyFold {
 public:
  using Parsed = std::variant<T, Rejected>;
  struct Entry {
    std::optional<Parsed> parsed;  // nothing: deleted
    std::int64_t mod_revision = 0;
    bool listed = false;  // by the listing that is being folded
  };
  // `parse` makes an entry of a key and its value; a pure function.
  explicit KeyFold(std::function<Parsed(const KeyValue&)> parse) : parse_(std::move(parse)) {}

  // The listing replaces all there is, whatever its revision: who hands it over trusts it. Returns
  // whether anything differs.
  bool list(const Listing& listing) {
    bool differs = false;
    for (const KeyValue& entry : listing.entries) differs |= list_entry(entry);
    for (auto it = entries_.begin(); it != entries_.end();) {
      const bool gone = !std::exchange(it->second.listed, false);
      differs |= gone && it->second.parsed.has_value();
      it = gone ? entries_.erase(it) : std::next(it);
    }
    deleted_ = 0;
    floor_ = listing.revision;
    return differs;
  }

  // Returns the keys whose content differs.
  std::vector<std::string> change(std::span<const KeyChange> changes) {
    std::vector<std::string> differing;
    for (const KeyChange& change : changes) {
      if (apply(change)) differing.push_back(change.key);
    }
    if (deleted_ > entries_.size() / 2 + kMostDeleted) forget_deleted();
    return differing;
  }

  const std::map<std::string, Entry>& entries() const { return entries_; }

  // Null where there is no such key.
  const Parsed* find(const std::string& key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() || !found->second.parsed ? nullptr : &*found->second.parsed;
  }

 private:
  static constexpr std::size_t kMostDeleted = 1024;

  bool list_entry(const KeyValue& key_value) {
    // A listing comes in key order, so the next key mostly belongs right behind the last one.
    Entry& entry = entries_.try_emplace(entries_.end(), key_value.key)->second;
    if (entry.listed && entry.mod_revision >= key_value.mod_revision) return false;
    entry.listed = true;
    entry.mod_revision = key_value.mod_revision;
    return replace(entry, parse_(key_value));
  }

  bool apply(const KeyChange& change) {
    if (change.mod_revision <= floor_) return false;
    Entry& entry = entries_[change.key];
    if (change.mod_revision <= entry.mod_revision) return false;
    if (entry.mod_revision != 0 && !entry.parsed) --deleted_;
    entry.mod_revision = change.mod_revision;
    if (!change.value) {
      ++deleted_;
      return std::exchange(entry.parsed, std::nullopt).has_value();
    }
    return replace(
        entry,
        parse_({.key = change.key, .value = *change.value, .mod_revision = change.mod_revision}));
  }

  static bool replace(Entry& entry, Parsed parsed) {
    if (entry.parsed == parsed) return false;
    entry.parsed = std::move(parsed);
    return true;
  }

  void forget_deleted() {
    std::erase_if(entries_, [&](const auto& item) {
      if (!item.second.parsed) floor_ = std::max(floor_, item.second.mod_revision);
      return !item.second.parsed;
    });
    deleted_ = 0;
  }

  std::function<Parsed(const KeyValue&)> parse_;
  std::map<std::string, Entry> entries_;
  std::size_t deleted_ = 0;
  std::int64_t floor_ = 0;
};

}  // namespace promster
