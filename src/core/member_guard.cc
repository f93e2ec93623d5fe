#include "core/member_guard.h"

#include <algorithm>

namespace promster {
namespace {

constexpr Duration kKeepAtLeast = std::chrono::seconds(30);
constexpr Duration kKeepOfMany = std::chrono::seconds(60);
constexpr Duration kMany = std::chrono::seconds(10);
// Two probes of 2 s; where many are in question, each has to wait for its turn (ten a second).
constexpr Duration kFirstProbe = std::chrono::seconds(4);
constexpr Duration kTurn = std::chrono::milliseconds(200);

constexpr std::size_t kToggles = 3;
constexpr Duration kTogglesWithin = std::chrono::minutes(5);
constexpr Duration kQuiet = std::chrono::seconds(60);
constexpr Duration kQuietAtMost = std::chrono::minutes(10);

Duration quiet_time(int dampings) {
  return std::min<Duration>(kQuietAtMost, kQuiet * (1 << std::clamp(dampings - 1, 0, 10)));
}

}  // namespace

void MemberGuard::vanished(const std::string& name, bool draining, SteadyTime now) {
  present_.erase(name);
  if (damped(name)) {
    damp(flapping_[name], now);
    return;
  }
  if (draining) {
    suspects_.erase(name);
    flapping_.erase(name);  // who goes in good order is no trouble
    return;
  }
  if (!options_.enabled) {
    drop(name, now);
    return;
  }
  lately_[name] = now;
  const Duration keep = std::max<Duration>(2 * options_.ttl, kKeepAtLeast);
  suspects_.try_emplace(name, Suspect{.since = now, .until = now + keep});
  extend_if_many(now);
}

void MemberGuard::extend_if_many(SteadyTime now) {
  std::erase_if(lately_, [now](const auto& one) { return one.second + kMany < now; });
  if (2 * lately_.size() <= present_.size() + lately_.size()) return;
  for (auto& [name, suspect] : suspects_) {
    if (!lately_.contains(name)) continue;
    suspect.until = std::max<SteadyTime>(suspect.until, suspect.since + kKeepOfMany);
  }
}

void MemberGuard::appeared(const std::string& name, SteadyTime now) {
  if (!present_.insert(name).second) return;
  lately_.erase(name);
  if (suspects_.erase(name) > 0) return;
  const auto flapping = flapping_.find(name);
  if (flapping == flapping_.end()) return;
  if (flapping->second.until) {
    damp(flapping->second, now);
  } else {
    toggle(flapping->second, now);
  }
}

void MemberGuard::probed(const std::string& name, bool answers, SteadyTime now) {
  const auto found = suspects_.find(name);
  if (found == suspects_.end()) return;
  if (answers) {
    found->second.answered = true;
  } else {
    drop(name, now);
  }
}

// Out of the ring, unannounced.
void MemberGuard::drop(const std::string& name, SteadyTime now) {
  suspects_.erase(name);
  if (options_.damping) toggle(flapping_[name], now);
}

void MemberGuard::toggle(Flapping& flapping, SteadyTime now) const {
  flapping.last = now;
  flapping.toggles.push_back(now);
  while (flapping.toggles.front() + kTogglesWithin < now) flapping.toggles.pop_front();
  if (flapping.toggles.size() < kToggles) return;
  ++flapping.dampings;
  flapping.toggles.clear();
  damp(flapping, now);
}

// Each change of its key starts the quiet time anew.
void MemberGuard::damp(Flapping& flapping, SteadyTime now) {
  flapping.last = now;
  flapping.until = now + quiet_time(flapping.dampings);
}

bool MemberGuard::damped(const std::string& name) const {
  const auto found = flapping_.find(name);
  return found != flapping_.end() && found->second.until.has_value();
}

std::set<std::string> MemberGuard::kept() const {
  std::set<std::string> names;
  for (const auto& [name, suspect] : suspects_) names.insert(name);
  return names;
}

std::set<std::string> MemberGuard::absent() const {
  std::set<std::string> names;
  for (const auto& [name, flapping] : flapping_) {
    if (flapping.until && present_.contains(name)) names.insert(name);
  }
  return names;
}

SteadyTime MemberGuard::end_of(const Suspect& suspect) const {
  if (suspect.answered) return suspect.until;
  return std::min<SteadyTime>(suspect.until,
                              suspect.since + kFirstProbe + suspects_.size() * kTurn);
}

bool MemberGuard::expire(SteadyTime now) {
  std::set<std::string> over;
  for (const auto& [name, suspect] : suspects_) {
    if (end_of(suspect) <= now) over.insert(name);
  }
  for (const std::string& name : over) drop(name, now);
  const bool back = expire_damping(now);
  return back || !over.empty();
}

// Who was quiet for long is forgotten altogether.
bool MemberGuard::expire_damping(SteadyTime now) {
  bool back = false;
  for (auto& [name, flapping] : flapping_) {
    if (!flapping.until || *flapping.until > now) continue;
    flapping.until.reset();
    back = back || present_.contains(name);
  }
  std::erase_if(flapping_, [now](const auto& item) {
    return !item.second.until && item.second.last + 2 * kQuietAtMost <= now;
  });
  return back;
}

std::optional<SteadyTime> MemberGuard::deadline() const {
  std::optional<SteadyTime> next;
  const auto consider = [&next](SteadyTime when) {
    if (!next || when < *next) next = when;
  };
  for (const auto& [name, suspect] : suspects_) consider(end_of(suspect));
  for (const auto& [name, flapping] : flapping_) {
    if (flapping.until) consider(*flapping.until);
  }
  return next;
}

}  // namespace promster
