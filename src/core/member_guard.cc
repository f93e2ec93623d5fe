#include "core/member_guard.h"

#include <algorithm>
#include <utility>

namespace promster {
namespace {

constexpr Duration kKeepAtLeast = std::chrono::seconds(30);
constexpr Duration kKeepOfMany = std::chrono::seconds(60);
constexpr Duration kMany = std::chrono::seconds(10);
// Two probes of 2 s; where many are in question, each has to wait for its turn (ten a second).
constexpr Duration kFirstProbe = std::chrono::seconds(4);
constexpr Duration kTurn = std::chrono::milliseconds(200);

}  // namespace

void MemberGuard::vanished(const std::string& name, bool draining, SteadyTime now) {
  present_.erase(name);
  if (draining || !options_.enabled) {
    suspects_.erase(name);
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

void MemberGuard::appeared(const std::string& name) {
  if (!present_.insert(name).second) return;
  lately_.erase(name);
  suspects_.erase(name);
}

bool MemberGuard::probed(const std::string& name, bool answers) {
  const auto found = suspects_.find(name);
  if (found == suspects_.end()) return false;
  if (answers) return !std::exchange(found->second.answered, true);
  suspects_.erase(found);
  return true;
}

std::set<std::string> MemberGuard::kept() const {
  std::set<std::string> names;
  for (const auto& [name, suspect] : suspects_) names.insert(name);
  return names;
}

std::vector<MemberGuard::Kept> MemberGuard::kept_members() const {
  std::vector<Kept> members;
  for (const auto& [name, suspect] : suspects_) {
    members.push_back({.name = name,
                       .since = suspect.since,
                       .until = end_of(suspect),
                       .answered = suspect.answered});
  }
  return members;
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
  for (const std::string& name : over) suspects_.erase(name);
  return !over.empty();
}

std::optional<SteadyTime> MemberGuard::deadline() const {
  std::optional<SteadyTime> next;
  for (const auto& [name, suspect] : suspects_) {
    if (const SteadyTime end = end_of(suspect); !next || end < *next) next = end;
  }
  return next;
}

}  // namespace promster
