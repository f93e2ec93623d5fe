#include "core/handover.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace promster {

void Handover::assign(std::span<const Claim> claims, const std::string& ring,
                      const IsAlive& is_alive, SteadyTime now) {
  ring_ = ring;
  std::set<std::string_view> named;
  for (const Claim& one : claims) named.insert(one.target->key);
  std::erase_if(entries_, [&](const auto& entry) { return !named.contains(entry.first); });
  for (const Claim& one : claims) claim(one, is_alive, now);
  find_moving();
  // A ring that comes back, while what was gained in between is still to be taken.
  if (applied_ == ring_ && taking_unclocked()) applied_.clear();
}

void Handover::find_moving() {
  moving_.clear();
  for (auto& [key, entry] : entries_) {
    if (!entry.rests()) moving_.push_back(&entry);
  }
}

void Handover::claim(const Claim& claim, const IsAlive& is_alive, SteadyTime now) {
  const auto found = entries_.find(claim.target->key);
  const bool is_new = found == entries_.end();
  if (is_new && !claim.mine) return;
  Entry& entry = is_new ? entries_[claim.target->key] : found->second;
  entry.target = *claim.target;
  if (!claim.mine) {
    lose(entry, claim, now);
    return;
  }
  gain(entry, claim, is_new, now);
  if (entry.holding == Holding::kTaking && std::ranges::none_of(entry.from, is_alive)) own(entry);
}

void Handover::gain(Entry& entry, const Claim& claim, bool is_new, SteadyTime now) {
  if (!is_new && entry.counts()) {
    own(entry);  // nobody has taken it over: it just stays
    return;
  }
  if (is_new || entry.holding == Holding::kLeft) {
    entry.holding = Holding::kTaking;
    entry.from = options_.timer > Duration::zero() ? claim.from : std::vector<std::string>{};
    entry.unseen = !entry.from.empty();
    if (claim.by_clock || !options_.acknowledged) entry.clock = now + options_.timer;
  } else if (!claim.by_clock && options_.acknowledged) {
    entry.clock.reset();  // its former owner now waits for our acknowledgement
  }
  entry.drop.reset();
}

void Handover::own(Entry& entry) {
  entry.holding = Holding::kOwned;
  entry.clock.reset();
  entry.drop.reset();
  entry.offers.clear();
  entry.from.clear();
}

void Handover::leave(Entry& entry, SteadyTime drop) {
  entry.holding = Holding::kLeft;
  entry.clock.reset();
  entry.drop = drop;
  entry.offers.clear();
  entry.unseen = false;
}

void Handover::lose(Entry& entry, const Claim& claim, SteadyTime now) {
  if (entry.holding == Holding::kLeft) return;
  if (options_.timer == Duration::zero()) return leave(entry, now);
  // What we were about to take was never counted by us: whoever counts it goes on doing so, and
  // knows its next owner as well as we do.
  if (entry.holding == Holding::kTaking) return leave(entry, now + options_.linger);
  const bool first = std::exchange(entry.holding, Holding::kLeaving) == Holding::kOwned;
  const bool moved_on = std::exchange(entry.owners, claim.owners) != claim.owners;
  entry.unseen = false;
  if (!claim.by_clock && options_.acknowledged) {
    entry.clock = now + options_.most;
    entry.offers.push_back({.ring = ring_, .owners = claim.owners});
  } else if (first || moved_on) {
    // Where the same ring gave it to somebody else before, that one does not take it any more.
    entry.clock = now + options_.timer;
    entry.offers.clear();
  }
}

void Handover::scraped(const std::map<std::string, int>& scrapes) {
  for (Entry* entry : moving_) {
    const auto found = scrapes.find(entry->target.address);
    if (found != scrapes.end() && found->second >= options_.scrapes) entry->unseen = false;
  }
}

bool Handover::advance(const Others& others, SwitchAllowed allowed, SteadyTime now) {
  bool changed = acknowledge(allowed.acknowledge);
  for (Entry* entry : moving_) {
    const bool clock_over = entry->clock && *entry->clock <= now && allowed.clocks;
    if (entry->holding == Holding::kTaking && clock_over) {
      own(*entry);
      changed = true;
    } else if (entry->holding == Holding::kLeaving &&
               (let_go(*entry, others.has_applied) ||
                (clock_over && std::ranges::any_of(entry->owners, others.is_alive)))) {
      leave(*entry, now + options_.linger);
      changed = true;
    }
  }
  return drop(now) > 0 || changed;
}

std::size_t Handover::drop(SteadyTime now) {
  std::vector<std::string> over;
  for (const Entry* entry : moving_) {
    if (entry->drop && *entry->drop <= now) over.push_back(entry->target.key);
  }
  std::erase_if(moving_, [now](const Entry* entry) {
    return entry->rests() || (entry->drop && *entry->drop <= now);
  });
  for (const std::string& key : over) entries_.erase(key);
  return over.size();
}

// Everybody to whom one of the rings gave the target says that it scrapes its share of that ring.
bool Handover::let_go(const Entry& entry, const HasApplied& has_applied) {
  return std::ranges::any_of(entry.offers, [&](const Offer& offer) {
    return !offer.owners.empty() &&
           std::ranges::all_of(offer.owners, [&](const std::string& owner) {
             return has_applied(owner, offer.ring);
           });
  });
}

bool Handover::acknowledge(bool allowed) {
  if (applied_ == ring_) return false;
  // With nothing to take there is nothing to wait for, and nobody waits for us.
  if (wants_scrapes() || (taking_unclocked() && !allowed)) return false;
  applied_ = ring_;
  for (Entry* entry : moving_) {
    if (entry->holding == Holding::kTaking && !entry->clock) own(*entry);
  }
  return true;
}

std::optional<SteadyTime> Handover::deadline(SteadyTime now) const {
  std::optional<SteadyTime> next;
  for (const Entry* entry : moving_) {
    for (const auto& when : {entry->clock, entry->drop}) {
      if (when && *when > now && (!next || *when < *next)) next = when;
    }
  }
  return next;
}

bool Handover::clock_over(SteadyTime now) const {
  return std::ranges::any_of(
      moving_, [now](const Entry* entry) { return entry->clock && *entry->clock <= now; });
}

bool Handover::taking() const {
  return std::ranges::any_of(moving_,
                             [](const Entry* entry) { return entry->holding == Holding::kTaking; });
}

bool Handover::taking_unclocked() const {
  return std::ranges::any_of(moving_, [](const Entry* entry) {
    return entry->holding == Holding::kTaking && !entry->clock;
  });
}

bool Handover::wants_scrapes() const {
  return std::ranges::any_of(moving_, &Entry::unseen);
}

void Handover::adopt(std::span<const Target* const> targets) {
  for (const Target* target : targets) entries_[target->key] = Entry{.target = *target};
  find_moving();
}

std::vector<const Target*> Handover::file() const {
  std::vector<const Target*> result;
  result.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) result.push_back(&entry.target);
  return result;
}

std::vector<const Target*> Handover::counted_targets() const {
  std::vector<const Target*> result;
  for (const auto& [key, entry] : entries_) {
    if (entry.counts()) result.push_back(&entry.target);
  }
  return result;
}

std::size_t Handover::counted_size() const {
  const auto foreign = std::ranges::count_if(moving_, std::not_fn(&Entry::counts));
  return entries_.size() - static_cast<std::size_t>(foreign);
}

std::set<std::string> Handover::counted() const {
  std::set<std::string> result;
  for (const Target* target : counted_targets()) result.insert(target->address);
  return result;
}

std::set<std::string> Handover::foreign() const {
  std::set<std::string> result;
  for (const Entry* entry : moving_) {
    if (!entry->counts()) result.insert(entry->target.address);
  }
  if (result.empty()) return result;
  // Under another key the same address may be counted.
  for (const auto& [key, entry] : entries_) {
    if (entry.counts()) result.erase(entry.target.address);
  }
  return result;
}

std::size_t Handover::moving() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      moving_, [](const Entry* entry) { return entry->holding != Holding::kOwned; }));
}

std::vector<std::string> Handover::moving_addresses(std::size_t most) const {
  std::set<std::string_view> addresses;
  for (const Entry* entry : moving_) {
    if (entry->holding != Holding::kOwned) addresses.insert(entry->target.address);
  }
  std::vector<std::string> result;
  for (const std::string_view address : addresses) {
    if (result.size() == most) break;
    result.emplace_back(address);
  }
  return result;
}

}  // namespace promster
