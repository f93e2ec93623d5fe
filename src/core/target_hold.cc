#include "core/target_hold.h"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace promster {
namespace {

constexpr Duration kWithin = std::chrono::seconds(60);
constexpr double kFew = 3;

using TargetSpan = std::span<const Target* const>;

std::vector<std::size_t> hashes_of_keys(TargetSpan targets) {
  std::vector<std::size_t> hashes;
  hashes.reserve(targets.size());
  for (const Target* target : targets) hashes.push_back(std::hash<std::string>()(target->key));
  std::ranges::sort(hashes);
  return hashes;
}

bool contains(TargetSpan by_key, const std::string& key) {
  const auto found = std::ranges::lower_bound(
      by_key, key, std::less<>(), [](const Target* one) -> auto& { return one->key; });
  return found != by_key.end() && (*found)->key == key;
}

}  // namespace

bool TargetHold::listed(TargetSpan listed, TargetSpan file, SteadyTime now, const NodeKeys& nodes) {
  const std::vector<std::size_t> before = std::exchange(keys_, hashes_of_keys(listed));
  const bool canceled = cancel(listed);
  forget_before(now - kWithin);
  if (std::ranges::includes(keys_, before) || options_.hold == Duration::zero()) return canceled;
  Step& step = steps_.emplace_back(Step{.when = now, .before = before.size()});
  for (const Target* target : file) {
    const bool was_listed =
        std::ranges::binary_search(before, std::hash<std::string>()(target->key));
    if (was_listed && !contains(listed, target->key)) step.ours.push_back(*target);
  }
  const bool alone = hold_nodes(step, listed, nodes);
  const bool many = too_many_gone() && hold_recent(listed, now);
  return alone || many || canceled;
}

// They stay among those that went, in case that too many go with them.
bool TargetHold::hold_nodes(const Step& step, TargetSpan listed, const NodeKeys& nodes) {
  const std::size_t before = held_.size();
  const Duration most = options_.hold ? std::min<Duration>(*options_.hold, kAlone) : kAlone;
  for (const Target& target : step.ours) {
    if (!nodes.vanished(target.key)) continue;
    held_.try_emplace(
        target.key,
        Entry{.held = {
                  .target = target, .since = step.when, .until = step.when + most, .alone = true}});
  }
  cancel(listed);
  return held_.size() != before;
}

bool TargetHold::too_many_gone() const {
  std::size_t most = 0;
  for (const Step& step : steps_) most = std::max(most, step.before);
  const double lost = static_cast<double>(most) - static_cast<double>(keys_.size());
  return keys_.empty() || lost > std::max(kFew, options_.share * static_cast<double>(most));
}

// What is back is not held any more: by its key, or by its address under another one.
bool TargetHold::cancel(TargetSpan listed) {
  if (held_.empty()) return false;
  std::unordered_set<std::string_view> addresses;
  for (const Target* target : listed) addresses.insert(target->address);
  return std::erase_if(held_, [&](const auto& item) {
           return addresses.contains(item.second.held.target.address) ||
                  contains(listed, item.first);
         }) > 0;
}

void TargetHold::forget_before(SteadyTime time) {
  while (!steps_.empty() && steps_.front().when <= time) steps_.pop_front();
}

// Also what was let go before it was clear that it would be too many, and nodes that were held
// alone until now.
bool TargetHold::hold_recent(TargetSpan listed, SteadyTime now) {
  const std::size_t before = held_.size();
  for (Step& step : steps_) {
    for (Target& target : std::exchange(step.ours, {})) {
      const auto [item, added] = held_.try_emplace(target.key);
      if (item->second.replaced) continue;  // its siblings count it soon
      Held& held = item->second.held;
      if (added) held = {.target = std::move(target), .since = now, .alone = true};
      if (!std::exchange(held.alone, false)) continue;
      held.until = options_.hold ? std::optional(now + *options_.hold) : std::nullopt;
    }
  }
  cancel(listed);
  return held_.size() != before;
}

bool TargetHold::scraped(const ScrapesSeen& seen) {
  if (held_.empty()) return false;
  std::unordered_map<std::string_view, const ScrapesSeen::One*> by_address;
  for (const ScrapesSeen::One& one : seen.targets) by_address.emplace(one.address, &one);
  for (auto& [key, entry] : held_) {
    const auto found = by_address.find(entry.held.target.address);
    if (found == by_address.end()) continue;
    const ScrapesSeen::One& one = *found->second;
    if (std::exchange(entry.last_scrape, one.last_scrape) == one.last_scrape) continue;
    entry.held.down = one.up ? 0 : entry.held.down + 1;
  }
  return let_go([](const Entry& entry) { return entry.held.down >= kDownScrapes; });
}

bool TargetHold::nodes_changed(const NodeKeys& nodes, SteadyTime now) {
  for (auto& [key, entry] : held_) {
    if (entry.replaced || !nodes.replaced(key)) continue;
    entry.replaced = true;
    const SteadyTime seen = now + options_.settle;
    entry.held.until = entry.held.until ? std::min(*entry.held.until, seen) : seen;
  }
  return expire(now);
}

// For good: not to be held once more with others that go soon.
template <class Over>
bool TargetHold::let_go(Over over) {
  return std::erase_if(held_, [&](const auto& item) {
           if (!over(item.second)) return false;
           for (Step& step : steps_) {
             std::erase_if(step.ours, [&](const Target& one) { return one.key == item.first; });
           }
           return true;
         }) > 0;
}

bool TargetHold::confirm() {
  steps_.clear();
  return !std::exchange(held_, {}).empty();
}

bool TargetHold::expire(SteadyTime now) {
  forget_before(now - kWithin);
  return let_go([now](const Entry& entry) { return entry.held.until && *entry.held.until <= now; });
}

std::optional<SteadyTime> TargetHold::deadline() const {
  std::optional<SteadyTime> next;
  for (const auto& [key, entry] : held_) {
    if (entry.held.until && (!next || *entry.held.until < *next)) next = entry.held.until;
  }
  return next;
}

std::vector<TargetHold::Held> TargetHold::held() const {
  std::vector<Held> all;
  for (const auto& [key, entry] : held_) all.push_back(entry.held);
  return all;
}

std::vector<const Target*> TargetHold::targets() const {
  std::vector<const Target*> all;
  for (const auto& [key, entry] : held_) all.push_back(&entry.held.target);
  return all;
}

}  // namespace promster
